import { podTemplate } from './support';

const LABELS = { 'app.kubernetes.io/name': 'app', 'app.kubernetes.io/instance': 'shop' };

/** The labels of the pods of every workload here. */
export const labels = LABELS;

/** An object of the namespace `shop`. */
export function object(apiVersion: string, kind: string, name: string, rest: object = {}, metadata: object = {}): object {
  return { apiVersion, kind, metadata: { name, namespace: 'shop', ...metadata }, ...rest };
}

export function configMap(name: string, data: object = {}): object {
  return object('v1', 'ConfigMap', name, { data });
}

export function service(name: string, spec: object = {}, metadata: object = {}): object {
  return object('v1', 'Service', name, { spec: { selector: LABELS, ports: [{ port: 80 }], ...spec } }, metadata);
}

/** A StatefulSet with a claim, which its container mounts. */
export function statefulSet(container: object = {}, spec: object = {}, pod: object = {}): object {
  return object('apps/v1', 'StatefulSet', 'db', {
    spec: {
      replicas: 1,
      serviceName: '',
      selector: { matchLabels: LABELS },
      template: podTemplate({ volumeMounts: [{ name: 'data', mountPath: '/data' }], ...container }, pod),
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } }],
      ...spec,
    },
  });
}

export function budget(name: string, spec: object = {}): object {
  return object('policy/v1', 'PodDisruptionBudget', name, { spec: { maxUnavailable: 1, selector: { matchLabels: LABELS }, ...spec } });
}

export function networkPolicy(name: string, spec: object = {}): object {
  return object('networking.k8s.io/v1', 'NetworkPolicy', name, {
    spec: { podSelector: { matchLabels: LABELS }, policyTypes: ['Ingress', 'Egress'], ...spec },
  });
}

export function autoscaler(spec: object): object {
  return object('autoscaling/v2', 'HorizontalPodAutoscaler', 'app', {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'app' }, ...spec },
  });
}

import * as fc from 'fast-check';
import { manifestsOf } from '../../lib/checks/check';
import { AVAILABILITY_RULES } from '../../lib/checks/rules/availability';
import { REFERENCE_RULES } from '../../lib/checks/rules/references';
import { RESOURCE_RULES } from '../../lib/checks/rules/resources';
import { settingsOf } from '../../lib/checks/settings';
import { autoscaler, budget, configMap, labels, networkPolicy, object, service, statefulSet } from './objects';
import { deployment, replaced } from './support';

const probe = { httpGet: { port: 'http' }, periodSeconds: 1 };
const endpoint = { port: 'http', basicAuth: { password: { name: 'a', key: 'b' } }, tlsConfig: { ca: { secret: { name: 'a' } } } };
const rules = [
  { backendRefs: [{ name: 'web', port: 80 }], http: { paths: [{ backend: { service: { name: 'web', port: { name: 'x' } } } }] } },
];

/** One of each kind that a rule looks into, with each field that it looks at. */
const SEED: readonly object[] = [
  deployment(
    {
      image: 'postgres:1',
      ports: [{ name: 'http', containerPort: 5432 }],
      livenessProbe: probe,
      readinessProbe: probe,
      args: ['--secret-name=a'],
    },
    {
      volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'a', items: [{ key: 'k' }] } }] } }, { csi: {} }, { emptyDir: {} }],
      topologySpreadConstraints: [{ labelSelector: { matchLabels: labels } }],
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: { labelSelector: {} } }] } },
      terminationGracePeriodSeconds: 1,
    },
  ),
  statefulSet({ image: 'etcd', env: [{ name: 'MNODES', value: '2' }] }, { replicas: 2, serviceName: 'web' }),
  service('web', { type: 'ClusterIP', clusterIP: 'None', ports: [{ name: 'x', port: 80, targetPort: 'http' }] }, { labels }),
  service('alone', { selector: {} }),
  configMap('c', { a: '' }),
  budget('a', { selector: { matchLabels: labels, matchExpressions: [{ key: 'k', operator: 'In', values: ['v'] }] } }),
  budget('b', { minAvailable: '50%' }),
  networkPolicy('n', { egress: [] }),
  autoscaler({ minReplicas: 1, maxReplicas: 2, metrics: [{ resource: { target: { averageValue: '1000m' } } }] }),
  object('networking.k8s.io/v1', 'Ingress', 'i', {
    spec: { rules, tls: [{ secretName: 't' }], defaultBackend: { service: { name: 'web' } } },
  }),
  object('gateway.networking.k8s.io/v1', 'TCPRoute', 'r', { spec: { rules } }),
  object('gateway.networking.k8s.io/v1', 'Gateway', 'g', { spec: { listeners: [{ tls: { certificateRefs: [{ name: 'a' }] } }] } }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'b', {
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'a' }],
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'r', {
    rules: [{ resources: ['endpoints', 'secrets'], resourceNames: ['alone'], verbs: ['patch', 'create'] }],
  }),
  object('monitoring.coreos.com/v1', 'ServiceMonitor', 'm', {
    spec: { endpoints: [endpoint], selector: {}, namespaceSelector: { matchNames: ['shop'] } },
  }),
  object('monitoring.coreos.com/v1', 'PodMonitor', 'm', { spec: { podMetricsEndpoints: [endpoint], selector: { matchLabels: labels } } }),
  object('external-secrets.io/v1', 'ExternalSecret', 'e', { spec: { target: { name: 'a' }, data: [{ secretKey: 'k' }] } }),
  object('bitnami.com/v1alpha1', 'SealedSecret', 's', { spec: { encryptedData: { a: '' }, template: { data: {} } } }),
  object('keda.sh/v1alpha1', 'ScaledObject', 's', { spec: { scaleTargetRef: { name: 'app' } } }),
  object('discovery.k8s.io/v1', 'EndpointSlice', 's', {}, { labels: { 'kubernetes.io/service-name': 'x' } }),
  object('v1', 'LimitRange', 'l', { spec: { limits: [{ type: 'Container', default: { cpu: '1' } }] } }),
  object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'w', {
    webhooks: [{ clientConfig: { service: { name: 'web' } } }],
  }),
  object('argoproj.io/v1alpha1', 'Rollout', 'o', { spec: { template: { metadata: { labels }, spec: { containers: [{}] } } } }),
];

/** All of them with anything at all in the place of one value. */
const broken = fc.tuple(fc.nat(), fc.anything()).map(([seed, value]) => {
  return replaced(SEED as object[], seed, value);
});

const settings = settingsOf({});

test('nothing in the place of any value makes a rule throw', () => {
  const run = (objects: readonly object[]) => {
    const manifests = manifestsOf(objects, settings);
    return [...REFERENCE_RULES, ...RESOURCE_RULES, ...AVAILABILITY_RULES].flatMap((rule) => [...rule.find(manifests, settings)]);
  };
  expect(run(SEED).length).toBeGreaterThan(10);
  fc.assert(
    fc.property(broken, (objects) => run(objects).every(({ message, fix }) => message !== '' && fix !== '')),
    { numRuns: 200 },
  );
});

import { type CheckOptions, checkManifests, type Finding } from '../../../lib/checks';

/** What the schema rules find. */
export function found(object: unknown, options: CheckOptions = {}): Finding[] {
  return checkManifests([object], options).filter(({ rule }) => rule.startsWith('SCH-'));
}

/** The same in short: `SCH-1 error spec.replicas`. */
export function short(object: unknown, options: CheckOptions = {}): string[] {
  return found(object, options).map(({ rule, severity, field }) => `${rule} ${severity} ${field}`);
}

/** A StatefulSet that nothing is wrong with, but for what a test changes. */
export function statefulSet(change: (set: Changeable) => void = () => {}): object {
  const labels = { app: 'orders' };
  const set: Changeable = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'orders', namespace: 'shop', labels: { ...labels } },
    spec: {
      serviceName: 'orders',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: { ...labels } },
      template: {
        metadata: { labels: { ...labels } },
        spec: {
          containers: [
            {
              name: 'app',
              image: 'app:1',
              imagePullPolicy: 'IfNotPresent',
              env: [{ name: 'A', value: 'b' }],
              ports: [{ name: 'http', containerPort: 80 }],
              resources: { requests: { cpu: '100m', memory: '10Gi' } },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      ],
    },
  };
  change(set);
  return set;
}

// biome-ignore lint/suspicious/noExplicitAny: tests write what the types forbid
export type Changeable = any;

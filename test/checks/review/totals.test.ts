import { totals } from '../../../lib/checks/review/totals';
import type { Json } from '../../support';
import { claimTemplate, deployment, manifests, object, statefulSet, template } from './support';

const totalOf = (...objects: Json[]) => totals(manifests([]), manifests(objects)).after;
const asks = (cpu: unknown, memory: unknown) => ({ resources: { requests: { cpu, memory } } });
const NOTHING = { pods: { cpu: 0, memory: 0 }, perNode: { cpu: 0, memory: 0 }, jobs: { cpu: 0, memory: 0 }, storage: 0 };

test('an empty tree asks for nothing', () => {
  expect(totalOf()).toEqual(NOTHING);
});

test.each<[string, Json[], object]>([
  [
    'replicas times requests',
    [deployment({ spec: { replicas: 3 } }, template(asks('500m', '1Gi')))],
    { pods: { cpu: 1.5, memory: 3 * 2 ** 30 } },
  ],
  [
    'limits where there are no requests',
    [deployment({}, template({ resources: { limits: { cpu: 1 } } }))],
    { pods: { cpu: 2, memory: 0 } },
  ],
  ['of pods as a whole', [deployment({}, template(asks(1, 0), { resources: { requests: { cpu: 3 } } }))], { pods: { cpu: 6, memory: 0 } }],
  [
    'an init container that wants more',
    [deployment({}, template(asks(1, 0), { initContainers: [{ name: 'i', ...asks(4, 0) }] }))],
    { pods: { cpu: 8, memory: 0 } },
  ],
  [
    'a sidecar, which goes on',
    [
      deployment(
        {},
        template(asks(1, 0), {
          initContainers: [
            { name: 's', restartPolicy: 'Always', ...asks(1, 0) },
            { name: 'i', ...asks(2, 0) },
          ],
        }),
      ),
    ],
    { pods: { cpu: 6, memory: 0 } },
  ],
  ['overhead', [deployment({}, template(asks(1, 0), { overhead: { cpu: '250m' } }))], { pods: { cpu: 2.5, memory: 0 } }],
  [
    'the least that an autoscaler leaves',
    [
      deployment({ spec: { replicas: undefined } }, template(asks(1, 0))),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'x', {
        spec: { minReplicas: 4, scaleTargetRef: { kind: 'Deployment', name: 'orders' } },
      }),
    ],
    { pods: { cpu: 4, memory: 0 } },
  ],
  ['a Pod', [object('v1', 'Pod', 'a', { spec: template(asks(1, 0)).spec })], { pods: { cpu: 1, memory: 0 } }],
  ['DaemonSets, on each node', [deployment({ kind: 'DaemonSet' }, template(asks(1, 0)))], { perNode: { cpu: 1, memory: 0 } }],
  [
    'Jobs and CronJobs',
    [
      object('batch/v1', 'Job', 'a', { spec: { parallelism: 2, template: template(asks(1, 0)) } }),
      object('batch/v1', 'CronJob', 'a', { spec: { jobTemplate: { spec: { template: template(asks(1, 0)) } } } }),
    ],
    { jobs: { cpu: 3, memory: 0 } },
  ],
  ['claims', [object('v1', 'PersistentVolumeClaim', 'a', { spec: claimTemplate('a', '5Gi').spec })], { storage: 5 * 2 ** 30 }],
])('%s', (_, objects, expected) => {
  expect(totalOf(...objects)).toEqual({ ...NOTHING, ...expected });
});

test('a claim that is written beside the template it would come from counts once', () => {
  const claim = (name: string) => object('v1', 'PersistentVolumeClaim', name, { spec: claimTemplate('a', '10Gi').spec });
  expect(totalOf(statefulSet(), claim('data-orders-0'), claim('data-orders-x')).storage).toBe(40 * 2 ** 30);
});

test('an autoscaler of another namespace, or of another workload, is not its own', () => {
  const scaler = (namespace: string, name: string) =>
    object('autoscaling/v2', 'HorizontalPodAutoscaler', `x-${name}`, {
      metadata: { namespace },
      spec: { minReplicas: 4, scaleTargetRef: { kind: 'Deployment', name } },
    });
  const pods = deployment({ spec: { replicas: undefined } }, template(asks(1, 0)));
  expect(totalOf(pods, scaler('x', 'orders'), scaler('shop', 'other')).pods.cpu).toBe(1);
});

import { workloadChanges } from '../../../lib/checks/review/workloads';
import type { Json } from '../../support';
import { comparison, configMap, deployment, merged, object, service, statefulSet, template } from './support';

const changes = (before: Json[], after: Json[]) => workloadChanges(comparison(before, after));
const only = (before: Json[], after: Json[]) => {
  const all = changes(before, after);
  expect(all).toHaveLength(1);
  return all[0];
};
const image = (tag: string, spec: object = {}, container: object = {}) => template({ image: `example/app:${tag}`, ...container }, spec);
const ready = { readinessProbe: { httpGet: { port: 80 } } };

describe('a StatefulSet', () => {
  const update = (spec: object, pod: (tag: string) => Json = image) =>
    only([statefulSet({ spec }, pod('1'))], [statefulSet({ spec }, pod('2'))]);

  test('restarts the highest first, one at a time', () => {
    expect(update({})).toMatchObject({
      risk: 'risky',
      restarts: 'rolling',
      pods: ['orders-2', 'orders-1', 'orders-0'],
      how: ['orders-2, orders-1 and orders-0 restart in this order, each when the one before is ready'],
      because: ['image of app: example/app:1 → example/app:2'],
      users: [expect.stringContaining('each pod is away')],
    });
  });

  test.each<[string, object, string[], string]>([
    [
      'a partition',
      { updateStrategy: { rollingUpdate: { partition: 2 } } },
      ['orders-2'],
      'orders-2 restarts; partition 2 holds back 2 pods',
    ],
    ['a partition over all', { updateStrategy: { rollingUpdate: { partition: 3 } } }, [], 'partition 3 holds every pod back'],
    [
      'OnDelete',
      { updateStrategy: { type: 'OnDelete' } },
      [],
      'no pod restarts until it is deleted, e.g. `kubectl delete pod orders-2 -n shop`',
    ],
    ['Parallel, which is for scaling only', { podManagementPolicy: 'Parallel' }, ['orders-2', 'orders-1', 'orders-0'], 'in this order'],
    ['minReadySeconds', { minReadySeconds: 30 }, ['orders-2', 'orders-1', 'orders-0'], 'is ready for 30 s'],
    [
      'maxUnavailable',
      { updateStrategy: { rollingUpdate: { maxUnavailable: 2 } } },
      ['orders-2', 'orders-1', 'orders-0'],
      'up to 2 at a time where the cluster has',
    ],
    ['another first number', { replicas: 2, ordinals: { start: 5 } }, ['orders-6', 'orders-5'], 'orders-6 and orders-5 restart'],
    ['no pods', { replicas: 0 }, [], 'no pod runs'],
  ])('with %s', (_, spec, pods, how) => {
    expect(update(spec)).toMatchObject({ pods, how: [expect.stringContaining(how)] });
  });

  test('that shrinks too restarts those that stay', () => {
    const change = only([statefulSet({ spec: { replicas: 5 } }, image('1'))], [statefulSet({ spec: { replicas: 2 } }, image('2'))]);
    expect(change).toMatchObject({ pods: ['orders-1', 'orders-0'], go: ['orders-4', 'orders-3', 'orders-2'] });
  });

  test('says how long a pod may take to stop, where that is long', () => {
    expect(update({}, (tag) => image(tag, { terminationGracePeriodSeconds: 600 }))?.how[0]).toContain('a pod may take up to 600 s to stop');
  });

  test('of one pod is away', () => {
    expect(update({ replicas: 1 })?.users).toEqual([
      'orders is not available from the stop of orders-0 until it is ready again: there is no other pod',
    ]);
  });

  test.each<[string, object, object, string]>([
    ['Patroni by its environment', { env: [{ name: 'PATRONI_SCOPE', value: 'x' }] }, {}, 'Patroni makes another member the leader'],
    ['Patroni by its label', {}, { labels: { app: 'orders', application: 'spilo' } }, 'Patroni makes another member the leader'],
    [
      'HaPostgres',
      {},
      {
        labels: {
          app: 'orders',
          application: 'patroni',
          'app.kubernetes.io/managed-by': 'cdk8s-stateful',
          'app.kubernetes.io/name': 'ha-postgres',
        },
      },
      'writes wait about 2.7 s',
    ],
  ])('%s fails over', (_, container, metadata, users) => {
    const labels = { metadata: { labels: (metadata as Json).labels } };
    const set = (tag: string) => statefulSet(labels, template({ image: `a:${tag}`, ...container }, {}, metadata));
    expect(only([set('1')], [set('2')])?.users).toEqual([expect.stringContaining(users)]);
  });

  test('Patroni is found by its configuration too, another database by its image', () => {
    const config = object('v1', 'ConfigMap', 'p', { data: { 'patroni.yaml': 'scope: orders\n' } });
    const set = (tag: string) => statefulSet({}, image(tag, { volumes: [{ name: 'p', configMap: { name: 'p' } }] }));
    expect(only([config, set('1')], [config, set('2')])?.users[0]).toContain('Patroni');
    expect(update({}, (tag) => template({ image: `docker.io/library/mongo:${tag}` }))?.users[0]).toContain('the pod of MongoDB that leads');
  });

  test.each<[string, object, object, object]>([
    [
      'grows',
      { replicas: 3 },
      { replicas: 5 },
      {
        risk: 'safe',
        come: ['orders-3', 'orders-4'],
        go: [],
        how: [expect.stringContaining('orders-3 and orders-4 come, one after the other, with claims data of their own')],
      },
    ],
    [
      'grows in parallel',
      { replicas: 3, podManagementPolicy: 'Parallel' },
      { replicas: 5, podManagementPolicy: 'Parallel' },
      { how: [expect.stringContaining('come, at the same time')] },
    ],
    [
      'shrinks',
      { replicas: 5 },
      { replicas: 3 },
      { risk: 'risky', come: [], go: ['orders-4', 'orders-3'], how: ['orders-4 and orders-3 go, in this order; their claims stay'] },
    ],
    [
      'shrinks with its claims',
      { replicas: 5, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } },
      { replicas: 4, persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } },
      { how: ['orders-4 goes; its claims are deleted'] },
    ],
    ['goes to zero', { replicas: 1 }, { replicas: 0 }, { risk: 'risky', users: ['orders is not available: no pod is left'] }],
    ['counts from another number', { replicas: 2 }, { replicas: 2, ordinals: { start: 1 } }, { come: ['orders-2'], go: ['orders-0'] }],
  ])('that %s', (_, before, after, expected) => {
    expect(only([statefulSet({ spec: before })], [statefulSet({ spec: after })])).toMatchObject({ restarts: 'none', ...expected });
  });

  test('that is renamed is one that goes', () => {
    expect(only([statefulSet()], [statefulSet({}, undefined, 'other')])).toMatchObject({
      risk: 'risky',
      object: 'StatefulSet shop/orders',
      how: [expect.stringContaining('it becomes StatefulSet shop/other')],
      users: ['its 3 pods go'],
    });
  });
});

describe('a Deployment', () => {
  const update = (spec: object, pod: (tag: string) => Json = image, others: Json[] = [service()]) =>
    only([deployment({ spec }, pod('1')), ...others], [deployment({ spec }, pod('2')), ...others]);

  test.each<[string, object, string]>([
    ['the usual shares', { replicas: 4 }, '4 pods are replaced, with up to 1 more and up to 1 fewer at a time'],
    ['one pod', { replicas: 1 }, '1 pod is replaced, with up to 1 more at a time'],
    ['numbers', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 2 } } }, '2 pods are replaced, with up to 2 fewer at a time'],
    ['neither', { strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: '1%' } } }, 'with up to 1 fewer at a time'],
    ['Recreate', { strategy: { type: 'Recreate' } }, '2 pods stop before the new ones start (Recreate)'],
    ['a pause', { paused: true }, 'it is paused: no pod restarts until it is resumed'],
    ['no pods', { replicas: 0 }, 'no pod runs'],
  ])('with %s', (_, spec, how) => {
    expect(update(spec)?.how).toEqual([expect.stringContaining(how)]);
  });

  test.each<[string, object, object, Json[], string, string]>([
    ['a readiness probe', {}, ready, [service()], 'safe', 'nothing: behind Service orders a new pod is ready before an old one stops'],
    ['no readiness probe', {}, {}, [service()], 'risky', 'without a readiness probe'],
    ['no Service', {}, {}, [], 'safe', 'no Service sends requests to it'],
    ['a Service in another namespace', {}, {}, [service({ metadata: { namespace: 'x' } })], 'safe', 'no Service'],
    ['a Service without a selector', {}, {}, [service({ spec: { selector: undefined } })], 'safe', 'no Service'],
    [
      'all that may be away',
      { replicas: 1, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
      ready,
      [service()],
      'risky',
      'orders is not available until a new pod is ready',
    ],
    [
      'Recreate',
      { strategy: { type: 'Recreate' } },
      ready,
      [service()],
      'risky',
      'orders is not available from the stop of the old pods until the new ones are ready',
    ],
  ])('with %s', (_, spec, container, others, risk, users) => {
    expect(update(spec, (tag) => image(tag, {}, container), others)).toMatchObject({ risk, users: [expect.stringContaining(users)] });
  });

  test('whose volume one node can have at a time hangs', () => {
    const claim = object('v1', 'PersistentVolumeClaim', 'files', { spec: { accessModes: ['ReadWriteOnce'] } });
    const pod = (tag: string) => image(tag, { volumes: [{ name: 'f', persistentVolumeClaim: { claimName: 'files' } }] });
    expect(update({}, pod, [claim])).toMatchObject({
      risk: 'risky',
      users: [expect.stringContaining('on another node the rollout hangs')],
    });
    expect(update({ strategy: { type: 'Recreate' } }, pod, [claim])?.users[0]).not.toContain('hangs');
  });

  test.each<[string, object, object, object]>([
    ['another number', { replicas: 2 }, { replicas: 4 }, { risk: 'safe', how: ['4 pods instead of 2'] }],
    ['none', { replicas: 2 }, { replicas: 0 }, { risk: 'risky', users: ['orders is not available: no pod is left'] }],
  ])('of %s', (_, before, after, expected) => {
    expect(only([deployment({ spec: before })], [deployment({ spec: after })])).toMatchObject(expected);
  });

  test('whose replicas are handed to an autoscaler falls to one', () => {
    const scaler = object('autoscaling/v2', 'HorizontalPodAutoscaler', 'x', {
      spec: { minReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'orders' } },
    });
    expect(only([deployment({ spec: { replicas: 3 } }), scaler], [deployment({ spec: { replicas: undefined } }), scaler])).toMatchObject({
      risk: 'risky',
      how: [expect.stringContaining('3 become 1')],
    });
    expect(
      changes(
        [deployment({ spec: { replicas: undefined } }), scaler],
        [deployment({ spec: { replicas: undefined, minReadySeconds: 1 } }), scaler],
      ),
    ).toEqual([]);
  });
});

describe('other kinds', () => {
  const daemon = (tag: string, updateStrategy: object) => deployment({ kind: 'DaemonSet', spec: { updateStrategy } }, image(tag));
  test.each<[string, object, string, string]>([
    ['one node after the other', {}, 'per-node', 'its pods restart on one node after the other'],
    ['several', { rollingUpdate: { maxUnavailable: '20%' } }, 'per-node', 'on 20% of the nodes at a time'],
    ['a surge', { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, 'per-node', 'the new pod is ready before the old one stops'],
    ['OnDelete', { type: 'OnDelete' }, 'when-deleted', 'no pod restarts until it is deleted'],
  ])('a DaemonSet: %s', (_, strategy, restarts, how) => {
    expect(only([daemon('1', strategy)], [daemon('2', strategy)])).toMatchObject({ restarts, how: [expect.stringContaining(how)] });
  });

  test('a CronJob changes with its next run', () => {
    const cron = (tag: string) => object('batch/v1', 'CronJob', 'backup', { spec: { jobTemplate: { spec: { template: image(tag) } } } });
    expect(only([cron('1')], [cron('2')])).toMatchObject({
      risk: 'safe',
      restarts: 'next-run',
      because: [expect.stringContaining('image of app')],
    });
    expect(only([cron('1')], [])).toMatchObject({ risk: 'risky', users: ['it no longer runs'] });
  });

  test('a CronJob that is suspended', () => {
    const cron = (suspend?: boolean) =>
      object('batch/v1', 'CronJob', 'backup', { spec: { suspend, jobTemplate: { spec: { template: template() } } } });
    expect(only([cron()], [cron(true)])).toMatchObject({ risk: 'risky', how: ['it is suspended: no further run begins'] });
    expect(only([cron(true)], [cron(false)])).toMatchObject({ risk: 'safe', how: ['it is no longer suspended: it runs again'] });
    expect(changes([cron()], [cron(false)])).toEqual([]);
  });

  test('a Job that is new runs', () => {
    const job = (spec: object) => object('batch/v1', 'Job', 'migrate', { spec: { template: template(), ...spec } });
    expect(only([], [job({})])).toMatchObject({ risk: 'safe', how: ['it is new: it runs once it is applied'] });
    expect(only([], [job({ suspend: true })])).toMatchObject({ how: ['it is new, and waits: it is suspended'] });
  });

  test('a Pod restarts the container', () => {
    const pod = (tag: string) => object('v1', 'Pod', 'a', { spec: image(tag).spec });
    expect(only([pod('1')], [pod('2')])).toMatchObject({ risk: 'risky', restarts: 'in-place' });
  });

  test.each<[string, Json, Json[]]>([
    ['a Job that is gone', object('batch/v1', 'Job', 'a', { spec: { template: template() } }), []],
    ['a Deployment of no pods that is gone', deployment({ spec: { replicas: 0 } }), []],
    ['another label of the object', deployment(), [deployment({ metadata: { labels: { a: 'b' } } })]],
    ['a default that is written', deployment(), [deployment({}, template({ imagePullPolicy: 'IfNotPresent' }))]],
    ['a Deployment that is new', service(), [service(), deployment()]],
  ])('nothing of %s', (_, before, after) => {
    expect(changes([before], after)).toEqual([]);
  });
});

describe('a ConfigMap that changes', () => {
  const [old, next] = [configMap({ a: '1', b: '1' }), configMap({ a: '2', b: '1' })];
  const volume = (extra: object = {}) => ({ volumes: [{ name: 'v', configMap: { name: 'orders-settings', ...extra } }] });
  const mount = (extra: object = {}) => ({ volumeMounts: [{ name: 'v', mountPath: '/etc/app', ...extra }] });
  const through = (pod: Json, after = pod) => changes([old, deployment({}, pod)], [next, deployment({}, after)]);

  test.each<[string, Json, string, string]>([
    [
      'files',
      template(mount(), volume()),
      'safe',
      'its files a of ConfigMap shop/orders-settings follow within a minute or two, without a restart',
    ],
    [
      'subPath',
      template(mount({ subPath: 'a' }), volume()),
      'risky',
      'through subPath, so that they stay as they are until its pods restart (`kubectl rollout restart deployment orders -n shop`)',
    ],
    [
      'a variable',
      template({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'orders-settings', key: 'a' } } }] }),
      'risky',
      'as variables, which stay as they are until its pods restart',
    ],
    ['all variables', template({ envFrom: [{ configMapRef: { name: 'orders-settings' } }] }), 'risky', 'as variables'],
  ])('through %s', (_, pod, risk, how) => {
    expect(through(pod)).toMatchObject([{ risk, restarts: 'none', how: [expect.stringContaining(how)] }]);
  });

  test.each<[string, Json]>([
    ['a volume that nothing mounts', template({}, volume())],
    ['a volume without the key', template(mount(), volume({ items: [{ key: 'b', path: 'b' }] }))],
    [
      'a variable of another key',
      template({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'orders-settings', key: 'b' } } }] }),
    ],
  ])('says nothing of %s', (_, pod) => {
    expect(through(pod)).toEqual([]);
  });

  test.each(['checksum/settings', 'example.com/config-hash'])('a checksum %s is why pods restart', (name) => {
    const pod = (sum: string) => template(mount(), volume(), { annotations: { [name]: sum } });
    expect(through(pod('1'), pod('2'))).toMatchObject([
      { restarts: 'rolling', because: [`annotation ${name}, which is there to restart pods when ConfigMap shop/orders-settings changes`] },
    ]);
  });

  test('a CronJob sees it in its next run', () => {
    const cron = object('batch/v1', 'CronJob', 'x', {
      spec: { jobTemplate: { spec: { template: template({ envFrom: [{ configMapRef: { name: 'orders-settings' } }] }) } } },
    });
    expect(changes([old, cron], [next, cron])).toMatchObject([{ risk: 'safe', how: [expect.stringContaining('the next run sees a')] }]);
  });

  test('of HaPostgres is made true by its agent', () => {
    const labels = {
      ...template().metadata.labels,
      application: 'patroni',
      'app.kubernetes.io/managed-by': 'cdk8s-stateful',
      'app.kubernetes.io/name': 'ha-postgres',
    };
    const set = statefulSet({ metadata: { labels } }, template(mount(), volume(), { labels }));
    const config = (parameters: object, restartWhenPending = false) =>
      configMap({ 'dynamic.json': JSON.stringify({ postgresql: { parameters } }), 'cluster.json': JSON.stringify({ restartWhenPending }) });
    const how = (after: Json, changed: Json = set) =>
      changes([config({ work_mem: '1MB', max_connections: 100 }), set], [after, changed])[0]?.how.at(-1);
    expect(how(config({ work_mem: '2MB', max_connections: 100 }))).toBe('work_mem: in force within seconds, without a restart');
    expect(how(config({ work_mem: '1MB', max_connections: 200 }))).toContain(
      'max_connections: waits for a restart of PostgreSQL, which `patronictl restart` does',
    );
    expect(how(config({ work_mem: '1MB' }, true))).toContain('the agent restarts PostgreSQL in one member after the other');
    expect(changes([config({}), set], [config({ wal_level: 'logical' }, true), set])).toMatchObject([{ risk: 'risky' }]);
    expect(changes([config({}), set], [config({ wal_level: 'logical' }), set])).toMatchObject([{ risk: 'safe' }]);
    const restarted = merged(set, { spec: { template: { spec: { terminationGracePeriodSeconds: 60 } } } });
    expect(how(config({ max_connections: 200, work_mem: '1MB' }), restarted)).toContain(
      'max_connections: in force in each member from its restart on',
    );
    expect(how(configMap({ 'dynamic.json': 'no JSON', 'cluster.json': '[]' }))).toContain('in force within seconds');
  });
});

test('why pods restart: bounded, and images of several containers once', () => {
  const pod = (tag: string) =>
    template(
      {},
      {
        containers: ['a', 'b'].map((name) => ({
          name,
          image: `x:${tag}`,
          env: Array.from({ length: 10 }, (_, index) => ({ name: `E${index}`, value: tag })),
        })),
      },
    );
  const because = only([deployment({}, pod('1'))], [deployment({}, pod('2'))])?.because ?? [];
  expect(because).toHaveLength(7);
  expect(because[0]).toBe('image of a and b: x:1 → x:2');
  expect(because[1]).toBe('containers[a].env[E0].value: 1 → 2');
  expect(because[6]).toBe('15 more changes of the pod template');
});

test('an object that is refused changes nothing before that is solved', () => {
  const change = comparison([statefulSet({}, image('1'))], [statefulSet({}, image('2'))]);
  expect(workloadChanges(change, new Set(['StatefulSet shop/orders']))[0]?.how[0]).toContain('while the object is refused');
});

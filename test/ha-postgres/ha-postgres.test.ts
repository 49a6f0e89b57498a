import { ApiObject, App, Chart, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { HaPostgres, Image, type IPostgres, warningsOf } from '../../lib';
import {
  chartWith,
  emptyChart,
  type Json,
  login,
  minimalBackups,
  minimalProps,
  namesOf,
  objectOf,
  objectsOf,
  outcomeOf,
  postgresIn,
} from '../support';

const SELECTOR = {
  'app.kubernetes.io/name': 'ha-postgres',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'database',
};

/** A change in here is a major version: names and selectors of what is installed can never change. */
describe('identity is stable', () => {
  const common = [
    ['ServiceAccount', 'ServiceAccount/orders'],
    ['Role', 'Role/orders-patroni'],
    ['RoleBinding', 'RoleBinding/orders-patroni'],
    ['PatroniConfig', 'ConfigMap/orders-patroni'],
    ['Scripts', 'ConfigMap/orders-scripts'],
    ['PrimaryService', 'Service/orders'],
    ['ReplicaService', 'Service/orders-replica'],
    ['PodsService', 'Service/orders-pods'],
  ];
  const guards = [
    ['ConfigGuard', 'Service/orders-config'],
    ['FailoverGuard', 'Service/orders-failover'],
    ['SyncGuard', 'Service/orders-sync'],
  ];
  const rest = [
    ['StatefulSet', 'StatefulSet/orders'],
    ['DisruptionBudget', 'PodDisruptionBudget/orders'],
    ['BootstrapBudget', 'PodDisruptionBudget/orders-bootstrap'],
    ['NetworkPolicy', 'NetworkPolicy/orders'],
  ];

  test.each([
    ['endpoints', [...common, ...guards, ...rest]],
    ['configMaps', [...common, ...rest]],
  ] as const)('ids, kinds and names with dcs %s', (dcs, expected) => {
    const postgres = postgresIn(emptyChart(), { dcs });
    const made = postgres.node.children.map((c) => [c.node.id, `${ApiObject.of(c).kind}/${ApiObject.of(c).name}`]);
    expect(made).toEqual(expected);
  });

  test('ids, kinds and names of backups', () => {
    const drill = { storage: { size: Size.gibibytes(50) } };
    const { backups } = postgresIn(emptyChart(), { backups: { ...minimalBackups(), drill } });
    expect(backups?.node.id).toBe('Backups');
    expect(backups?.node.children.map((c) => [c.node.id, `${ApiObject.of(c).kind}/${ApiObject.of(c).name}`])).toEqual([
      ['Config', 'ConfigMap/orders-pgbackrest'],
      ['Full', 'CronJob/orders-backup-full'],
      ['Incremental', 'CronJob/orders-backup-incr'],
      ['Verification', 'CronJob/orders-verify'],
      ['Drill', 'CronJob/orders-drill'],
      ['NetworkPolicy', 'NetworkPolicy/orders-pgbackrest'],
    ]);
  });

  test('names follow the name, and that the id', () => {
    expect(namesOf(chartWith({ name: 'db' }))).toEqual(namesOf(chartWith()).map((n) => n.replace('orders', 'db')));
  });

  test('selectors and claims of the StatefulSet', () => {
    const { spec } = objectOf(chartWith(), 'StatefulSet', 'orders');
    expect(spec.selector).toEqual({ matchLabels: SELECTOR });
    expect(spec.serviceName).toBe('orders-pods');
    expect(spec.volumeClaimTemplates.map((c: Json) => [c.metadata.name, c.metadata.labels])).toEqual([
      ['data', SELECTOR],
      ['wal', SELECTOR],
    ]);
  });

  test('the selectors of everything else', () => {
    const chart = chartWith({ dcs: 'configMaps' });
    expect(objectOf(chart, 'Service', 'orders').spec.selector).toEqual({ ...SELECTOR, role: 'primary' });
    expect(objectOf(chart, 'Service', 'orders-replica').spec.selector).toEqual({ ...SELECTOR, role: 'replica' });
    expect(objectOf(chart, 'Service', 'orders-pods').spec.selector).toEqual(SELECTOR);
    expect(objectOf(chart, 'PodDisruptionBudget', 'orders').spec.selector.matchLabels).toEqual(SELECTOR);
    expect(objectOf(chart, 'NetworkPolicy', 'orders').spec.podSelector.matchLabels).toEqual(SELECTOR);
  });

  test('labels by which Patroni finds its pods, and where the data is', () => {
    const { template } = objectOf(chartWith(), 'StatefulSet', 'orders').spec;
    expect(template.metadata.labels).toMatchObject({ ...SELECTOR, application: 'patroni', 'cluster-name': 'orders' });
    expect(objectOf(chartWith(), 'ConfigMap', 'orders-patroni').data['patroni.yaml']).toContain('data_dir: /home/postgres/pgdata/data\n');
  });
});

test('the StatefulSet starts its pods together and keeps their volumes', () => {
  const { metadata, spec } = objectOf(chartWith({ members: 5 }), 'StatefulSet', 'orders');
  expect(spec).toMatchObject({
    replicas: 5,
    podManagementPolicy: 'Parallel',
    updateStrategy: { type: 'RollingUpdate' },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
  expect(metadata.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/prune': 'disabled' });
});

test('every object says what it is, and lives where its chart does', () => {
  for (const { metadata } of objectsOf(chartWith({}, 'shop'))) {
    expect(metadata.namespace).toBe('shop');
    expect(metadata.labels).toEqual({ ...SELECTOR, 'app.kubernetes.io/managed-by': 'cdk8s-stateful' });
  }
});

test('every part is a field, and every field a part', () => {
  const postgres = postgresIn(emptyChart());
  const fields = [
    postgres.serviceAccount,
    postgres.role,
    postgres.roleBinding,
    postgres.patroniConfig,
    postgres.scripts,
    postgres.primaryService,
    postgres.replicaService,
    postgres.podsService,
    ...postgres.guardServices,
    postgres.statefulSet,
    postgres.disruptionBudget,
    postgres.bootstrapBudget,
    postgres.networkPolicy,
  ];
  expect(fields).toEqual(postgres.node.children);
});

test('what is off is not there', () => {
  const postgres = postgresIn(emptyChart(), { members: 1, dcs: 'configMaps', networkPolicy: { enabled: false } });
  expect(postgres.guardServices).toEqual([]);
  expect([postgres.disruptionBudget, postgres.bootstrapBudget, postgres.networkPolicy]).toEqual([undefined, undefined, undefined]);
});

test('a construct that takes any PostgreSQL can ask this one', () => {
  // GIVEN
  const props = { durability: 'sync' as const, postgresql: { parameters: { max_connections: 250 } } };
  const postgres: IPostgres = postgresIn(emptyChart('shop'), props);
  // THEN
  expect(postgres).toMatchObject({
    primary: { host: 'orders.shop.svc', port: 5432 },
    replica: { host: 'orders-replica.shop.svc', port: 5432 },
    namespace: 'shop',
    postgresVersion: 17,
    durability: 'sync',
    tls: { mode: 'off' },
    maxConnections: 250,
    administrator: { username: 'postgres', password: { secretName: 'orders-postgres', key: 'superuser' } },
  });
  expect(postgresIn(emptyChart()).maxConnections).toBe(100);
});

describe('several instances', () => {
  test('live together in one namespace under different names', () => {
    const chart = emptyChart('shop');
    for (const id of ['orders', 'stock']) postgresIn(chart, {}, id);
    expect(namesOf(chart)).toHaveLength(30);
  });

  test('may have one name in different namespaces, and in different apps', () => {
    const app = new App();
    for (const namespace of ['shop', 'till']) postgresIn(new Chart(app, namespace, { namespace }));
    expect(() => chartWith({}, 'shop')).not.toThrow();
  });

  test('may not have one name in two charts of one namespace', () => {
    const app = new App();
    const [one, other] = ['one', 'other'].map((id) => new Chart(app, id, { namespace: 'shop' })) as [Chart, Chart];
    postgresIn(one);
    expect(() => postgresIn(other)).toThrow(
      'other/orders: name is "orders", but must be different from that of one/orders in the same namespace',
    );
  });

  test('never share an object', () => {
    // GIVEN a name that another instance gives to a part of itself
    for (const part of ['replica', 'pods', 'config', 'failover', 'sync', 'patroni', 'scripts', 'bootstrap']) {
      const chart = chartWith({}, 'shop');
      // WHEN
      outcomeOf(() => postgresIn(chart, {}, `orders-${part}`));
      // THEN it is refused, or there is nothing twice
      const names = namesOf(chart);
      expect([part, ...names]).toEqual([part, ...new Set(names)]);
    }
  });
});

describe('what does not construct', () => {
  test('leaves no object behind, and its name free', () => {
    // GIVEN
    const chart = emptyChart();
    expect(() => postgresIn(chart, { members: 0 }, 'wrong')).toThrow();
    expect(() => postgresIn(chart, { name: 'orders', postgresql: { parameters: { port: 1 } } }, 'alsoWrong')).toThrow();
    // WHEN
    postgresIn(chart);
    // THEN
    expect(namesOf(chart)).toEqual(namesOf(chartWith()));
  });

  test('leaves none either where a client is wrong: a database without its policy is open to all', () => {
    const chart = emptyChart();
    expect(() => postgresIn(chart, { networkPolicy: { clients: [{}] } })).toThrow(/PeerEmpty/);
    expect(namesOf(chart)).toEqual([]);
  });

  test('names the client as it was written', () => {
    const call = () => postgresIn(emptyChart(), { networkPolicy: { clients: [{ namespace: 'shop' }, {}] } });
    expect(call).toThrow(/test\/orders: networkPolicy\.clients\[1\] is \{\}/);
  });
});

describe('cdk8s-plus workloads', () => {
  function web(chart: Chart): kplus.Deployment {
    return new kplus.Deployment(chart, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
  }

  test('connect to it: both sides are opened, to our pods', () => {
    // GIVEN
    const chart = emptyChart('shop');
    const postgres = postgresIn(chart);
    const deployment = web(chart);
    // WHEN
    deployment.connections.allowTo(postgres, { ports: [kplus.NetworkPolicyPort.tcp(5432)] });
    // THEN
    const policies = objectsOf(chart).filter((o) => o.kind === 'NetworkPolicy' && o.metadata.name !== 'orders');
    const members = {
      podSelector: { matchLabels: SELECTOR },
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
    };
    const ports = [{ port: 5432, protocol: 'TCP' }];
    expect(policies.map((p) => p.spec.egress).filter(Boolean)).toEqual([[{ to: [members], ports }]]);
    expect(policies.filter((p) => p.spec.ingress)).toMatchObject([
      {
        metadata: { namespace: 'shop' },
        spec: {
          podSelector: { matchLabels: SELECTOR },
          ingress: [{ from: [{ podSelector: { matchLabels: deployment.matchLabels } }], ports }],
        },
      },
    ]);
  });

  test.each([
    ['separate', 'podAntiAffinity'],
    ['colocate', 'podAffinity'],
  ] as const)('are scheduled by it: %s', (verb, affinity) => {
    // GIVEN
    const chart = emptyChart('shop');
    const postgres = postgresIn(chart);
    const deployment = web(chart);
    // WHEN
    deployment.scheduling[verb](postgres);
    // THEN
    const { spec } = objectOf(chart, 'Deployment', 'web').spec.template;
    expect(spec.affinity[affinity].requiredDuringSchedulingIgnoredDuringExecution).toEqual([
      { labelSelector: { matchLabels: SELECTOR }, namespaces: ['shop'], topologyKey: 'kubernetes.io/hostname' },
    ]);
  });

  test('without a known namespace, the own one is meant', () => {
    const postgres = postgresIn(emptyChart());
    expect(postgres.toPodSelectorConfig().namespaces).toBeUndefined();
    expect(postgres.toPodSelector()).toBe(postgres);
  });
});

test('an instance may lie below other constructs, and is called by its own id', () => {
  const chart = emptyChart();
  postgresIn(new Construct(chart, 'databases'));
  expect(namesOf(chart)).toContain('StatefulSet/orders');
});

test('two synths give the same bytes', () => {
  const chart = emptyChart('shop');
  const postgres = new HaPostgres(chart, 'orders', { ...minimalProps(), roles: [{ name: 'orders', ...login('orders') }] });
  postgres.allowFrom({ podLabels: { app: 'web' } });
  expect(JSON.stringify(chart.toJson())).toBe(JSON.stringify(chart.toJson()));
});

test('hibernated, no member runs, and nothing else is different', () => {
  const [awake, asleep] = [chartWith(), chartWith({ hibernated: true })];
  const set = (chart: Chart) => objectOf(chart, 'StatefulSet', 'orders');
  expect(set(asleep)).toEqual({ ...set(awake), spec: { ...set(awake).spec, replicas: 0 } });
  const others = (chart: Chart) => objectsOf(chart).filter(({ kind }) => kind !== 'StatefulSet');
  expect(others(asleep)).toEqual(others(awake));
});

test('an image without a digest is said at synth (6.6/14)', () => {
  const chart = chartWith({ image: Image.of('registry.example/postgres', { tag: 'pg17.10' }) });
  Testing.synth(chart);
  const [warning] = warningsOf(chart).filter(({ code }) => code === 'SEC-6');
  expect(warning?.message).toMatch(/containers\[0\]\.image: .* has no digest/);
});

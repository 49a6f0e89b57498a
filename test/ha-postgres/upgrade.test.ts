import { Endpoint, HaPostgres, type HaPostgresProps, type UpgradeOptions } from '../../lib';
import { upgradeParameters } from '../../lib/ha-postgres/upgrade';
import { chartWith, emptyChart, type Json, login, minimalProps, objectOf, objectsOf, outcomeOf, postgresIn } from '../support';
import { manifest, reviewed, without } from './manifest';

const databases = (...names: string[]): Partial<HaPostgresProps> => ({
  durability: 'sync',
  roles: [{ name: 'shop', ...login('shop') }],
  databases: names.map((name) => ({ name, owner: 'shop' })),
});

/** A chart with `orders` and `orders-17`, which replaces it. */
function pair(phase: UpgradeOptions['phase'], namespace?: string) {
  const chart = emptyChart(namespace);
  const source = postgresIn(chart, { ...databases('shop'), postgresql: { parameters: { wal_level: 'logical' } } });
  const target = postgresIn(chart, { ...databases('shop'), upgradeFrom: { source, phase } }, 'orders-17');
  return { chart, source, target };
}

const containerOf = (statefulSet: Json, name: string) => statefulSet.spec.template.spec.containers.find((c: Json) => c.name === name);

test('what is to be done is a file that reaches every member without a restart: another phase changes no pod', () => {
  const [copy, change] = [pair('copy').chart, pair('switch').chart];
  const git = JSON.parse(objectOf(change, 'ConfigMap', 'orders-17-upgrade').data['upgrade.json']);
  expect(git).toEqual({ host: 'orders', port: 5432, user: 'postgres', databases: ['shop'], phase: 'switch' });
  expect(objectOf(change, 'StatefulSet', 'orders-17')).toEqual(objectOf(copy, 'StatefulSet', 'orders-17'));
  expect(objectOf(change, 'StatefulSet', 'orders')).toEqual(objectOf(copy, 'StatefulSet', 'orders'));
});

test("the source's password is a file of a container of its own, and the scripts beside it are those of the folder", () => {
  const { chart } = pair('copy');
  const { spec } = objectOf(chart, 'StatefulSet', 'orders-17').spec.template;
  const { sources } = spec.volumes.find((volume: Json) => volume.name === 'upgrade').projected;
  expect(sources).toEqual([
    { configMap: { name: 'orders-17-upgrade' } },
    { secret: { name: 'orders-postgres', items: [{ key: 'superuser', path: 'password' }] } },
  ]);
  const mounting = spec.containers.filter((c: Json) => c.volumeMounts.some((m: Json) => m.name === 'upgrade')).map((c: Json) => c.name);
  expect(mounting).toEqual(['upgrade']);
  const { data } = objectOf(chart, 'ConfigMap', 'orders-17-upgrade');
  const { command } = containerOf(objectOf(chart, 'StatefulSet', 'orders-17'), 'upgrade');
  expect(Object.keys(data)).toContain(command[1].replace('/etc/upgrade/', ''));
  const named = [...data['upgrade.sh'].matchAll(/\$scripts\/([\w.]+)/g), ...data['steps.sh'].matchAll(/\$scripts\/([\w.]+)/g)];
  expect(named.map(([, name]) => name).filter((name) => !(name in data))).toEqual([]);
});

test('without an upgrade there is nothing of it', () => {
  const chart = chartWith(databases('shop'));
  expect(JSON.stringify(objectsOf(chart))).not.toContain('upgrade');
});

describe('the way between the two is open', () => {
  const members = (name: string) => ({ podSelector: { matchLabels: labels(name) } });
  const labels = (name: string) => ({
    'app.kubernetes.io/name': 'ha-postgres',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': 'database',
  });
  const port = { port: 5432, protocol: 'TCP' };

  test('by their pods, where both are of this library', () => {
    const { chart } = pair('copy');
    expect(objectOf(chart, 'NetworkPolicy', 'orders').spec.ingress).toContainEqual({ from: [members('orders-17')], ports: [port] });
    expect(objectOf(chart, 'NetworkPolicy', 'orders-17').spec.egress).toContainEqual({ to: [members('orders')], ports: [port] });
  });

  test('by the port, where the source is elsewhere', () => {
    const chart = emptyChart();
    const source = HaPostgres.fromEndpoints(chart, 'old', { primary: new Endpoint('old.example', 6000), administrator: login('old') });
    postgresIn(chart, { ...databases('shop'), upgradeFrom: { source, phase: 'copy' } });
    expect(objectOf(chart, 'NetworkPolicy', 'orders').spec.egress).toContainEqual({ ports: [{ port: 6000, protocol: 'TCP' }] });
  });
});

test.each([
  [1, { max_worker_processes: 11 }],
  [2, { max_worker_processes: 14, max_logical_replication_workers: 6 }],
  [5, { max_worker_processes: 23, max_logical_replication_workers: 15, max_replication_slots: 15 }],
])('%i databases have the workers that copy them: %j', (count, expected) => {
  const names = Array.from({ length: count }, (_, i) => `shop${i}`);
  const { source } = pair('copy');
  const props = { ...minimalProps(), ...databases(...names), upgradeFrom: { source, phase: 'copy' as const } };
  expect(upgradeParameters(props, { max_worker_processes: 8 })).toEqual(expected);
  expect(upgradeParameters(minimalProps(), { max_worker_processes: 8 })).toEqual({});
});

test('what it says of its own log is what another cluster asks', () => {
  const { source, target } = pair('copy');
  expect([source.walLevel, target.walLevel]).toEqual(['logical', 'replica']);
});

describe('every option', () => {
  const every = (options: (all: Required<UpgradeOptions>) => object = (all) => all) =>
    manifest((scope) => {
      const source = HaPostgres.fromEndpoints(scope, 'old', {
        primary: new Endpoint('old.example', 6432),
        administrator: { username: 'root', ...login('old') },
        walLevel: 'logical',
      });
      const upgradeFrom = options({ source, databases: ['shop'], phase: 'switch' }) as UpgradeOptions;
      return { ...minimalProps(), ...databases('shop', 'till'), upgradeFrom };
    }, 'shop');

  test('is in the manifest that was reviewed', () => {
    expect(every()).toBe(reviewed('upgrading', every()));
  });

  test.each(['source', 'databases', 'phase'])('has an effect: %s', (option) => {
    expect(outcomeOf(() => every((all) => without(all, [option])))).not.toBe(every());
  });
});

import { budget, labels, object, statefulSet } from './objects';
import { deployment, findings } from './support';

const image = (name: string, replicas: number, container: object = {}) => statefulSet({ image: name, ...container }, { replicas });

describe('HA-1: who decides by majority', () => {
  const found = (...objects: object[]) => findings('HA-1', objects);

  test.each<[string, number, string, string]>([
    ['registry.example:5000/coreos/etcd:v3.6.1', 2, 'error', '2 members of etcd can lose 0, no more than 1 can'],
    ['bitnami/zookeeper', 4, 'error', '4 members of ZooKeeper can lose 1, no more than 3 can'],
    ['rabbitmq:4.1-management', 2, 'error', 'RabbitMQ'],
    ['hashicorp/consul:1.21', 6, 'error', 'Consul'],
    ['etcd', 1, 'warning', 'one member of etcd'],
  ])('%s × %i: %s', (name, replicas, severity, message) => {
    expect(found(image(name, replicas))).toMatchObject([{ severity, field: 'spec.replicas', message: expect.stringContaining(message) }]);
  });

  test.each<[string, number]>([
    ['etcd', 3],
    ['etcd', 5],
    ['etcd', 0],
    ['example/etcd-backup', 2],
    ['postgres', 2],
  ])('%s × %i: well', (name, replicas) => {
    expect(found(image(name, replicas))).toEqual([]);
  });

  test('sets of one member each vote together', () => {
    const second = object('apps/v1', 'StatefulSet', 'db2', { spec: (image('etcd', 1) as { spec: object }).spec });
    expect(found(image('etcd', 1), second)).toEqual([]);
  });

  test('Patroni needs a second member', () => {
    const patroni = (replicas: number) => image('example/db', replicas, { env: [{ name: 'PATRONI_NAME', value: 'a' }] });
    expect(found(patroni(1))).toMatchObject([{ severity: 'warning' }]);
    expect(found(patroni(2), patroni(0))).toEqual([]);
  });

  test.each<[string, number]>([
    ['2', 1],
    ['4', 1],
    ['1', 0],
    ['3', 0],
    ['0', 0],
    ['many', 0],
  ])('%s mnodes: %i errors', (value, errors) => {
    expect(found(image('tdengine/tsdb', 3, { env: [{ name: 'TAOS_NUM_OF_MNODES', value }] }))).toHaveLength(errors);
  });
});

describe('HA-2: pods are kept apart', () => {
  const found = (...objects: object[]) => findings('HA-2', objects);
  const set = (pod: object, replicas = 3) => statefulSet({}, { replicas }, pod);
  const term = (matchLabels: object) => ({ labelSelector: { matchLabels }, topologyKey: 'kubernetes.io/hostname' });
  const anti = (podAntiAffinity: object) => ({ affinity: { podAntiAffinity } });
  const constraint = (rest: object) => ({ topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', ...rest }] });
  const two = () => {
    const base = deployment() as { spec: object };
    return { ...base, spec: { ...base.spec, replicas: 2 } };
  };

  test.each<[string, object[]]>([
    ['no rule', [set({})]],
    ['about others', [set(anti({ requiredDuringSchedulingIgnoredDuringExecution: [term({ app: 'other' })] }))]],
    ['a Deployment with a budget', [two(), budget('b')]],
  ])('%s', (_, objects) => {
    expect(found(...objects)).toMatchObject([{ severity: 'warning', message: expect.stringContaining('nothing keeps its pods apart') }]);
  });

  test.each<[string, object[]]>([
    ['required', [set(anti({ requiredDuringSchedulingIgnoredDuringExecution: [term(labels)] }))]],
    ['preferred', [set(anti({ preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(labels) }] }))]],
    ['spread', [set(constraint({ labelSelector: { matchLabels: labels } }))]],
    ['one pod', [set({}, 1)]],
    ['a Deployment without a budget', [two()]],
  ])('%s: well', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });

  test.each<[string, object]>([
    ['of other pods', { labelSelector: { matchLabels: { app: 'other' } } }],
    ['of no pods', {}],
  ])('a constraint %s spreads nothing', (_, rest) => {
    expect(found(deployment({}, constraint(rest)))).toMatchObject([
      {
        field: 'spec.template.spec.topologySpreadConstraints[0].labelSelector',
        message: expect.stringContaining('does not select the pods it is on'),
      },
    ]);
  });
});

describe('HA-3: time for a database', () => {
  const found = (...objects: object[]) => findings('HA-3', objects);
  const grace = (terminationGracePeriodSeconds: number | undefined) => ({ terminationGracePeriodSeconds });
  const listens = (containerPort: number) => ({ ports: [{ containerPort }] });

  test.each<[string, object, string]>([
    ['by image and claim', statefulSet({ image: 'bitnami/postgresql:17' }), 'PostgreSQL is killed after 30 s'],
    ['by image and port', deployment({ image: 'mysql:8.4', ...listens(3306) }), 'MySQL is killed after 30 s'],
    ['by port and claim', statefulSet({ image: 'example/db', ...listens(5432) }, {}, grace(0)), 'PostgreSQL is killed after 0 s'],
    ['by its own time', statefulSet({ image: 'cockroachdb/cockroach' }, {}, grace(60)), 'CockroachDB is killed after 60 s'],
  ])('%s', (_, manifest, message) => {
    expect(found(manifest)).toMatchObject([
      { severity: 'warning', field: 'spec.template.spec.terminationGracePeriodSeconds', message: expect.stringContaining(message) },
    ]);
  });

  test.each<[string, object]>([
    ['long enough', statefulSet({ image: 'postgres:17' }, {}, grace(60))],
    ['a dump', object('batch/v1', 'Job', 'dump', { spec: { template: { spec: { containers: [{ image: 'postgres:17' }] } } } })],
    ['a client', deployment({ image: 'postgres:17' })],
    ['an exporter', deployment({ image: 'example/postgres-exporter', ...listens(9187) })],
    ['a pooler', deployment({ image: 'example/pgbouncer', ...listens(5432) })],
    ['a server of backups', statefulSet({ image: 'postgres:17', ...listens(8432) })],
  ])('%s: well', (_, manifest) => {
    expect(found(manifest)).toEqual([]);
  });

  const probed = (livenessProbe: object, more: object = {}) =>
    found(statefulSet({ image: 'postgres', livenessProbe, ...more }, {}, grace(600)));
  const tcp = { tcpSocket: { port: 5432 } };

  test('a recovery without a startup probe', () => {
    expect(probed(tcp)).toMatchObject([
      { field: 'spec.template.spec.containers[0].livenessProbe', message: expect.stringContaining('killed 30 s into a recovery') },
    ]);
    expect(probed({ ...tcp, initialDelaySeconds: 60, failureThreshold: 6 })).toMatchObject([
      { message: expect.stringContaining('killed 120 s') },
    ]);
  });

  test.each<[string, object, object]>([
    ['a startup probe', tcp, { startupProbe: tcp }],
    ['a long delay', { ...tcp, initialDelaySeconds: 300 }, {}],
  ])('%s: well', (_, probe, more) => {
    expect(probed(probe, more)).toEqual([]);
  });
});

describe('HA-3: probes', () => {
  const found = (container: object) => findings('HA-3', [deployment(container)]);
  const http = (rest: object = {}) => ({ httpGet: { path: '/health', port: 80 }, ...rest });
  const exec = (...command: string[]) => ({ exec: { command } });

  test.each<[string, object, object]>([
    ['the same', http(), http()],
    ['of another rhythm, and no later', http({ periodSeconds: 5, failureThreshold: 6 }), http()],
    ['of the same words', exec('a', 'b'), exec('a', 'b')],
    ['of the same headers', http({ httpGet: { httpHeaders: [] } }), http({ httpGet: { httpHeaders: [] } })],
  ])('liveness as readiness: %s', (_, livenessProbe, readinessProbe) => {
    expect(found({ livenessProbe, readinessProbe })).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('liveness asks what readiness asks') },
    ]);
  });

  test.each<[string, object, object]>([
    ['later', http({ failureThreshold: 6 }), http()],
    ['of another path', http({ httpGet: { path: '/alive', port: 80 } }), http()],
    ['of other words', exec('a', 'b'), exec('a', 'c')],
    ['of another kind', exec('a'), http()],
  ])('liveness other than readiness: %s', (_, livenessProbe, readinessProbe) => {
    expect(found({ livenessProbe, readinessProbe })).toEqual([]);
  });

  test.each([
    [['psql', '-U', 'postgres', '-c', 'SELECT 1']],
    [['sh', '-c', 'exec psql -qXAt -c "SELECT 1"']],
    [['bash', '-ec', 'mysql -uroot -p"$MYSQL_ROOT_PASSWORD" -e "select 1"']],
    [['sh', '-c', "echo 'SELECT 1' | /usr/bin/psql"]],
    [['taos', '-s', 'select 1']],
    [['cqlsh', '--execute', 'describe cluster']],
  ])('%j is a query', (command) => {
    expect(found({ livenessProbe: exec(...command) })).toMatchObject([{ message: expect.stringContaining('runs a query with') }]);
  });

  test.each([
    [['pg_isready', '-U', 'postgres', '-h', '127.0.0.1']],
    [['bash', '-ec', 'mysqladmin status -uroot']],
    [['sh', '-c', 'mysqladmin ping -h mysql']],
    [['sh', '-c', '/opt/bitnami/mysql/bin/healthcheck.sh -e']],
    [['redis-cli', 'ping']],
    [['select-leader']],
  ])('%j is none', (command) => {
    expect(found({ livenessProbe: exec(...command) })).toEqual([]);
  });
});

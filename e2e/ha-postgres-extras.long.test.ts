import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { CertificateSource, FAST_FAILOVER, type HaPostgresProps, SecretKey } from '../lib';
import { Client } from './support/client';
import { KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace, type Json } from './support/kubectl';
import { locked } from './support/lock';
import { CLIENT, NAME, Subject } from './support/subject';
import { monotonic, until } from './support/wait';

/** All at once: they do not meet each other. */
const EXTRAS: Partial<HaPostgresProps> = {
  postgresql: {
    tablespaces: [{ name: 'cold_rows', storage: { size: Size.gibibytes(1) }, owner: NAME }],
    extensions: [{ name: 'pg_stat_statements' }, { name: 'timescaledb' }, { name: 'pg_trgm' }],
  },
  patroni: {
    ...FAST_FAILOVER,
    restartWhenPending: true,
    callbacks: { onRoleChange: 'echo "$1 $2 $3 by $(whoami)" >>"$PGDATA/../callbacks"; sleep 600' },
  },
  pod: {
    env: { GREETING: kplus.EnvValue.fromValue('hello') },
    initContainers: [
      {
        name: 'first',
        image: 'localhost/stateful:1',
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        command: ['true'],
        resources: { cpu: { request: kplus.Cpu.millis(10) }, memory: { request: Size.mebibytes(16), limit: Size.mebibytes(16) } },
      },
    ],
    serviceAccountAnnotations: { 'example.com/role': 'reader' },
  },
  services: {
    primary: { type: 'NodePort', externalTrafficPolicy: 'Local', annotations: { 'example.com/name': 'orders' } },
    replica: { type: 'LoadBalancer', loadBalancerClass: 'example.com/none', loadBalancerSourceRanges: ['10.20.0.0/16'] },
    ipFamilyPolicy: 'SingleStack',
    ipFamilies: ['IPv4'],
    route: { gateway: 'front', gatewayNamespace: 'gateways', sectionName: 'postgres' },
  },
};

const login = (key: string) => ({ password: SecretKey.of('orders-postgres', key) });
const logins = { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') };

let cluster: Subject;
const sql = async (query: string, database = NAME) => cluster.database.sql((await cluster.database.view()).leader, database, query);
const inLog = async (words: string) => {
  for (const { name } of await cluster.database.pods()) {
    const log = await cluster.kubectl.run(['logs', name, '-c', 'agent']);
    if (log.includes(words)) return true;
  }
  return undefined;
};

beforeAll(async () => {
  cluster = await Subject.create({ label: 'extras', props: EXTRAS });
});
afterAll(async () => {
  if (!KEEP) await deleteNamespace(cluster.kubectl);
});

test('a cluster with all of it starts, and a second apply finds nothing to do', async () => {
  await locked('shared', async () => {
    await cluster.apply();
    await cluster.healthy(120);
  });
  expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
});

test('tablespaces are made on every member, and a replica that is made anew copies them', async () => {
  await until(
    'the tablespace',
    30,
    async () => (await sql('SELECT 1 FROM pg_tablespace WHERE spcname = $$cold_rows$$')).trim() === '1' || undefined,
  );
  await sql(`SET ROLE ${NAME}; CREATE TABLE cold (i int) TABLESPACE cold_rows; INSERT INTO cold SELECT generate_series(1, 1000)`);
  const { streaming } = await cluster.database.view();
  const [lost = ''] = streaming;
  const begin = monotonic();
  await locked('shared', async () => {
    // WHEN its data is lost, and its tablespace is not
    await cluster.kubectl.run(['delete', 'pvc', `data-${lost}`, '--wait=false']);
    await cluster.kubectl.run(['delete', 'pod', lost, '--grace-period=5'], undefined, 60);
    await cluster.healthy(120);
  });
  figure('replica with a tablespace made anew', monotonic() - begin, 's');
  const count = async () => ((await cluster.database.sql(lost, NAME, 'SELECT count(*) FROM cold')).trim() === '1000' ? true : undefined);
  await until('the rows on the new replica', 30, count);
  const folder = await cluster.kubectl.exec(lost, 'patroni', ['stat', '-c', '%a %U', '/home/postgres/tablespaces/cold_rows/data']);
  expect(folder.trim()).toMatch(/700 postgres$/); // with the bit of the volume's group, or without
  const start = await cluster.kubectl.run(['logs', lost, '-c', 'patroni']);
  expect(start).toContain('/home/postgres/tablespaces/cold_rows/data belongs to data that is gone: moved to');
});

test('extensions are created where the image has them; one that it has not is said, not preloaded, and harms nothing', async () => {
  await until('the extensions', 90, async () => {
    const names = (await sql('SELECT extname FROM pg_extension ORDER BY 1')).trim().split('\n');
    return names.includes('pg_trgm') && names.includes('pg_stat_statements') ? true : undefined;
  });
  expect((await sql('SHOW shared_preload_libraries')).trim()).toBe('pg_stat_statements');
  expect(Number(await sql('SELECT count(*) FROM pg_stat_statements'))).toBeGreaterThan(0); // it works only where it is preloaded
  expect((await sql('SELECT count(*) FROM pg_extension WHERE extname <> $$plpgsql$$', 'template1')).trim()).toBe('0');
  await until('a word about timescaledb', 20, () => inLog('extension timescaledb is not in the image'));
  expect(await inLog('not in the image, so not preloaded: timescaledb')).toBe(true);
});

test('an extension of an older version is updated', async () => {
  await sql("DROP EXTENSION pg_trgm; CREATE EXTENSION pg_trgm VERSION '1.3'");
  const version = "SELECT installed_version = default_version FROM pg_available_extensions WHERE name = 'pg_trgm'";
  await until('the update', 90, async () => (await sql(version)).trim() === 't' || undefined);
});

test('a callback that never ends runs on both sides of a switchover, and holds nothing up', async () => {
  const begin = monotonic();
  const { leader, streaming } = await cluster.database.view();
  const [next = ''] = streaming;
  await locked('shared', async () => {
    await cluster.database.switchover(next);
    figure('switchover with a callback that never ends', monotonic() - begin, 's');
    await cluster.healthy(60);
  });
  const ran = (pod: string) => cluster.kubectl.exec(pod, 'patroni', ['cat', '/home/postgres/pgdata/callbacks']);
  expect(await ran(next)).toContain(`on_role_change primary ${NAME} by postgres\n`);
  await until(
    'the callback of the old leader',
    20,
    async () => (await ran(leader)).includes(`on_role_change replica ${NAME}`) || undefined,
  );
  const greeting = await cluster.kubectl.exec(leader, 'patroni', ['printenv', 'GREETING']);
  expect(greeting.trim()).toBe('hello');
});

describe('a parameter that needs a restart', () => {
  const started = async () => {
    const times: Record<string, string> = {};
    for (const { name } of await cluster.database.pods())
      times[name] = (await cluster.database.sql(name, 'postgres', 'SELECT pg_postmaster_start_time()')).trim();
    return times;
  };
  const everywhere = async (value: string) => {
    for (const { name } of await cluster.database.pods())
      if ((await cluster.database.sql(name, 'postgres', 'SHOW max_connections')).trim() !== value) return undefined;
    return true;
  };

  test.each(['120', '90'])('max_connections %s is in force on every member, replicas first, without a new leader', async (value) => {
    const { leader, timeline } = await cluster.database.view();
    const begin = monotonic();
    await locked('shared', async () => {
      await cluster.apply({ postgresql: { ...EXTRAS.postgresql, parameters: { max_connections: value } } });
      await until(`max_connections ${value}`, 200, () => everywhere(value), 3);
      await cluster.healthy(60);
    });
    figure(`max_connections ${value} in force everywhere, by restarts`, monotonic() - begin, 's');
    const after = await cluster.database.view();
    expect([after.leader, after.timeline]).toEqual([leader, timeline]);
    const times = await started();
    if (value === '120') expect(Object.entries(times).sort(([, a], [, b]) => (a < b ? 1 : -1))[0]?.[0]).toBe(leader); // an increase: the leader last
    expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
  });
});

test('the Service of the leader has the node of its pod: Local reaches it there, and nowhere else', async () => {
  const client = await Client.start(cluster, 'inside', CLIENT);
  await client.connected(NAME, 5432); // it is let in
  const { spec: pod } = await cluster.kubectl.get('pod', 'inside');
  const elsewhere = (await cluster.database.pods()).find(({ node }) => node !== pod.nodeName); // on its own node a pod is always let through
  await locked('shared', () => cluster.database.switchover(elsewhere?.name ?? ''));
  const leader = await cluster.database.leader();
  const { items } = await cluster.kubectl.get('endpointslices', '-l', `kubernetes.io/service-name=${NAME}`);
  expect(items.flatMap((slice: Json) => slice.endpoints).map((endpoint: Json) => endpoint.nodeName)).toEqual([leader.node]);
  const { spec } = await cluster.kubectl.get('service', NAME);
  const { items: nodes } = await cluster.kubectl.get('nodes');
  for (const { metadata, status } of nodes.filter((node: Json) => node.metadata.name !== pod.nodeName)) {
    const { address } = status.addresses.find(({ type }: Json) => type === 'InternalIP');
    const reached = await client.connects(address, spec.ports[0].nodePort);
    expect({ node: metadata.name, reached }).toEqual({ node: metadata.name, reached: metadata.name === leader.node });
  }
});

test('hibernated, nothing runs; awake again, every row is there', async () => {
  const rows = async () => (await sql('SELECT count(*), sum(i) FROM cold')).trim();
  const before = await rows();
  const begin = monotonic();
  await locked('shared', async () => {
    await cluster.apply({ hibernated: true });
    await until('no pod', 90, async () => ((await cluster.database.pods()).length === 0 ? true : undefined));
    const { subsets = [] } = await cluster.kubectl.get('endpoints', NAME);
    expect(subsets).toEqual([]); // nobody is sent to an address that someone else may have by now
    expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
    figure('hibernated', monotonic() - begin, 's');
    const wake = monotonic();
    await cluster.apply({ hibernated: false });
    await cluster.healthy(120);
    figure('awake again', monotonic() - wake, 's');
  });
  expect(await rows()).toBe(before);
});

test('in ConfigMaps mode both families, a route by name, and Secrets from a store: accepted, and no difference', async () => {
  const other = await Subject.create({
    label: 'extras-accepted',
    props: {
      dcs: 'configMaps',
      hibernated: true,
      credentials: { ...logins, externalSecrets: { store: 'vault', storeKind: 'ClusterSecretStore' } },
      services: {
        primary: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.20.0.0/16', 'fd00::/8'], externalTrafficPolicy: 'Local' },
        ipFamilyPolicy: 'PreferDualStack',
        route: { gateway: 'front', hostnames: ['orders.example.com'] },
      },
      tls: { certificate: CertificateSource.secret('orders-tls') },
    },
  });
  try {
    await other.apply();
    expect(await other.kubectl.diff(other.objects())).toBe('');
    await other.apply();
    expect(await other.kubectl.diff(other.objects())).toBe('');
  } finally {
    if (!KEEP) await deleteNamespace(other.kubectl);
  }
});

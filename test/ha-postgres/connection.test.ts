import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { ConnectionOptions, HaPostgresProps } from '../../lib';
import { CertificateSource, ConstructError, Endpoint, HaPostgres, SecretKey } from '../../lib';
import { emptyChart, type Json, login, objectOf, postgresIn } from '../support';

/** Variables as a container has them. */
function variables(env: Record<string, kplus.EnvValue>): Json {
  return Object.fromEntries(Object.entries(env).map(([name, { value, valueFrom }]) => [name, value ?? valueFrom]));
}

function environment(options?: ConnectionOptions, namespace: string | undefined = 'shop', props: Partial<HaPostgresProps> = {}): Json {
  const postgres = postgresIn(emptyChart(namespace), {
    roles: [{ name: 'orders', ...login('orders') }],
    databases: [{ name: 'sales', owner: 'orders' }],
    ...props,
  });
  return variables(postgres.connectionEnv('orders', options));
}

test("an application gets libpq's variables, and the password from its Secret", () => {
  expect(environment()).toEqual({
    PGHOST: 'orders.shop.svc',
    PGPORT: '5432',
    PGDATABASE: 'sales',
    PGUSER: 'orders',
    PGPASSWORD: { secretKeyRef: { name: 'orders-postgres', key: 'orders' } },
    PGCONNECT_TIMEOUT: '2',
    PGTARGETSESSIONATTRS: 'read-write',
    PG_CONNINFO: [
      'host=orders.shop.svc port=5432 dbname=sales user=orders connect_timeout=2 target_session_attrs=read-write',
      'keepalives=1 keepalives_idle=2 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000',
    ].join(' '),
  });
});

test('to read what may be a little old, it goes to the replicas', () => {
  const env = environment({ target: 'replica' });
  expect(env).toMatchObject({ PGHOST: 'orders-replica.shop.svc', PGTARGETSESSIONATTRS: 'any' });
  expect(env.PG_CONNINFO).toMatch(/^host=orders-replica.shop.svc .*target_session_attrs=any /);
});

describe('encryption', () => {
  const certificate = CertificateSource.secret('orders-tls');
  const words = (tls: HaPostgresProps['tls'], options?: ConnectionOptions) => {
    const { PGSSLMODE, PGSSLROOTCERT, PG_CONNINFO } = environment(options, 'shop', { tls });
    return [PGSSLMODE, PGSSLROOTCERT, / tcp_user_timeout=10000(.*)$/.exec(PG_CONNINFO)?.[1]];
  };

  test.each([
    ['no certificate', undefined, [undefined, undefined, '']],
    ['a certificate', { certificate }, ['require', undefined, ' sslmode=require']],
    ['a certificate that clients need not ask for', { certificate, requireSsl: false }, ['prefer', undefined, ' sslmode=prefer']],
  ])('%s', (_, tls, expected) => {
    expect(words(tls)).toEqual(expected);
  });

  test.each([true, false])('with the authority at hand, a client makes sure whom it speaks with; required: %s', (requireSsl) => {
    const file = '/etc/postgres/ca.crt';
    expect(words({ certificate, requireSsl }, { authorityFile: file })).toEqual([
      'verify-full',
      file,
      ` sslmode=verify-full sslrootcert=${file}`,
    ]);
  });

  test.each([
    [undefined, { mode: 'off' }],
    [{ certificate }, { mode: 'required', authority: SecretKey.of('orders-tls', 'ca.crt') }],
    [
      { certificate, requireSsl: false },
      { mode: 'allowed', authority: SecretKey.of('orders-tls', 'ca.crt') },
    ],
    [
      { certificate: CertificateSource.certManager({ issuer: 'ca' }) },
      { mode: 'required', authority: SecretKey.of('orders-tls', 'ca.crt') },
    ],
    // The clients' authority is not the server's.
    [
      { certificate, clientAuthority: SecretKey.of('clients', 'ca.crt') },
      { mode: 'required', authority: SecretKey.of('orders-tls', 'ca.crt') },
    ],
  ])('other constructs are told %#', (tls, expected) => {
    expect(postgresIn(emptyChart(), { tls }).tls).toEqual(expected);
  });
});

test('through the pooler it changes nothing but the host: the pooler itself sees to it that it writes', () => {
  const postgres = postgresIn(emptyChart('shop'), {
    roles: [{ name: 'orders', ...login('orders') }],
    databases: [{ name: 'sales', owner: 'orders' }],
    pooler: { login: login('pooler') },
  });
  const [direct, pooled] = [{}, { target: 'pooler' } as const].map((options) => variables(postgres.connectionEnv('orders', options)));
  const changed = JSON.stringify(direct).replaceAll('orders.shop.svc', 'orders-pooler.shop.svc').replaceAll('read-write', 'any');
  expect(pooled).toEqual(JSON.parse(changed));
});

test('of PostgreSQL that exists there may be a pooler too', () => {
  const postgres = HaPostgres.fromEndpoints(emptyChart(), 'old', {
    primary: new Endpoint('db.example', 5432),
    pooler: new Endpoint('pool.example', 6432),
    roles: [{ name: 'orders', password: SecretKey.of('old', 'orders'), databases: ['orders'] }],
  });
  expect(variables(postgres.connectionEnv('orders', { target: 'pooler' }))).toMatchObject({ PGHOST: 'pool.example', PGPORT: '6432' });
});

test('without a known namespace the host is the bare Service', () => {
  const postgres = postgresIn(emptyChart());
  expect([`${postgres.primary}`, `${postgres.replica}`]).toEqual(['orders:5432', 'orders-replica:5432']);
});

test.each([
  // one wait and three probes fit into the silence
  [Duration.seconds(4), 1, 4000],
  [Duration.seconds(10), 2, 10000],
  [Duration.minutes(1), 15, 60000],
])(
  'silence %#: a kept connection is broken after %i s of idling, three probes, %i ms unacknowledged',
  (silence, interval, unacknowledged) => {
    const { PG_CONNINFO } = environment({ silence });
    expect(PG_CONNINFO).toContain(`keepalives_idle=${interval} keepalives_interval=${interval} keepalives_count=3`);
    expect(PG_CONNINFO).toContain(`tcp_user_timeout=${unacknowledged}`);
    expect(4 * interval * 1000).toBeLessThanOrEqual(unacknowledged);
  },
);

test('options name another database and another patience', () => {
  const env = environment({ database: 'reports', connectTimeout: Duration.seconds(5) });
  expect(env).toMatchObject({ PGDATABASE: 'reports', PGCONNECT_TIMEOUT: '5' });
  expect(env.PG_CONNINFO).toContain(' dbname=reports user=orders connect_timeout=5 ');
});

test('of PostgreSQL that exists, the roles are those it is said to have', () => {
  const postgres = HaPostgres.fromEndpoints(emptyChart(), 'old', {
    primary: new Endpoint('db.example', 6432),
    roles: [{ name: 'orders', password: SecretKey.of('old', 'orders'), databases: ['orders'] }],
  });
  expect(variables(postgres.connectionEnv('orders'))).toMatchObject({
    PGHOST: 'db.example',
    PGPORT: '6432',
    PGDATABASE: 'orders',
    PGPASSWORD: { secretKeyRef: { name: 'old', key: 'orders' } },
  });
});

test.each([
  ['sales 2024', "dbname='sales 2024'"],
  ["o'rders", "dbname='o\\'rders'"],
  ['back\\slash', "dbname='back\\\\slash'"],
])('a database %j that somebody else named is quoted as libpq reads it', (database, quoted) => {
  const postgres = HaPostgres.fromEndpoints(emptyChart(), 'old', {
    primary: new Endpoint('db.example', 5432),
    roles: [{ name: 'orders', ...login('orders') }],
  });
  const env = variables(postgres.connectionEnv('orders', { database }));
  expect(env.PGDATABASE).toBe(database);
  expect(env.PG_CONNINFO).toContain(` ${quoted} user=`);
});

test('the variables are those of a container, with the password never in the text', () => {
  // GIVEN
  const chart = emptyChart('shop');
  const postgres = postgresIn(chart, {
    roles: [{ name: 'orders', ...login('orders') }],
    databases: [{ name: 'orders', owner: 'orders' }],
  });
  // WHEN
  new kplus.Deployment(chart, 'web', {
    metadata: { name: 'web' },
    containers: [{ image: 'web:1', envVariables: postgres.connectionEnv('orders') }],
  });
  // THEN
  const [{ env }] = objectOf(chart, 'Deployment', 'web').spec.template.spec.containers;
  expect(env).toContainEqual({ name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'orders-postgres', key: 'orders' } } });
  expect(env.filter((e: Json) => /password/i.test(e.value ?? ''))).toEqual([]);
});

describe('fromEndpoints', () => {
  test('says what is known, and nothing else', () => {
    const postgres = HaPostgres.fromEndpoints(emptyChart(), 'old', { primary: new Endpoint('db.example', 5432) });
    expect(postgres.tls).toEqual({ mode: 'off' });
    expect([postgres.replica, postgres.postgresVersion, postgres.durability, postgres.maxConnections, postgres.administrator]).toEqual(
      Array(5).fill(undefined),
    );
  });

  test('hands on what it was given', () => {
    const attributes = {
      primary: new Endpoint('db.example', 5432),
      replica: new Endpoint('replica.db.example', 5433),
      postgresVersion: 16,
      durability: 'sync' as const,
      tls: { mode: 'required' as const, authority: SecretKey.of('old', 'ca.crt') },
      maxConnections: 50,
      administrator: { username: 'admin', ...login('admin') },
    };
    expect(HaPostgres.fromEndpoints(emptyChart(), 'old', attributes)).toMatchObject(attributes);
  });

  test('makes no object, and takes allowFrom as any PostgreSQL does', () => {
    const chart = emptyChart();
    const postgres = HaPostgres.fromEndpoints(chart, 'old', { primary: new Endpoint('db.example', 5432) });
    postgres.allowFrom({ cidr: '10.0.0.0/8' });
    expect(chart.toJson()).toEqual([]);
  });

  test.each([1, 65535])('port %i is one', (port) => {
    expect(() => HaPostgres.fromEndpoints(emptyChart(), 'old', { primary: new Endpoint('db.example', port) })).not.toThrow(ConstructError);
  });
});

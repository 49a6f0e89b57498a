import * as kplus from 'cdk8s-plus-27';
import type { HaPostgresProps, PoolerOptions } from '../../lib';
import { localConfiguration, wantedRoles } from '../../lib/ha-postgres/patroni';
import { poolerConfiguration } from '../../lib/ha-postgres/pooler/settings';
import { INVARIANTS } from '../invariants';
import { chartWith, emptyChart, type Json, login, namesOf, objectOf, objectsOf, planOf, postgresIn } from '../support';

const SELECTOR = planOf().selector('pooler');

const pooled = (options: Partial<PoolerOptions> = {}, props: Partial<HaPostgresProps> = {}) => ({
  ...props,
  pooler: { login: login('pooler'), ...options },
});
const chart = (options?: Partial<PoolerOptions>, props?: Partial<HaPostgresProps>) => chartWith(pooled(options, props));
const deployment = (...given: Parameters<typeof chart>): Json => objectOf(chart(...given), 'Deployment', 'orders-pooler').spec;

/** The lines of pgbouncer.ini by name, a section's header by itself. */
function settings(options?: Partial<PoolerOptions>, props?: Partial<HaPostgresProps>, standby = false): Record<string, string> {
  const plan = planOf(pooled(options, props));
  if (!plan.pooler) throw new Error('no pooler');
  const text = poolerConfiguration(standby ? { ...plan, standby: { port: 5432, applyDelay: 0 } } : plan, plan.pooler);
  return Object.fromEntries(text.split('\n').map((line) => [line.split(' = ')[0], line.split(' = ').slice(1).join(' = ')]));
}

describe('identity is stable', () => {
  test('objects and names', () => {
    const without = namesOf(chartWith());
    expect(namesOf(chart()).filter((name) => !without.includes(name))).toEqual([
      'ConfigMap/orders-pooler',
      'Deployment/orders-pooler',
      'NetworkPolicy/orders-pooler',
      'PodDisruptionBudget/orders-pooler',
      'Service/orders-pooler',
    ]);
  });

  test('selectors', () => {
    const objects = chart();
    const labels = deployment().template.metadata.labels;
    expect(labels).toEqual({ ...SELECTOR, 'app.kubernetes.io/managed-by': 'cdk8s-stateful' });
    expect(deployment().selector.matchLabels).toEqual(SELECTOR);
    expect(objectOf(objects, 'Service', 'orders-pooler').spec.selector).toEqual(SELECTOR);
    expect(objectOf(objects, 'PodDisruptionBudget', 'orders-pooler').spec.selector.matchLabels).toEqual(SELECTOR);
    expect(objectOf(objects, 'NetworkPolicy', 'orders-pooler').spec.podSelector.matchLabels).toEqual(SELECTOR);
  });
});

test.each(Object.entries(INVARIANTS))('%s', (_, violations) => {
  expect(violations(objectsOf(chart()))).toEqual([]);
});

test('GitOps tools remove it when it is taken out, unlike the database', () => {
  const kept = objectsOf(chart()).filter((o) => o.metadata.annotations?.['argocd.argoproj.io/sync-options']);
  expect(kept.map((o) => o.metadata.name)).toContain('orders');
  expect(kept.map((o) => o.metadata.name)).not.toContain('orders-pooler');
});

test('clients find it on the port of PostgreSQL, so they change nothing but the host', () => {
  const given = emptyChart('shop');
  const postgres = postgresIn(given, pooled());
  expect(`${postgres.pooler?.endpoint}`).toBe('orders-pooler.shop.svc:5432');
  const [port] = objectOf(given, 'Service', 'orders-pooler').spec.ports;
  const [container] = objectOf(given, 'Deployment', 'orders-pooler').spec.template.spec.containers;
  expect(port).toEqual({ name: 'postgresql', port: 5432, protocol: 'TCP', targetPort: container.ports[0].name });
  expect(`${postgresIn(emptyChart(), pooled()).pooler?.endpoint}`).toBe('orders-pooler:5432');
});

test.each([
  [{}, 2],
  [{ replicas: 3 }, 3],
  [{ replicas: 1 }, 1],
])('%j makes %i pods', (options, replicas) => {
  expect(deployment(options).replicas).toBe(replicas);
  expect(namesOf(chart(options)).includes('PodDisruptionBudget/orders-pooler')).toBe(replicas > 1);
});

test('with a database that sleeps it sleeps too', () => {
  expect(deployment({ replicas: 3 }, { hibernated: true }).replicas).toBe(0);
});

test('one is always there: a new one is ready before an old one stops, and pods keep apart', () => {
  const { strategy, template } = deployment();
  expect(strategy.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });
  const [{ podAffinityTerm }] = template.spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  expect(podAffinityTerm).toEqual({ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: SELECTOR } });
});

test('a pod stops after Services have forgotten it, and with time for transactions', () => {
  const { containers, terminationGracePeriodSeconds } = deployment().template.spec;
  const sleep = Number(containers[0].lifecycle.preStop.exec.command[1]);
  expect([sleep, terminationGracePeriodSeconds - sleep]).toEqual([5, 60]);
});

test('it has no token, and its password only as a file of a Secret', () => {
  const { automountServiceAccountToken, serviceAccountName, volumes, containers } = deployment().template.spec;
  expect([automountServiceAccountToken, serviceAccountName]).toEqual([false, undefined]);
  expect(volumes).toContainEqual({
    name: 'credentials',
    secret: { secretName: 'orders-postgres', items: [{ key: 'pooler', path: 'password' }] },
  });
  expect(containers[0].env).toEqual([{ name: 'POOLER_ROLE', value: 'pooler' }]);
});

test("it runs the members' image, or its own; from the same registry", () => {
  const [members] = objectOf(chart(), 'StatefulSet', 'orders').spec.template.spec.containers;
  const spec = deployment({}, { pod: { imagePullSecrets: ['registry'] } }).template.spec;
  expect(spec.containers[0].image).toBe(members.image);
  expect(spec.imagePullSecrets).toEqual([{ name: 'registry' }]);
});

test('OpenShift assigns the user', () => {
  expect(deployment().template.spec.securityContext.runAsUser).toBe(1000);
  expect(deployment({}, { openShift: true }).template.spec.securityContext).not.toHaveProperty('runAsUser');
});

test('changed settings are reloaded, and only what PgBouncer reads at its start makes new pods', () => {
  const pods = (parameters: PoolerOptions['parameters']) => JSON.stringify(deployment({ parameters }).template);
  expect(pods({ server_lifetime: 60 })).toBe(pods({ server_lifetime: 90 }));
  expect(pods({ pkt_buf: 4096 })).not.toBe(pods({ pkt_buf: 8192 }));
});

test('live is what listens, ready is what answers; neither asks for a leader, or clients would be refused while there is none', () => {
  const { startupProbe, livenessProbe, readinessProbe } = deployment().template.spec.containers[0];
  expect([startupProbe.tcpSocket.port, livenessProbe.tcpSocket.port]).toEqual(['pgbouncer', 'pgbouncer']);
  expect(readinessProbe.exec.command).toEqual(['bash', '/etc/pgbouncer/pooler-ready.sh']);
});

describe('pgbouncer.ini', () => {
  test('clients of any database are sent to the leader, and a server that does not lead is left again', () => {
    const server = `host=orders port=5432 connect_query='SELECT pg_terminate_backend(pg_backend_pid()) WHERE pg_is_in_recovery()'`;
    expect(settings()).toMatchObject({ postgres: server, '*': server });
  });

  test('the leader of a standby cluster is in recovery itself', () => {
    expect(settings({}, {}, true)).toMatchObject({ postgres: 'host=orders port=5432', '*': 'host=orders port=5432' });
  });

  test('passwords are looked up by its own role, in the database where the function is', () => {
    expect(settings({ login: { username: 'lookup', ...login('pooler') } })).toMatchObject({
      auth_type: 'scram-sha-256',
      auth_user: 'lookup',
      auth_query: 'SELECT uname, phash FROM pooler.user_lookup($1) WHERE uname IS NOT NULL',
      auth_dbname: 'postgres',
      lookup: 'max_user_connections=4',
    });
  });

  test.each([
    ['transaction', '200'],
    ['statement', '200'],
    ['session', undefined],
  ] as const)('mode %s: prepared statements %s', (mode, prepared) => {
    expect(settings({ mode })).toMatchObject({ pool_mode: mode, ...(prepared && { max_prepared_statements: prepared }) });
    expect(settings({ mode }).max_prepared_statements).toBe(prepared);
  });

  test('sizes, and what the user sets in place of a default', () => {
    const given = { defaultPoolSize: 5, maxClientConnections: 70, parameters: { server_lifetime: 600, stats_users: 'monitor' } };
    expect(settings(given)).toMatchObject({
      default_pool_size: '5',
      max_client_conn: '70',
      server_lifetime: '600',
      stats_users: 'monitor',
      query_wait_timeout: '120',
    });
  });

  const secret = { certificate: { secretName: 'orders-certificate', issuer: undefined } } as NonNullable<HaPostgresProps['tls']>;
  test.each([
    [true, 'require', 'verify-ca'],
    [false, 'allow', 'prefer'],
  ])('with a certificate, requireSsl %s: clients %s TLS, members are met with %s', (requireSsl, mode, members) => {
    const tls = { ...secret, requireSsl };
    expect(settings({}, { tls })).toMatchObject({
      client_tls_sslmode: mode,
      client_tls_cert_file: '/etc/tls/tls.crt',
      client_tls_key_file: '/etc/tls/tls.key',
      server_tls_sslmode: members,
      server_tls_ca_file: '/etc/tls/ca.crt',
    });
    const { volumes, containers } = deployment({}, { tls }).template.spec;
    expect(volumes).toContainEqual({ name: 'tls', secret: { secretName: 'orders-certificate' } });
    expect(containers[0].volumeMounts).toContainEqual({ name: 'tls', mountPath: '/etc/tls', readOnly: true });
  });

  test('without one there is none', () => {
    expect(settings()).toMatchObject({ client_tls_sslmode: 'disable', server_tls_sslmode: 'disable' });
    expect(deployment().template.spec.volumes.map((v: Json) => v.name)).not.toContain('tls');
  });
});

test('its scripts are its own: a change of one restarts no member', () => {
  const data = (name: string) => Object.keys(objectOf(chart(), 'ConfigMap', name).data);
  expect(data('orders-pooler')).toEqual(['pgbouncer.ini', 'pooler-ready.sh', 'pooler.sh']);
  expect(data('orders-scripts').filter((name) => name.startsWith('pooler'))).toEqual([]);
});

describe('the members', () => {
  test('make its role, and have its password', () => {
    const { pooler, roles } = wantedRoles(planOf(pooled())) as Json;
    expect([pooler, roles]).toEqual([
      'pooler',
      [{ name: 'pooler', login: true, createdb: false, createrole: false, connectionLimit: -1, memberOf: [] }],
    ]);
    const { volumes } = objectOf(chart(), 'StatefulSet', 'orders').spec.template.spec;
    const { sources } = volumes.find((v: Json) => v.name === 'credentials').projected;
    expect(sources[0].secret.items).toContainEqual({ key: 'pooler', path: 'roles/pooler' });
  });

  test('let its role look passwords up and nothing else, whatever pgHba says of all', () => {
    const lines = localConfiguration(planOf(pooled({}, { postgresql: { pgHba: ['host all all all trust'] } })));
    expect(lines).toMatch(/- host postgres pooler all scram-sha-256\n\s+- host all pooler all reject\n\s+- host all all all trust\n/);
  });

  test('know nothing of a pooler that is not asked for', () => {
    expect(JSON.stringify(objectsOf(chartWith()).map((o) => ({ ...o, data: { ...o.data, scripts: undefined } })))).toContain('orders');
    expect(JSON.stringify(wantedRoles(planOf()))).not.toContain('pooler');
    expect(localConfiguration(planOf())).not.toContain('pooler');
  });
});

test('workloads that may only reach what they name may name it', () => {
  // GIVEN
  const given = emptyChart('shop');
  const { pooler } = postgresIn(given, pooled());
  const web = new kplus.Deployment(given, 'web', { metadata: { name: 'web' }, containers: [{ image: 'web:1' }] });
  // WHEN
  if (pooler) web.connections.allowTo(pooler, { isolation: kplus.PodConnectionsIsolation.POD });
  // THEN
  const policies = objectsOf(given).filter((o) => o.kind === 'NetworkPolicy' && o.spec.egress?.[0]?.to?.[0]?.podSelector);
  const targets = policies.map((o) => o.spec.egress[0].to[0].podSelector.matchLabels?.['app.kubernetes.io/component']);
  expect(targets.filter((component) => component === 'pooler')).toHaveLength(1);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import fc from 'fast-check';
import { parse } from 'yaml';
import { FAST_FAILOVER, type HaPostgresProps, warningsOf } from '../../lib';
import { patroniConfigMap, scriptsConfigMap } from '../../lib/ha-postgres/config-maps';
import { dynamicConfiguration, localConfiguration, wantedRoles } from '../../lib/ha-postgres/patroni';
import { chartWith, type Json, login, planOf } from '../support';

function dynamic(props: Partial<HaPostgresProps> = {}): Json {
  return dynamicConfiguration(planOf(props));
}

/** As Patroni reads it, which is YAML 1.1. */
function local(props: Partial<HaPostgresProps> = {}): Json {
  return parse(localConfiguration(planOf(props)), { version: '1.1' });
}

describe('dynamic configuration', () => {
  test("is Patroni's own timing with failsafe mode, pg_rewind and slots", () => {
    const { postgresql, ...rest } = dynamic();
    expect(rest).toEqual({
      ttl: 30,
      loop_wait: 10,
      retry_timeout: 10,
      maximum_lag_on_failover: 32 * 1024 * 1024, // bytes
      primary_start_timeout: 300,
      failsafe_mode: true,
      synchronous_mode: false,
      member_slots_ttl: '1800s',
    });
    expect(postgresql).toMatchObject({ use_pg_rewind: true, use_slots: true });
  });

  test('takes every prop of patroni', () => {
    expect(
      dynamic({
        patroni: {
          ttl: Duration.minutes(1),
          loopWait: Duration.seconds(5),
          retryTimeout: Duration.seconds(20),
          maximumLagOnFailover: Size.mebibytes(1),
          primaryStartTimeout: Duration.minutes(2),
          failsafeMode: false,
          usePgRewind: false,
          useSlots: false,
          memberSlotsTtl: Duration.hours(1),
        },
      }),
    ).toMatchObject({
      ttl: 60,
      loop_wait: 5,
      retry_timeout: 20,
      maximum_lag_on_failover: 1048576,
      primary_start_timeout: 120,
      failsafe_mode: false,
      member_slots_ttl: '3600s',
      postgresql: { use_pg_rewind: false, use_slots: false },
    });
  });

  test.each([
    ['async', { synchronous_mode: false }],
    ['sync', { synchronous_mode: true, synchronous_mode_strict: false, synchronous_node_count: 1 }],
    ['syncStrict', { synchronous_mode: true, synchronous_mode_strict: true, synchronous_node_count: 1 }],
    ['quorum', { synchronous_mode: 'quorum', synchronous_mode_strict: false, synchronous_node_count: 1 }],
  ] as const)('durability %s is %j', (durability, expected) => {
    const got = dynamic({ durability });
    expect(Object.fromEntries(Object.entries(got).filter(([key]) => key.startsWith('synchronous_')))).toEqual(expected);
  });

  test('the number of synchronous standbys is that of the prop', () => {
    expect(dynamic({ durability: 'quorum', members: 5, patroni: { synchronousNodeCount: 2 } }).synchronous_node_count).toBe(2);
  });

  test.each([
    [1, false],
    [2, true],
    [3, true],
  ])('%i members: failsafe mode is %s', (members, failsafe) => {
    expect(dynamic({ members }).failsafe_mode).toBe(failsafe);
  });

  test.each([
    ['4.1', true],
    ['4.0', true],
    ['3.3', false],
    ['3.0', false],
  ])('Patroni %s knows member_slots_ttl: %s', (patroniVersion, knows) => {
    expect('member_slots_ttl' in dynamic({ patroniVersion })).toBe(knows);
  });

  test('parameters are sorted, so that their order in the source is no change', () => {
    const names = Object.keys(dynamic({ postgresql: { parameters: { work_mem: '8MB', autovacuum_naptime: 15 } } }).postgresql.parameters);
    expect(names).toEqual([...names].sort());
    expect(names).toContain('autovacuum_naptime');
  });

  test("6.6/8: what Patroni takes only from there is there, and never in a member's own file", () => {
    // GIVEN the parameters that Patroni ignores in local configuration
    const parameters = {
      max_connections: 200,
      max_locks_per_transaction: 128,
      max_worker_processes: 16,
      max_prepared_transactions: 10,
      wal_level: 'logical',
      track_commit_timestamp: true,
      max_wal_senders: 20,
      max_replication_slots: 20,
      wal_log_hints: true,
    };
    // THEN
    expect(dynamic({ postgresql: { parameters } }).postgresql.parameters).toMatchObject(parameters);
    expect(local({ postgresql: { parameters } }).postgresql.parameters).toEqual({
      unix_socket_directories: '/var/run/postgresql',
      password_encryption: 'scram-sha-256',
    });
  });
});

describe('local configuration', () => {
  test('is addresses, paths and logins', () => {
    const { bootstrap, kubernetes, postgresql, ...rest } = local();
    expect(rest).toEqual({
      scope: 'orders',
      log: { level: 'INFO' },
      restapi: { listen: '*:8008' },
      watchdog: { mode: 'off' },
    });
    expect(postgresql).toMatchObject({
      listen: '*:5432',
      bin_dir: '/usr/lib/postgresql/17/bin',
      data_dir: '/home/postgres/pgdata/data',
      pgpass: '/var/run/postgresql/pgpass',
      use_unix_socket: true,
      create_replica_methods: ['basebackup'],
      authentication: { superuser: { username: 'postgres' }, replication: { username: 'replicator' }, rewind: { username: 'rewind' } },
    });
    expect(bootstrap.dcs).toBeUndefined(); // it comes from dynamic.json, once
    expect(kubernetes).toMatchObject({ labels: { application: 'patroni' }, ports: [{ name: 'postgresql', port: 5432 }] });
  });

  test.each([
    ['endpoints', '4.1', { use_endpoints: true, bootstrap_labels: { 'patroni-bootstrap': 'in-progress' }, ...modern() }],
    ['configMaps', '4.1', { use_endpoints: false, bootstrap_labels: { 'patroni-bootstrap': 'in-progress' }, ...modern() }],
    ['endpoints', '4.0', { use_endpoints: true, ...modern() }],
    ['configMaps', '3.1', { use_endpoints: false, ...modern() }],
    ['endpoints', '3.0', { use_endpoints: true }],
    ['configMaps', '3.0', { use_endpoints: false }],
  ] as const)('dcs %s, Patroni %s: Kubernetes section', (dcs, patroniVersion, expected) => {
    expect(local({ dcs, patroniVersion }).kubernetes).toEqual({
      labels: { application: 'patroni' },
      scope_label: 'cluster-name',
      role_label: 'role',
      ports: [{ name: 'postgresql', port: 5432 }],
      ...expected,
    });
  });

  function modern() {
    return { leader_label_value: 'primary', follower_label_value: 'replica', standby_leader_label_value: 'primary' };
  }

  test('labels and their values are those of the props', () => {
    const patroni = {
      labels: { 'example.com/app': 'ha' },
      scopeLabel: 'scope',
      roleLabel: 'part',
      leaderLabelValue: 'lead',
      followerLabelValue: 'follow',
      logLevel: 'DEBUG' as const,
    };
    const { kubernetes, log } = local({ patroni });
    expect(log.level).toBe('DEBUG');
    expect(kubernetes).toMatchObject({
      labels: { 'example.com/app': 'ha' },
      scope_label: 'scope',
      role_label: 'part',
      leader_label_value: 'lead',
      follower_label_value: 'follow',
      standby_leader_label_value: 'lead',
    });
  });

  test('the first member is made with checksums, UTF8 and scram', () => {
    expect(local({ walStorage: undefined }).bootstrap.initdb).toEqual([
      { encoding: 'UTF8' },
      { locale: 'C.UTF-8' },
      'data-checksums',
      { 'auth-local': 'peer' },
      { 'auth-host': 'scram-sha-256' },
    ]);
  });

  test('or as the props say', () => {
    const initdb = { dataChecksums: false, encoding: 'LATIN1', locale: 'de_DE', walSegmentSize: Size.mebibytes(64) };
    expect(local({ postgresql: { initdb } }).bootstrap.initdb).toEqual([
      { encoding: 'LATIN1' },
      { locale: 'de_DE' },
      { 'auth-local': 'peer' },
      { 'auth-host': 'scram-sha-256' },
      { 'wal-segsize': 64 },
      { waldir: '/home/postgres/wal/pg_wal' },
    ]);
  });

  test.each([
    [undefined, { checkpoint: 'fast' }],
    [{ size: Size.gibibytes(5) }, { checkpoint: 'fast', waldir: '/home/postgres/wal/pg_wal' }],
  ])('a copied member puts its log where the first has it: WAL volume %#', (walStorage, basebackup) => {
    expect(local({ walStorage }).postgresql.basebackup).toEqual(basebackup);
  });

  test('clients log in by scram, the superuser only from within the pod, replication and rewind by their names', () => {
    expect(local().postgresql.pg_hba).toEqual([
      'local all postgres peer map=superuser',
      'local all all scram-sha-256',
      'host replication replicator all scram-sha-256',
      'host postgres rewind all scram-sha-256',
      'host all all all scram-sha-256',
    ]);
    expect(local().postgresql.pg_ident).toEqual(['superuser postgres postgres']);
  });

  test('lines of the props replace that for clients, never those of the members', () => {
    expect(local({ postgresql: { pgHba: ['host orders orders 10.0.0.0/8 scram-sha-256'] } }).postgresql.pg_hba).toEqual([
      'local all postgres peer map=superuser',
      'local all all scram-sha-256',
      'host replication replicator all scram-sha-256',
      'host postgres rewind all scram-sha-256',
      'host orders orders 10.0.0.0/8 scram-sha-256',
    ]);
  });

  test('other names of the three logins are used everywhere', () => {
    const credentials = {
      superuser: { username: 'root', ...login('superuser') },
      replication: { username: 'stream', ...login('replication') },
      rewind: { username: 'back', ...login('rewind') },
    };
    const { postgresql } = local({ credentials });
    expect(postgresql.authentication).toEqual({
      superuser: { username: 'root' },
      replication: { username: 'stream' },
      rewind: { username: 'back' },
    });
    expect(postgresql.pg_hba.slice(0, 4)).toEqual([
      'local all root peer map=superuser',
      'local all all scram-sha-256',
      'host replication stream all scram-sha-256',
      'host postgres back all scram-sha-256',
    ]);
    expect(postgresql.pg_ident).toEqual(['superuser postgres root']);
  });

  test.each([13, 15, 18])('PostgreSQL %i has its programs where Debian puts them', (postgresVersion) => {
    expect(local({ postgresVersion }).postgresql.bin_dir).toBe(`/usr/lib/postgresql/${postgresVersion}/bin`);
  });

  test('6.6/6: a label value of any letters is the same text after Patroni has read it', () => {
    const value = fc.stringMatching(/^[A-Za-z0-9][-_.A-Za-z0-9]{0,10}[A-Za-z0-9]$/);
    fc.assert(
      fc.property(value, (text) => expect(local({ patroni: { labels: { app: text } } }).kubernetes.labels.app).toBe(text)),
      { examples: [['0xff'], ['0b101'], ['1e3'], ['yes'], ['1_000'], ['2024-01-01']] },
    );
  });
});

const LOGINS = { replication: 'replicator', rewind: 'rewind' };

describe('roles and databases', () => {
  test('are what the agent is told, without passwords', () => {
    const wanted = wantedRoles(
      planOf({
        roles: [
          { name: 'orders', ...login('orders') },
          { name: 'reports', ...login('reports'), connectionLimit: 0, createDatabase: true, createRole: true, memberOf: ['readers'] },
          { name: 'readers' },
        ],
        databases: [{ name: 'orders', owner: 'orders' }],
      }),
    );
    expect(wanted).toEqual({
      logins: LOGINS,
      roles: [
        { name: 'orders', login: true, createdb: false, createrole: false, connectionLimit: -1, memberOf: [] },
        { name: 'reports', login: true, createdb: true, createrole: true, connectionLimit: 0, memberOf: ['readers'] },
        { name: 'readers', login: false, createdb: false, createrole: false, connectionLimit: -1, memberOf: [] },
      ],
      databases: [{ name: 'orders', owner: 'orders' }],
    });
  });

  test('are none by default', () => {
    expect(wantedRoles(planOf())).toEqual({ logins: LOGINS, roles: [], databases: [] });
  });
});

describe('ConfigMaps', () => {
  test("hold four files for Patroni and the agent, and none of Patroni's own labels", () => {
    const { metadata, data = {} } = patroniConfigMap(planOf());
    expect(metadata?.name).toBe('orders-patroni');
    expect(metadata?.labels).not.toHaveProperty('application');
    expect(metadata?.labels).not.toHaveProperty('cluster-name');
    expect(Object.keys(data).sort()).toEqual(['cluster.json', 'dynamic.json', 'patroni.yaml', 'roles.json']);
    expect(JSON.parse(data['cluster.json'] ?? '')).toEqual({ members: 3, restartWhenPending: false, tablespaces: [], extensions: {} });
    expect(JSON.parse(data['dynamic.json'] ?? '')).toEqual(dynamic());
    expect(JSON.parse(data['roles.json'] ?? '')).toEqual({ logins: LOGINS, roles: [], databases: [] });
    for (const text of Object.values(data)) expect(text).toMatch(/\n$/);
  });

  test('hold the scripts as they are, kept from the variables of Flux', () => {
    const { metadata, data = {} } = scriptsConfigMap(planOf());
    expect(metadata?.annotations).toMatchObject({ 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' });
    expect(data['start.sh']).toBe(readFileSync(join(__dirname, '../../lib/ha-postgres/scripts/start.sh'), 'utf8'));
  });
});

test('the preset for a fast failover can be spread into the props, keeps to the rules, and the rest is as ever', () => {
  const { ttl, loopWait, retryTimeout, memberSlotsTtl } = planOf({
    patroni: { ...FAST_FAILOVER, memberSlotsTtl: Duration.hours(1) },
  }).patroni;
  expect([ttl, loopWait, retryTimeout, memberSlotsTtl]).toEqual([20, 5, 5, 3600]);
  const codes = warningsOf(chartWith({ patroni: FAST_FAILOVER })).map(({ code }) => code);
  expect(codes).toEqual(warningsOf(chartWith({})).map(({ code }) => code));
});

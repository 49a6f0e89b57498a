import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { type BackupOptions, BackupTarget, CertificateSource, type HaPostgresProps, type RuleThresholds } from '../../../lib';
import { chartWith, type Json, objectOf, objectsOf } from '../../support';
import { FULL } from './full';
import { METRICS, metricsIn } from './metrics';

const SCRAPED = { scrapedBy: { namespace: 'monitoring' } };
const ruleOf = (props: Partial<HaPostgresProps> = {}, namespace = 'shop'): Json =>
  objectOf(chartWith({ ...FULL, ...props }, namespace), 'PrometheusRule', 'orders');
const alertsOf = (props?: Partial<HaPostgresProps>): Json[] => ruleOf(props).spec.groups.flatMap((group: Json) => group.rules);
const alert = (name: string, props?: Partial<HaPostgresProps>): Json => alertsOf(props).find((rule) => rule.alert === name);
const names = (props?: Partial<HaPostgresProps>) => alertsOf(props).map((rule) => rule.alert);
const backups = (given: Partial<BackupOptions>) => ({ backups: { ...FULL.backups, ...given } as BackupOptions });
const thresholds = (given: RuleThresholds) => ({ monitoring: { ...SCRAPED, rules: { thresholds: given } } });

describe('every alert', () => {
  test.each(alertsOf().map((rule) => [rule.alert, rule]))('%s says how long, how bad, what, and what to do', (name, rule) => {
    expect(rule.for).toMatch(/^\d+[smh]$/);
    expect(rule.labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/), namespace: 'shop', cluster: 'orders' });
    const { summary, description, runbook, ...others } = rule.annotations;
    expect(others).toEqual({});
    for (const text of [summary, description, runbook]) expect(text).toMatch(/\S.{10,}/);
    for (const sentence of [description, runbook]) expect(sentence).toMatch(/[.]$/);
    expect(name).toMatch(/^Postgres[A-Z]/);
    expect(JSON.stringify(rule.annotations)).not.toMatch(/undefined|NaN|\[object/);
  });

  test.each(alertsOf().map((rule) => [rule.alert, rule.expr]))('%s looks at this instance alone', (_, expr) => {
    const selectors = [...expr.matchAll(/\{([^}]*)\}/g)].map(([, selector]) => selector);
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) {
      expect(selector).toMatch(/(^|,)(exported_)?namespace="shop"/);
      expect(selector).toMatch(/cluster="orders"|[="|(]orders-|-orders-/);
    }
  });

  test('has a runbook of its name, and there are no others', () => {
    const text = readFileSync(join(__dirname, '../../../lib/ha-postgres/runbooks.md'), 'utf8');
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(names());
  });

  test('has a name of its own', () => expect(new Set(names()).size).toBe(names().length));

  test('uses only metrics that somebody gives', () => {
    const known = Object.values(METRICS).flat();
    const used = [...alertsOf(), ...alertsOf({ durability: 'quorum' })].flatMap(({ expr }) => metricsIn(expr));
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(40);
  });
});

describe('alerts are those that the instance can have', () => {
  const EXPORTER = ['ReplicationLag', 'WalVolumeFilling', 'SlotRetainsWal', 'ConnectionsHigh', 'TransactionIdsRunOut', 'ExporterDown'];
  const JOBS = ['BackupOld', 'FullBackupOld', 'BackupJobFailed'];
  const given = CertificateSource.secret('tls');
  const repository = BackupTarget.gcs({ bucket: 'bills', path: '/bills/1', credentials: 'auto' });
  const missing = (props: Partial<HaPostgresProps>) => names().filter((name) => !names(props).includes(name));

  test.each<[string, Partial<HaPostgresProps>, string[]]>([
    ['without exporter', { monitoring: { ...SCRAPED, exporter: false } }, [...EXPORTER, 'ArchiverFailing', 'ArchiveLate']],
    ['without synchronous standbys', { durability: 'async' }, ['SyncStandbyMissing']],
    ['with one member', { members: 1 }, ['SyncStandbyMissing']],
    ['without a WAL volume', { walStorage: undefined }, ['WalVolumeFilling']],
    ['without cert-manager', { tls: { certificate: given }, ...backups({ certificate: given }) }, ['CertificateExpires']],
    ['without TLS', { tls: undefined, ...backups({ certificate: given }) }, ['CertificateExpires']],
    ['without backups', { backups: undefined }, ['ArchiverFailing', 'ArchiveLate', ...JOBS]],
    ['with backups suspended', backups({ suspended: true }), JOBS],
    ['without schedules', backups({ schedules: { full: false, incremental: false, verify: false } }), JOBS],
    ['with the repository verified alone', backups({ schedules: { full: false, incremental: false } }), ['BackupOld', 'FullBackupOld']],
    ['without incremental backups', backups({ schedules: { incremental: false } }), ['BackupOld']],
    ['of a standby cluster', { standbyOf: { host: 'bills' } }, ['SyncStandbyMissing', ...JOBS]],
    ['of a standby cluster of a repository', { standbyOf: { repository } }, ['ReplicationLag', 'SyncStandbyMissing', ...JOBS]],
  ])('%s', (_, props, left) => {
    expect(missing(props)).toEqual(left.map((name) => `Postgres${name}`));
  });

  test('without the exporter no expression asks for its metrics', () => {
    const used = alertsOf({ monitoring: { ...SCRAPED, exporter: false } }).flatMap(({ expr }) => metricsIn(expr));
    expect(used.filter((name) => name.startsWith('pg_'))).toEqual([]);
  });

  test.each<[string, Partial<HaPostgresProps>]>([
    ['not asked for', { monitoring: { ...SCRAPED, rules: false } }],
    ['hibernated: each would fire', { hibernated: true }],
  ])('none: %s', (_, props) => {
    expect(objectsOf(chartWith({ ...FULL, ...props }, 'shop')).filter((o: Json) => o.kind === 'PrometheusRule')).toEqual([]);
  });

  test.each<[Partial<HaPostgresProps>, string[]]>([
    [{}, ['orders-tls', 'orders-pgbackrest-tls']],
    [{ tls: undefined }, ['orders-pgbackrest-tls']],
    [{ tls: undefined, backups: undefined }, []],
  ])('both certificates are watched %#', (props, certificates) => {
    const named = [...(alert('PostgresCertificateExpires', props)?.expr ?? '').matchAll(/name="(orders-[^"]*)"/g)].map(([, name]) => name);
    expect([...new Set(named)]).toEqual(certificates);
  });
});

describe('thresholds', () => {
  const mib = 1024 * 1024;

  test.each<[string, RuleThresholds, string]>([
    ['PostgresReplicationLag', {}, '> 60'],
    ['PostgresReplicationLag', { replicationLag: Duration.minutes(5) }, '> 300'],
    ['PostgresReplicationLag', { replicationLag: Duration.seconds(0) }, '> 0'],
    ['PostgresBackupOld', {}, `> ${26 * 3600}`],
    ['PostgresBackupOld', { backupAge: Duration.hours(4) }, `> ${4 * 3600}`],
    ['PostgresFullBackupOld', {}, `> ${8 * 86_400}`],
    ['PostgresFullBackupOld', { fullBackupAge: Duration.days(2) }, `> ${2 * 86_400}`],
    ['PostgresVolumeFull', {}, '> 0.8'],
    ['PostgresVolumeFull', { volumeUse: 85 }, '> 0.85'],
    ['PostgresWalVolumeFilling', {}, `> ${0.7 * 5120 * mib}`],
    ['PostgresWalVolumeFilling', { walVolumeUse: 65 }, `> ${0.65 * 5120 * mib}`],
    ['PostgresConnectionsHigh', {}, '> 0.8'],
    ['PostgresConnectionsHigh', { connections: 90 }, '> 0.9'],
  ])('%s with %j', (name, given, end) => {
    expect(alert(name, thresholds(given)).expr.endsWith(end)).toBe(true);
  });

  test.each<[string, Partial<HaPostgresProps>, string]>([
    ['PostgresMembersMissing', { members: 5 }, '< 5'],
    ['PostgresApiUnreachable', { patroni: { ttl: Duration.seconds(45) } }, '> 45'],
    ['PostgresReplicaBehind', { patroni: { maximumLagOnFailover: Size.mebibytes(16) } }, `> ${16 * mib}`],
    ['PostgresSyncStandbyMissing', { patroni: { synchronousNodeCount: 2 } }, '< 2'],
    // half of max_slot_wal_keep_size, which is 30 % of the volume; or as the parameter says; -1 is no limit
    ['PostgresSlotRetainsWal', {}, `> ${768 * mib}`],
    ['PostgresSlotRetainsWal', { postgresql: { parameters: { max_slot_wal_keep_size: '2GB' } } }, `> ${1024 * mib}`],
    ['PostgresSlotRetainsWal', { postgresql: { parameters: { max_slot_wal_keep_size: '-1' } } }, `> ${2560 * mib}`],
    // 14 days, or half of what is left when cert-manager renews
    ['PostgresCertificateExpires', {}, `< ${14 * 86_400}`],
    [
      'PostgresCertificateExpires',
      { tls: { certificate: CertificateSource.certManager({ issuer: 'ca', duration: Duration.hours(24) }) } },
      `< ${4 * 3600}`,
    ],
    [
      'PostgresCertificateExpires',
      { tls: { certificate: CertificateSource.certManager({ issuer: 'ca', renewBefore: Duration.hours(10) }) } },
      `< ${5 * 3600}`,
    ],
  ])('%s follows the props %#', (name, props, end) => {
    expect(
      alert(name, props)
        .expr.split('\n')
        .some((line: string) => line.endsWith(end)),
    ).toBe(true);
  });

  test.each<[string, string | false, number | undefined, number]>([
    ['12 2 * * 0', '12 2 * * 1-6', 26, 8 * 24], // the default
    ['12 2 * * 0', '12 3 * * 1-6', 27, 8 * 24],
    ['0 2 * * 0', '0 * * * *', 26, 8 * 24], // a full backup may take a day
    ['0 2 * * 0', '0 2 * * 3', 4 * 24 + 2, 8 * 24],
    ['@monthly', '@weekly', 7 * 24 + 2, 32 * 24],
    ['@daily', false, undefined, 48],
  ])('backups are old when schedules %s and %s say so', (full, incremental, any, old) => {
    const given = backups({ schedules: { full, incremental } });
    expect(alert('PostgresBackupOld', given)?.expr.split(' > ').pop()).toBe(any && `${any * 3600}`);
    expect(alert('PostgresFullBackupOld', given).expr.split(' > ').pop()).toBe(`${old * 3600}`);
    const asked = { ...given, ...thresholds({ backupAge: Duration.days(40), fullBackupAge: Duration.days(50) }) };
    expect(alert('PostgresBackupOld', asked)?.expr.split(' > ').pop()).toBe(any && `${40 * 86_400}`);
    expect(alert('PostgresFullBackupOld', asked).expr.split(' > ').pop()).toBe(`${50 * 86_400}`);
  });

  test('a standby cluster that is asked to be late is not late', () => {
    const standbyOf = { host: 'bills', applyDelay: Duration.hours(1) };
    expect(alert('PostgresReplicationLag', { standbyOf }).expr).toMatch(/> 3660$/);
    expect(alert('PostgresReplicationLag', { standbyOf, ...thresholds({ replicationLag: Duration.hours(2) }) }).expr).toMatch(/> 7200$/);
  });

  test('archiving is late after twice its timeout, at least ten minutes', () => {
    const late = (archiveTimeout?: Duration) =>
      alert('PostgresArchiveLate', { backups: { ...FULL.backups, archiveTimeout } as HaPostgresProps['backups'] }).expr;
    expect(late()).toMatch(/last_archive_age\{.*\} > 600\n/);
    expect(late(Duration.minutes(20))).toMatch(/last_archive_age\{.*\} > 2400\n[\s\S]*offset 40m/);
  });

  test.each([
    [Duration.seconds(30), '1m'],
    [Duration.minutes(2), '4m'],
  ])('what shows in a switchover has to last for two scrapes: every %s', (interval, time) => {
    expect(alert('PostgresSeveralLeaders', { monitoring: { ...SCRAPED, podMonitor: { interval } } }).for).toBe(time);
  });

  test.each([
    ['sync', 'warning'],
    ['syncStrict', 'critical'],
  ] as const)('a missing standby with %s is %s', (durability, severity) => {
    expect(alert('PostgresSyncStandbyMissing', { durability }).labels.severity).toBe(severity);
  });

  test('a single member that is missing is everything', () => {
    expect(alert('PostgresMembersMissing', { members: 1 }).labels.severity).toBe('critical');
  });
});

test('there is a runbook’s address only where one is given', () => {
  expect(alertsOf().filter(({ annotations }) => 'runbook_url' in annotations)).toEqual([]);
  const given = alertsOf({ monitoring: { ...SCRAPED, rules: { runbookUrl: 'https://wiki.example/runbooks/' } } });
  for (const { annotations } of given) expect(new URL(annotations.runbook_url).host).toBe('wiki.example');
});

test('labels choose the rule, and runbooks may be elsewhere', () => {
  const rules = { labels: { release: 'prometheus' }, runbookUrl: 'https://wiki.example/runbooks/' };
  const props = { monitoring: { ...SCRAPED, rules } };
  expect(ruleOf(props).metadata).toEqual({
    name: 'orders',
    namespace: 'shop',
    labels: {
      'app.kubernetes.io/name': 'ha-postgres',
      'app.kubernetes.io/instance': 'orders',
      'app.kubernetes.io/component': 'monitoring',
      'app.kubernetes.io/managed-by': 'cdk8s-stateful',
      release: 'prometheus',
    },
  });
  expect(alert('PostgresNoLeader', props).annotations.runbook_url).toBe('https://wiki.example/runbooks/PostgresNoLeader');
});

import { Duration, Size } from 'cdk8s';
import { CertificateSource, type HaPostgresProps } from '../../../lib';
import { chartWith, type Json, objectOf } from '../../support';
import { FULL } from './full';
import { always, certificate, claims, cronJob, growing, HEALTHY, job, LEADER_LOCATION, members, slot } from './histories';
import { checkRules, firing, HAS_PROMTOOL, type History } from './promtool';

/** As the API server gets them. */
function groupsOf(props: Partial<HaPostgresProps> = {}): Json {
  return objectOf(chartWith({ ...FULL, ...props }, 'shop'), 'PrometheusRule', 'orders').spec.groups;
}
const three = (metric: string, ...values: number[]) => members(metric, values.map(always));
const MIB = 1024 * 1024;

/** What happens, after how many minutes one looks, and which alerts fire then. What is not said is as in a healthy cluster. */
type Row = [what: string, changes: History, minutes: number, ...alerts: string[]];

const ofMembers = (values: (healthy: string) => string) =>
  Object.fromEntries(
    Object.entries(HEALTHY).map(([series, healthy]) => [series, /^(patroni|pg)_/.test(series) ? values(healthy) : healthy]),
  );
const GONE = ofMembers(() => '_x120');

const LEADERSHIP: Row[] = [
  ['every member is gone', GONE, 6, 'PostgresMembersMissing', 'PostgresNoLeader'],
  ['every member is gone, and somebody has to know soon', GONE, 2, 'PostgresNoLeader'],
  ['Prometheus has just started, and scrapes only then', ofMembers((healthy) => `_ ${healthy}`), 0],
  ['nobody leads', three('patroni_primary', 0, 0, 0), 4, 'PostgresNoLeader'],
  ['the leader has the lock and no PostgreSQL', three('patroni_postgres_running', 0, 1, 1), 4, 'PostgresNoLeader'],
  ['a switchover between two scrapes', members('patroni_primary', ['1 1 1 0+0x20', '0 0 0 0 1+0x20', always(0)]), 4],
  ['a standby cluster leads', { ...three('patroni_primary', 0, 0, 0), ...three('patroni_standby_leader', 1, 0, 0) }, 4],
  ['two lead', three('patroni_primary', 1, 1, 0), 4, 'PostgresSeveralLeaders'],
  ['two lead for one scrape', members('patroni_primary', [always(1), '0 0 0 1 0+0x20', always(0)]), 3],
  ['the lock is free', three('patroni_cluster_unlocked', 0, 0, 1), 4, 'PostgresUnlocked'],
  ['the lock is free for one scrape', members('patroni_cluster_unlocked', '0 0 0 1 0+0x20'), 3],
  ['failsafe mode', three('patroni_failsafe_mode_is_active', 1, 0, 0), 4, 'PostgresFailsafeActive'],
  ['failsafe mode for one scrape', members('patroni_failsafe_mode_is_active', '0 0 0 1 0+0x20'), 3],
  [
    'a member is away from the API',
    members('patroni_dcs_last_seen', [growing(0, 60), always(0), growing(0, 60)]),
    4,
    'PostgresApiUnreachable',
  ],
  ['the API was seen 29 seconds ago', members('patroni_dcs_last_seen', growing(-29, 60)), 30],
  ['paused for an hour', members('patroni_is_paused', always(1)), 61, 'PostgresFailoverPaused'],
  ['paused for less', members('patroni_is_paused', always(1)), 59],
];

const behind = (bytes: number) => members('patroni_xlog_received_location', [always(0), LEADER_LOCATION, growing(1e9 - bytes, 1e6)]);

const MEMBERS: Row[] = [
  ['a member does not run', three('patroni_postgres_running', 1, 1, 0), 6, 'PostgresMembersMissing'],
  ['a member does not run for four minutes', three('patroni_postgres_running', 1, 1, 0), 4],
  ['a restart is due', three('patroni_pending_restart', 0, 1, 0), 16, 'PostgresPendingRestart'],
  ['a restart is due since ten minutes', three('patroni_pending_restart', 0, 1, 0), 10],
  ['a member is on the old timeline', three('patroni_postgres_timeline', 2, 2, 1), 6, 'PostgresTimelineDiffers'],
  ['a member has no timeline yet', three('patroni_postgres_timeline', 2, 2, 0), 10],
  ['a replica lacks 32 MiB and more', behind(32 * MIB + 1), 6, 'PostgresReplicaBehind'],
  ['a replica lacks 32 MiB', behind(32 * MIB), 10],
  [
    'a replica replays nothing',
    members('patroni_xlog_replayed_location', [always(0), LEADER_LOCATION, always(1e9)]),
    20,
    'PostgresReplicaStuck',
  ],
  [
    'nobody writes',
    {
      ...three('patroni_xlog_location', 1e9, 0, 0),
      ...three('patroni_xlog_replayed_location', 0, 1e9, 1e9),
      ...three('patroni_xlog_received_location', 0, 1e9, 1e9),
    },
    60,
  ],
  ['a minute behind and more', three('pg_replication_lag_seconds', 0, 61, 0), 6, 'PostgresReplicationLag'],
  ['a minute behind', three('pg_replication_lag_seconds', 0, 60, 0), 10],
  ['no synchronous standby', three('patroni_sync_standby', 0, 0, 0), 6, 'PostgresSyncStandbyMissing'],
  ['no synchronous standby for four minutes', three('patroni_sync_standby', 0, 0, 0), 4],
];

const archived = (age: string, location: string) => ({
  ...members('pg_stat_archiver_last_archive_age', [age, always(0), always(0)]),
  ...members('patroni_xlog_location', [location, always(0), always(0)]),
  ...members('patroni_xlog_received_location', [always(0), location, location]),
  ...members('patroni_xlog_replayed_location', [always(0), location, location]),
});
const falling = (by: number) => ({
  ...claims('kubelet_volume_stats_available_bytes', 'data', growing(9e9, -by)),
  ...claims('kubelet_volume_stats_used_bytes', 'data', growing(11e9, by)),
});

const STORAGE: Row[] = [
  ['a data volume is 81 % full', claims('kubelet_volume_stats_used_bytes', 'data', always(16.2e9)), 6, 'PostgresVolumeFull'],
  ['a WAL volume is 81 % full', claims('kubelet_volume_stats_used_bytes', 'wal', always(16.2e9)), 6, 'PostgresVolumeFull'],
  ['volumes are 80 % full', claims('kubelet_volume_stats_used_bytes', 'data', always(16e9)), 10],
  ['a volume will be full in 15 hours', falling(10e6), 70, 'PostgresVolumeFullSoon'],
  ['a volume will be full in six days', falling(1e6), 70],
  ['the WAL takes 70 % and more', three('pg_wal_size_bytes', 0.7 * 5120 * MIB + 1, 0, 0), 2, 'PostgresWalVolumeFilling'],
  ['the WAL takes 70 %', three('pg_wal_size_bytes', 0.7 * 5120 * MIB, 0, 0), 10],
  [
    'a slot keeps half of what it may for nobody',
    { ...slot('pg_replication_slots_pg_wal_lsn_diff', always(768 * MIB + 1)), ...slot('pg_replication_slots_active', always(0)) },
    11,
    'PostgresSlotRetainsWal',
  ],
  ['a slot that is read keeps as much', slot('pg_replication_slots_pg_wal_lsn_diff', always(768 * MIB + 1)), 20],
];

const database = (metric: string, value: number) =>
  members(`pg_database_wraparound_age_${metric}_seconds`, always(value), ',datname="orders"');
const backends = (value: number) => members('pg_stat_database_numbackends', always(value), ',datname="orders"');

const SERVER: Row[] = [
  ['81 of 100 connections', backends(80), 6, 'PostgresConnectionsHigh'],
  ['80 of 100 connections', backends(79), 10],
  ['half of the transaction ids', database('datfrozenxid', 2 ** 30 + 1), 11, 'PostgresTransactionIdsRunOut'],
  ['half of the multixact ids', database('datminmxid', 2 ** 30 + 1), 11, 'PostgresTransactionIdsRunOut'],
  ['less than half', { ...database('datfrozenxid', 2 ** 30), ...database('datminmxid', 2 ** 30) }, 20],
  ['an exporter that cannot log in', three('pg_up', 1, 0, 1), 6, 'PostgresExporterDown'],
  ['an exporter that does not answer', members('pg_up', [always(1), '1 1 stale _x117', always(1)]), 8, 'PostgresExporterDown'],
  ['an exporter that answers again', members('pg_up', [always(1), '1 stale _ _ 1+0x116', always(1)]), 3],
  ['an exporter that starts again', three('pg_up', 1, 0, 1), 4],
];

const succeeded = (full: string, incremental: string) => ({
  ...cronJob('kube_cronjob_status_last_successful_time', 'backup-full', full),
  ...cronJob('kube_cronjob_status_last_successful_time', 'backup-incr', incremental),
});
const HOUR = 3600;
const failed = { ...job('kube_job_failed', always(1), ',condition="true"'), ...job('kube_job_status_start_time', always(600)) };

const BACKUPS: Row[] = [
  ['archiving fails', members('pg_stat_archiver_failed_count', growing(0, 1)), 8, 'PostgresArchiverFailing'],
  ['archiving failed once', members('pg_stat_archiver_failed_count', '0 0 3+0x30'), 8],
  ['archiving hangs while rows are written', archived(growing(0, 60), growing(1e9, 10e6)), 13, 'PostgresArchiveLate'],
  ['nothing is archived, and nothing written', archived(growing(0, 60), always(1e9)), 60],
  ['no backup for 26 hours', succeeded(always(-26 * HOUR), always(-26 * HOUR)), 12, 'PostgresBackupOld'],
  ['no backup for 25 hours', succeeded(always(-25 * HOUR), always(-25 * HOUR)), 20],
  [
    'never a backup since 26 hours',
    {
      ...succeeded('_x120', '_x120'),
      ...cronJob('kube_cronjob_created', 'backup-full', always(-26 * HOUR)),
      ...cronJob('kube_cronjob_created', 'backup-incr', always(-26 * HOUR)),
    },
    12,
    'PostgresBackupOld',
  ],
  ['never a backup since two hours', succeeded('_x120', '_x120'), 119],
  ['no full backup for 8 days', succeeded(always(-8 * 24 * HOUR), growing(0, 60)), 12, 'PostgresFullBackupOld'],
  ['no full backup for 7 days', succeeded(always(-7 * 24 * HOUR), growing(0, 60)), 20],
  ['a backup failed', { ...succeeded(always(0), always(0)), ...failed }, 12, 'PostgresBackupJobFailed'],
  ['a backup failed, and there was never one', { ...succeeded('_x120', always(0)), ...failed }, 12, 'PostgresBackupJobFailed'],
  [
    'verify says that the repository is damaged, or that its stanza is not ok',
    {
      ...job('kube_job_failed', always(1), ',condition="true"', 'verify'),
      ...job('kube_job_status_start_time', always(600), '', 'verify'),
      ...cronJob('kube_cronjob_status_last_successful_time', 'verify', always(0)),
    },
    12,
    'PostgresBackupJobFailed',
  ],
  ['a backup failed, and a later one succeeded', { ...succeeded(always(1200), always(0)), ...failed }, 30],
];

const DAYS_14 = 14 * 24 * HOUR;

const CERTIFICATES: Row[] = [
  ['a certificate ends in 14 days', certificate(always(DAYS_14)), 62, 'PostgresCertificateExpires'],
  [
    'a certificate ends in 14 days, with honored labels',
    { ...certificate('_x120'), ...certificate(always(DAYS_14), 'namespace="shop"') },
    62,
    'PostgresCertificateExpires',
  ],
  [
    "pgBackRest's certificate ends in 14 days",
    certificate(always(DAYS_14), undefined, 'orders-pgbackrest-tls'),
    62,
    'PostgresCertificateExpires',
  ],
  ["another namespace's certificate ends", certificate(always(0), 'namespace="cert-manager",exported_namespace="till"'), 100],
  ['a certificate ends in 15 days', certificate(always(15 * 24 * HOUR)), 100],
];

const ROWS = [...LEADERSHIP, ...MEMBERS, ...STORAGE, ...SERVER, ...BACKUPS, ...CERTIFICATES];
const NAMES: string[] = groupsOf().flatMap((group: Json) => group.rules.map((rule: Json) => rule.alert));

test('every alert has a history in which it fires; and of every subject some do not', () => {
  const fire = new Set(ROWS.flatMap(([, , , ...alerts]) => alerts));
  expect(NAMES.filter((name) => !fire.has(name))).toEqual([]);
  expect(ROWS.filter(([, , , ...alerts]) => alerts.length === 0).length).toBeGreaterThanOrEqual(NAMES.length);
});

describe(HAS_PROMTOOL ? 'with promtool' : 'without promtool', () => {
  if (!HAS_PROMTOOL) {
    test('the alerts are left to where Debian’s package prometheus is', () => expect(HAS_PROMTOOL).toBe(false));
    return;
  }
  const groups = groupsOf();

  test('Prometheus can load all of them', () => expect(checkRules(groups)).toBe(''));

  test.each([1, 10, 61, 119])('in a healthy cluster none fires, after %i minutes', (minutes) => {
    expect(firing(groups, HEALTHY, minutes, [])).toBe('');
  });

  test.each(ROWS)('%s', (_, changes, minutes, ...alerts) => {
    expect(firing(groups, { ...HEALTHY, ...changes }, minutes, alerts)).toBe('');
  });

  test('what happens to others, in the namespace or of the name, is not ours', () => {
    const other = (own: string) => ({
      ...members('patroni_failsafe_mode_is_active', always(1), '', own),
      ...members('pg_up', always(0), '', own),
    });
    const others = { ...other('namespace="till",cluster="orders"'), ...other('namespace="shop",cluster="bills"') };
    expect(firing(groups, { ...HEALTHY, ...others }, 10, [])).toBe('');
  });

  test('of several schedules, those that are on are watched', () => {
    const only = { ...FULL.backups, schedules: { incremental: false } } as HaPostgresProps['backups'];
    const history = { ...HEALTHY, ...succeeded(always(-26 * HOUR), '_x120') };
    expect(firing(groupsOf({ backups: only }), history, 30, [])).toBe('');
  });

  const scheduled = (full: string, incremental: string | false) =>
    groupsOf({ backups: { ...FULL.backups, schedules: { full, incremental } } as HaPostgresProps['backups'] });
  const DAY = 24 * HOUR;

  test('rare schedules: alerts wait for the next backup, and not for long', () => {
    const rare = scheduled('0 2 1 * *', '0 2 * * 3'); // monthly, and on Wednesdays
    const since = (days: number) => ({ ...HEALTHY, ...succeeded(always(-days * DAY), always(-days * DAY)) });
    expect(firing(rare, since(7), 60, [])).toBe('');
    expect(firing(rare, since(7), 119, [])).toBe('');
    expect(firing(rare, since(8), 60, ['PostgresBackupOld'])).toBe('');
    expect(firing(rare, since(31), 60, ['PostgresBackupOld'])).toBe('');
    expect(firing(rare, since(33), 60, ['PostgresBackupOld', 'PostgresFullBackupOld'])).toBe('');
  });

  test('full backups every day, and no others: their alert does not wait for a week', () => {
    const daily = scheduled('0 2 * * *', false);
    const since = (hours: number) => ({ ...HEALTHY, ...succeeded(always(-hours * HOUR), '_x120') });
    expect(firing(daily, since(46), 60, [])).toBe('');
    expect(firing(daily, since(48), 60, ['PostgresFullBackupOld'])).toBe('');
  });

  test('a standby cluster that follows, without a backup and without synchronous standbys, is well', () => {
    const standby = groupsOf({ standbyOf: { host: 'bills', applyDelay: Duration.minutes(10) } });
    const history = {
      ...HEALTHY,
      ...three('patroni_primary', 0, 0, 0),
      ...three('patroni_standby_leader', 1, 0, 0),
      ...three('patroni_sync_standby', 0, 0, 0),
      ...three('patroni_xlog_location', 0, 0, 0),
      ...three('pg_replication_lag_seconds', 600, 600, 0),
      ...succeeded('_x120', '_x120'),
      ...cronJob('kube_cronjob_created', 'backup-full', always(-99 * DAY)),
      ...cronJob('kube_cronjob_created', 'backup-incr', always(-99 * DAY)),
    };
    expect(firing(standby, history, 60, [])).toBe('');
    expect(firing(standby, { ...history, ...three('pg_replication_lag_seconds', 661, 0, 0) }, 60, ['PostgresReplicationLag'])).toBe('');
    expect(firing(standby, { ...history, ...three('patroni_standby_leader', 0, 0, 0) }, 60, ['PostgresNoLeader'])).toBe('');
    expect(firing(standby, GONE, 60, ['PostgresMembersMissing', 'PostgresNoLeader'])).toBe('');
  });

  test('suspended backups are not missed', () => {
    const suspended = groupsOf({ backups: { ...FULL.backups, suspended: true } as HaPostgresProps['backups'] });
    expect(firing(suspended, { ...HEALTHY, ...succeeded(always(-99 * DAY), always(-99 * DAY)), ...failed }, 60, [])).toBe('');
  });

  test('each certificate by its own life', () => {
    const shortLived = groupsOf({ tls: { certificate: CertificateSource.certManager({ issuer: 'ca', duration: Duration.hours(24) }) } });
    const history = (hours: number) => ({ ...HEALTHY, ...certificate(growing(hours * HOUR, 60)) });
    expect(firing(shortLived, history(5), 100, [])).toBe('');
    expect(firing(shortLived, history(3), 100, ['PostgresCertificateExpires'])).toBe('');
    const archive = { ...history(5), ...certificate(always(DAYS_14), undefined, 'orders-pgbackrest-tls') };
    expect(firing(shortLived, archive, 100, ['PostgresCertificateExpires'])).toBe('');
  });

  test('a WAL volume of 512 MiB that fills by 20 MiB a minute: the alert fires before 80 %', () => {
    const small = groupsOf({ walStorage: { size: Size.mebibytes(512) } });
    const history = { ...HEALTHY, ...members('pg_wal_size_bytes', [growing(0, 20 * MIB), always(0), always(0)]) };
    const full80 = Math.floor((0.8 * 512) / 20); // minutes
    expect(firing(small, history, full80, ['PostgresWalVolumeFilling'])).toBe('');
  });

  test('quorum commit looks at quorum standbys', () => {
    const quorum = groupsOf({ durability: 'quorum' });
    const history = (n: number) => ({ ...HEALTHY, ...three('patroni_sync_standby', 0, 0, 0), ...three('patroni_quorum_standby', 0, n, 0) });
    expect(firing(quorum, history(1), 10, [])).toBe('');
    expect(firing(quorum, history(0), 10, ['PostgresSyncStandbyMissing'])).toBe('');
  });
});

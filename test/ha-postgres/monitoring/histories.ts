import type { History } from './promtool';

/** A constant for two hours. */
export const always = (value: number) => `${value}+0x120`;
/** From a value, by so much a minute. */
export const growing = (from: number, by: number) => `${from}${by < 0 ? '' : '+'}${by}x120`;

const OWN = 'namespace="shop",cluster="orders"';

/** A metric of each member: one value, or one for each. */
export function members(metric: string, values: string | string[], more = '', own = OWN): History {
  const list = Array.isArray(values) ? values : [values, values, values];
  return Object.fromEntries(list.map((value, i) => [`${metric}{${own},pod="orders-${i}"${more}}`, value]));
}

/** A metric of the claims `data-orders-0` … */
export function claims(metric: string, claim: string, value: string): History {
  return Object.fromEntries([0, 1, 2].map((i) => [`${metric}{namespace="shop",persistentvolumeclaim="${claim}-orders-${i}"}`, value]));
}

export const cronJob = (metric: string, name: string, value: string): History => ({
  [`${metric}{namespace="shop",cronjob="orders-${name}"}`]: value,
});

export const job = (metric: string, value: string, more = '', name = 'backup-full'): History => ({
  [`${metric}{namespace="shop",job_name="orders-${name}-29000000"${more}}`]: value,
});

export const certificate = (
  value: string,
  labels = 'namespace="cert-manager",exported_namespace="shop"',
  name = 'orders-tls',
): History => ({
  [`certmanager_certificate_expiration_timestamp_seconds{${labels},name="${name}"}`]: value,
});

export const slot = (metric: string, value: string): History => ({
  [`${metric}{${OWN},pod="orders-0",slot_name="orders_1"}`]: value,
});

/** What orders-0 has written: a megabyte a minute; and what replicas have of it. */
export const LEADER_LOCATION = growing(1e9, 1e6);
const WRITTEN = [always(0), LEADER_LOCATION, LEADER_LOCATION];

/** Two hours of a cluster in which nothing is wrong; orders-0 leads. */
export const HEALTHY: History = {
  ...members('patroni_postgres_running', always(1)),
  ...members('patroni_primary', [always(1), always(0), always(0)]),
  ...members('patroni_standby_leader', always(0)),
  ...members('patroni_replica', [always(0), always(1), always(1)]),
  ...members('patroni_sync_standby', [always(0), always(1), always(0)]),
  ...members('patroni_cluster_unlocked', always(0)),
  ...members('patroni_failsafe_mode_is_active', always(0)),
  ...members('patroni_is_paused', always(0)),
  ...members('patroni_pending_restart', always(0)),
  ...members('patroni_postgres_timeline', always(1)),
  ...members('patroni_dcs_last_seen', growing(0, 60)),
  ...members('patroni_xlog_location', [LEADER_LOCATION, always(0), always(0)]),
  ...members('patroni_xlog_received_location', WRITTEN),
  ...members('patroni_xlog_replayed_location', WRITTEN),
  ...members('pg_up', always(1)),
  ...members('pg_replication_lag_seconds', always(0)),
  ...members('pg_stat_database_numbackends', always(20), ',datname="orders"'),
  ...members('pg_stat_database_numbackends', always(1), ',datname="postgres"'),
  ...members('pg_settings_max_connections', always(100)),
  ...members('pg_database_wraparound_age_datfrozenxid_seconds', always(1e8), ',datname="orders"'),
  ...members('pg_database_wraparound_age_datminmxid_seconds', always(1e6), ',datname="orders"'),
  ...members('pg_wal_size_bytes', always(1e9)),
  ...members('pg_stat_archiver_failed_count', always(0)),
  ...members('pg_stat_archiver_last_archive_age', always(30)),
  ...slot('pg_replication_slots_pg_wal_lsn_diff', always(1000)),
  ...slot('pg_replication_slots_active', always(1)),
  ...Object.fromEntries(
    ['data', 'wal'].flatMap((claim) =>
      Object.entries({
        ...claims('kubelet_volume_stats_used_bytes', claim, always(10e9)),
        ...claims('kubelet_volume_stats_available_bytes', claim, always(10e9)),
        ...claims('kubelet_volume_stats_capacity_bytes', claim, always(20e9)),
      }),
    ),
  ),
  ...cronJob('kube_cronjob_created', 'backup-full', always(0)),
  ...cronJob('kube_cronjob_created', 'backup-incr', always(0)),
  ...cronJob('kube_cronjob_status_last_successful_time', 'backup-full', growing(0, 60)),
  ...cronJob('kube_cronjob_status_last_successful_time', 'backup-incr', growing(0, 60)),
  ...job('kube_job_status_start_time', always(0)),
  ...job('kube_job_failed', always(0), ',condition="true"'),
  ...certificate(always(1e9)),
  ...certificate(always(1e9), undefined, 'orders-pgbackrest-tls'),
};

/**
 * Every metric that alerts and dashboard use, by who gives it. Names of Patroni and the exporter are compared with what the real
 * programs give in e2e/ha-postgres-monitoring.long.test.ts; the others, which no test cluster here runs, are from their documentation.
 */
export const METRICS = {
  /** Patroni 3.0 to 4.1: patroni/api.py, do_GET_metrics. */
  patroni: [
    'patroni_cluster_unlocked',
    'patroni_dcs_last_seen',
    'patroni_failsafe_mode_is_active',
    'patroni_is_paused',
    'patroni_pending_restart',
    'patroni_postgres_running',
    'patroni_postgres_timeline',
    'patroni_primary',
    'patroni_replica',
    'patroni_standby_leader',
    'patroni_sync_standby',
    'patroni_version',
    'patroni_xlog_location',
    'patroni_xlog_received_location',
    'patroni_xlog_replayed_location',
  ],
  /** From Patroni 4.0 on, as `durability: 'quorum'` itself. */
  patroniQuorum: ['patroni_quorum_standby'],
  /** postgres_exporter 0.17 to 0.20. */
  exporter: [
    'pg_database_wraparound_age_datfrozenxid_seconds',
    'pg_database_wraparound_age_datminmxid_seconds',
    'pg_locks_count',
    'pg_replication_lag_seconds',
    'pg_replication_slots_active',
    'pg_replication_slots_pg_wal_lsn_diff',
    'pg_settings_max_connections',
    'pg_stat_activity_max_tx_duration',
    'pg_stat_archiver_archived_count',
    'pg_stat_archiver_failed_count',
    'pg_stat_archiver_last_archive_age',
    'pg_stat_database_blks_hit',
    'pg_stat_database_blks_read',
    'pg_stat_database_numbackends',
    'pg_stat_database_xact_commit',
    'pg_stat_database_xact_rollback',
    'pg_up',
    'pg_wal_size_bytes',
  ],
  /** The kubelet: Kubernetes Metrics Reference. */
  kubelet: ['kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_capacity_bytes', 'kubelet_volume_stats_used_bytes'],
  /** kube-state-metrics 2.6 or later: docs/metrics/workload/cronjob-metrics.md and job-metrics.md. */
  kubeStateMetrics: ['kube_cronjob_created', 'kube_cronjob_status_last_successful_time', 'kube_job_failed', 'kube_job_status_start_time'],
  /** cert-manager: "Prometheus Metrics". */
  certManager: ['certmanager_certificate_expiration_timestamp_seconds'],
};

/** Names of the metrics in an expression of ours, which gives each a selector. */
export function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/\b([a-z_:][a-z0-9_:]*)\{/g)].map(([, name = '']) => name);
}

import { createHash } from 'node:crypto';
import type { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from '../plan';
import { layOut, type Panel } from './panels';

const MEMBERS = 'namespace="$namespace",cluster="$cluster"';
const of = (metric: string) => `${metric}{${MEMBERS}}`;
const perPod = (expr: string) => [{ expr, legend: '{{pod}}' }];

/** A dashboard of this instance, and by its variables of any other. */
export function dashboardConfigMap(plan: HaPostgresPlan): k8s.KubeConfigMapProps | undefined {
  const { dashboard } = plan.monitoring ?? {};
  if (!dashboard) return undefined;
  const { namespace, names } = plan;
  const { name, labels } = plan.metadata(names.dashboard, 'monitoring');
  const file = ['ha-postgres', ...(namespace ? [namespace] : []), names.cluster].join('-'); // one folder has those of all namespaces
  return {
    metadata: {
      name,
      labels: { ...dashboard.labels, ...labels },
      annotations: { ...dashboard.annotations, 'kustomize.toolkit.fluxcd.io/substitute': 'disabled' }, // ${datasource} is Grafana's
    },
    data: { [`${file}.json`]: `${JSON.stringify(dashboardJson(plan), null, 2)}\n` },
  };
}

/** The dashboard as Grafana reads it. */
export function dashboardJson(plan: HaPostgresPlan): { panels: object[] } & Record<string, unknown> {
  const { namespace, names } = plan;
  const variable = (name: string, query: string, value?: string) => ({
    name,
    type: 'query',
    datasource: { type: 'prometheus', uid: '${datasource}' },
    query,
    refresh: 2,
    ...(value && { current: { text: value, value } }),
  });
  return {
    // Grafana refuses two of one id; it may have 40 characters, and a name and a namespace have more.
    uid: `ha-postgres-${createHash('sha256')
      .update(`${namespace ?? ''}/${names.cluster}`)
      .digest('hex')
      .slice(0, 16)}`,
    title: `PostgreSQL: ${names.cluster}${namespace ? ` (${namespace})` : ''}`,
    tags: ['postgresql', 'patroni'],
    schemaVersion: 39,
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus' },
        variable('namespace', 'label_values(patroni_version, namespace)', namespace),
        variable('cluster', 'label_values(patroni_version{namespace="$namespace"}, cluster)', names.cluster),
      ],
    },
    panels: layOut(panels(plan)),
  };
}

function panels(plan: HaPostgresPlan): Panel[] {
  const { exporter } = plan.monitoring ?? {};
  return [
    ...members(),
    ...(exporter ? load() : []),
    ...(exporter ? log(plan) : []),
    ...volumes(),
    ...(plan.props.backups ? backups() : []),
  ];
}

function members(): Panel[] {
  const leads = `(${of('patroni_primary')} + ${of('patroni_standby_leader')})`;
  const states = {
    0: { text: 'not running', color: 'red' },
    1: { text: 'follows', color: 'blue' },
    2: { text: 'leads', color: 'green' },
  };
  const behind = `max(${of('patroni_xlog_location')}) - on () group_right () (${of('patroni_xlog_received_location')} > 0)`;
  return [
    {
      title: 'Members',
      type: 'state-timeline',
      queries: perPod(`max by (pod) (${of('patroni_postgres_running')} * (1 + ${leads}))`),
      unit: 'short',
      mappings: states,
      width: 16,
      height: 7,
    },
    {
      title: 'Failsafe, paused, pending restart',
      type: 'stat',
      queries: [
        { expr: `max(${of('patroni_failsafe_mode_is_active')})`, legend: 'failsafe' },
        { expr: `max(${of('patroni_is_paused')})`, legend: 'paused' },
        { expr: `sum(${of('patroni_pending_restart')})`, legend: 'pending restart' },
      ],
      unit: 'short',
      mappings: { 0: { text: 'no', color: 'green' }, 1: { text: 'yes', color: 'orange' } },
      width: 8,
      height: 7,
    },
    graph('Behind the leader', perPod(`clamp_min(${behind}, 0)`), 'bytes'),
    graph('Timeline', perPod(`max by (pod) (${of('patroni_postgres_timeline')})`), 'short'),
  ];
}

function load(): Panel[] {
  const rate = (metric: string) => `sum by (pod) (rate(${of(metric)}[$__rate_interval]))`;
  const hits = rate('pg_stat_database_blks_hit');
  return [
    graph('Replication lag', perPod(`max by (pod) (${of('pg_replication_lag_seconds')})`), 's'),
    graph('Transactions a second', perPod(`${rate('pg_stat_database_xact_commit')} + ${rate('pg_stat_database_xact_rollback')}`), 'ops'),
    graph(
      'Connections',
      [
        ...perPod(`sum by (pod) (${of('pg_stat_database_numbackends')})`),
        { expr: `min(${of('pg_settings_max_connections')})`, legend: 'max_connections' },
      ],
      'short',
    ),
    graph('Cache hits', perPod(`${hits} / (${hits} + ${rate('pg_stat_database_blks_read')})`), 'percentunit'),
    graph('Locks', [{ expr: `sum by (mode) (${of('pg_locks_count')}) > 0`, legend: '{{mode}}' }], 'short'),
    graph('Longest transaction', perPod(`max by (pod) (${of('pg_stat_activity_max_tx_duration')})`), 's'),
  ];
}

function log(plan: HaPostgresPlan): Panel[] {
  const archiver = (count: string) => `sum(rate(${of(`pg_stat_archiver_${count}`)}[$__rate_interval])) * 60`;
  return [
    graph(
      'Write-ahead log',
      [
        ...perPod(`max by (pod) (${of('pg_wal_size_bytes')})`),
        { expr: `max by (pod, slot_name) (${of('pg_replication_slots_pg_wal_lsn_diff')})`, legend: 'slot {{slot_name}} on {{pod}}' },
      ],
      'bytes',
    ),
    ...(plan.props.backups
      ? [
          graph(
            'Archiver, segments a minute',
            [
              { expr: archiver('archived_count'), legend: 'archived' },
              { expr: archiver('failed_count'), legend: 'failed' },
            ],
            'short',
          ),
        ]
      : []),
  ];
}

function volumes(): Panel[] {
  const claims = 'namespace="$namespace",persistentvolumeclaim=~".+-$cluster-[0-9]+"';
  const use = `kubelet_volume_stats_used_bytes{${claims}} / kubelet_volume_stats_capacity_bytes{${claims}}`;
  return [graph('Volumes', [{ expr: `max by (persistentvolumeclaim) (${use})`, legend: '{{persistentvolumeclaim}}' }], 'percentunit')];
}

function backups(): Panel[] {
  const jobs = 'namespace="$namespace",cronjob=~"$cluster-(backup-full|backup-incr|verify|drill)"';
  const age = `time() - max by (cronjob) (kube_cronjob_status_last_successful_time{${jobs}})`;
  return [graph('Since the last success', [{ expr: age, legend: '{{cronjob}}' }], 's')];
}

function graph(title: string, queries: Panel['queries'], unit: string): Panel {
  return { title, type: 'timeseries', queries, unit, width: 12, height: 7 };
}

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { seconds } from '../../internal/quantity';
import type { Image, Peer } from '../../platform';
import type { DashboardOptions, RuleOptions } from '../options';
import type { HaPostgresProps } from '../props';
import { EXPORTER_IMAGE } from '../versions';

/** Where the exporter listens: registered for it in Prometheus' wiki "Default port allocations". */
export const EXPORTER_PORT = 9187;

/** Role of the exporter in PostgreSQL. */
export const MONITOR_ROLE = 'monitor';

/** Container of the exporter. */
export const EXPORTER_CONTAINER = 'exporter';

/** Where the runbooks of the alerts are: this package's own file. `rules.runbookUrl` makes real links of them. */
const RUNBOOKS = 'cdk8s-stateful/lib/ha-postgres/runbooks.md#';

/** Everything that is derived from the props of monitoring. */
export interface MonitoringPlan {
  readonly scrapedBy: Peer;
  readonly exporter?: ExporterPlan;
  readonly podMonitor?: { readonly labels: Record<string, string> };
  /** Seconds between two scrapes. */
  readonly interval: number;
  readonly rules?: RulesPlan;
  readonly dashboard?: Required<DashboardOptions>;
}

/** The exporter, defaults filled in. */
export interface ExporterPlan {
  readonly image: Image;
  readonly args: readonly string[];
  readonly resources: kplus.ContainerResources;
}

/** The alerts, thresholds filled in: times in seconds, parts of a whole from 0 to 1. */
export interface RulesPlan {
  readonly labels: Record<string, string>;
  readonly replicationLag: number;
  readonly backupAge: number;
  readonly fullBackupAge: number;
  readonly volumeUse: number;
  readonly walVolumeUse: number;
  readonly connections: number;
  /** Of an alert. */
  runbookUrl(alert: string): string;
}

/**
 * Collectors beyond the exporter's own: the age of transaction ids, which an alert needs. Tables are left out: the exporter
 * sees those of the one database it is connected to, and there are none of anybody's in `postgres`.
 */
const COLLECTORS = ['--collector.database_wraparound', '--no-collector.stat_user_tables', '--no-collector.statio_user_tables'];

/** Of what can be left out with `false`. */
export function settings<T extends object>(option: T | false | undefined): Partial<T> {
  return option || {};
}

export function planMonitoring({ monitoring }: HaPostgresProps): MonitoringPlan | undefined {
  if (!monitoring) return undefined;
  const { scrapedBy, exporter = {}, podMonitor = {}, rules = {}, dashboard } = monitoring;
  return {
    scrapedBy,
    ...(exporter && {
      exporter: {
        image: exporter.image ?? EXPORTER_IMAGE,
        args: [...COLLECTORS, ...(exporter.args ?? [])],
        resources: exporter.resources ?? {
          cpu: { request: kplus.Cpu.millis(10) },
          memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
        },
      },
    }),
    ...(podMonitor && { podMonitor: { labels: podMonitor.labels ?? {} } }),
    interval: seconds(settings(podMonitor).interval ?? Duration.seconds(30)),
    ...(rules && { rules: planRules(rules) }),
    ...(dashboard && { dashboard: { labels: dashboard.labels ?? { grafana_dashboard: '1' }, annotations: dashboard.annotations ?? {} } }),
  };
}

function planRules({ labels = {}, thresholds = {}, runbookUrl }: RuleOptions): RulesPlan {
  return {
    labels,
    replicationLag: seconds(thresholds.replicationLag ?? Duration.seconds(60)),
    backupAge: seconds(thresholds.backupAge ?? Duration.hours(26)),
    fullBackupAge: seconds(thresholds.fullBackupAge ?? Duration.days(8)),
    volumeUse: (thresholds.volumeUse ?? 80) / 100,
    walVolumeUse: (thresholds.walVolumeUse ?? 70) / 100,
    connections: (thresholds.connections ?? 80) / 100,
    runbookUrl: (alert) => (runbookUrl === undefined ? RUNBOOKS + alert.toLowerCase() : runbookUrl + alert),
  };
}

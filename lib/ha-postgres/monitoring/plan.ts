import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { longestGap, parseCron } from '../../internal/cron';
import { resourcesOr, seconds } from '../../internal/quantity';
import type { Image, Peer } from '../../platform';
import type { BackupsPlan } from '../backups';
import type { DashboardOptions, RuleOptions } from '../options';
import type { HaPostgresProps } from '../props';
import { EXPORTER_IMAGE } from '../versions';

/** Where the exporter listens: registered for it in Prometheus' wiki "Default port allocations". */
export const EXPORTER_PORT = 9187;

/** Role of the exporter in PostgreSQL. */
export const MONITOR_ROLE = 'monitor';

/** Container of the exporter. */
export const EXPORTER_CONTAINER = 'exporter';

const HOUR = 3600;

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
  /** None where no backup is due. */
  readonly backupAge?: number;
  /** None where no full backup is due. */
  readonly fullBackupAge?: number;
  readonly volumeUse: number;
  readonly walVolumeUse: number;
  readonly connections: number;
  /** An alert's name is appended. */
  readonly runbookUrl?: string;
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

export function planMonitoring({ monitoring, standbyOf }: HaPostgresProps, backups?: BackupsPlan): MonitoringPlan | undefined {
  if (!monitoring) return undefined;
  const { scrapedBy, exporter = {}, podMonitor = {}, rules = {}, dashboard } = monitoring;
  return {
    scrapedBy,
    ...(exporter && {
      exporter: {
        image: exporter.image ?? EXPORTER_IMAGE,
        args: [...COLLECTORS, ...(exporter.args ?? [])],
        resources: resourcesOr(exporter.resources, {
          cpu: { request: kplus.Cpu.millis(10) },
          memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
        }),
      },
    }),
    ...(podMonitor && { podMonitor: { labels: podMonitor.labels ?? {} } }),
    interval: seconds(settings(podMonitor).interval ?? Duration.seconds(30)),
    ...(rules && { rules: planRules(rules, seconds(standbyOf?.applyDelay ?? Duration.seconds(0)), backups) }),
    ...(dashboard && { dashboard: { labels: dashboard.labels ?? { grafana_dashboard: '1' }, annotations: dashboard.annotations ?? {} } }),
  };
}

function planRules({ labels = {}, thresholds = {}, runbookUrl }: RuleOptions, applyDelay: number, backups?: BackupsPlan): RulesPlan {
  const { replicationLag, backupAge, fullBackupAge } = thresholds;
  const due = backupsDue(backups);
  const given = (duration: Duration | undefined, otherwise: number) => (duration === undefined ? otherwise : seconds(duration));
  return {
    labels,
    replicationLag: given(replicationLag, 60 + applyDelay),
    // Never under a day: while a full backup runs, which may take longer than others are apart, there are none of them.
    ...(due.any && { backupAge: given(backupAge, Math.max(26 * HOUR, due.any + 2 * HOUR)) }),
    ...(due.full && { fullBackupAge: given(fullBackupAge, due.full + 24 * HOUR) }),
    volumeUse: (thresholds.volumeUse ?? 80) / 100,
    walVolumeUse: (thresholds.walVolumeUse ?? 70) / 100,
    connections: (thresholds.connections ?? 80) / 100,
    runbookUrl,
  };
}

/**
 * The longest time, in seconds, between two backups as they are scheduled. Nothing where no schedule runs; nor for any backup
 * where all are full.
 */
export function backupsDue(backups?: BackupsPlan): { readonly any?: number; readonly full?: number } {
  if (!backups || backups.suspended) return {};
  const times = (expression?: string) => [expression === undefined ? '' : parseCron(expression)].filter((t) => typeof t === 'object');
  const full = times(backups.schedules.full);
  const incremental = times(backups.schedules.incremental);
  return {
    ...(incremental.length > 0 && { any: longestGap([...full, ...incremental]) * 60 }),
    ...(full.length > 0 && { full: longestGap(full) * 60 }),
  };
}

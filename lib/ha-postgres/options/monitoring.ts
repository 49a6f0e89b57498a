import type { Duration } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';
import type { Image, Peer } from '../../platform';

/** What Prometheus sees, and what it warns of. */
export interface MonitoringOptions {
  /**
   * Who scrapes; opens the metrics' ports to it. Patroni's is also that of its REST API: give `patroni.restApi`, or who scrapes
   * may change the configuration of PostgreSQL too (synth warns).
   */
  readonly scrapedBy: Peer;
  /** postgres_exporter beside every member. @default - with the library's image */
  readonly exporter?: ExporterOptions | false;
  /** @default - made, scraping every 30 s */
  readonly podMonitor?: PodMonitorOptions | false;
  /** @default - made, with the thresholds of `RuleThresholds` */
  readonly rules?: RuleOptions | false;
  /** A ConfigMap with a Grafana dashboard, as Grafana's sidecar finds it. @default - none */
  readonly dashboard?: DashboardOptions;
}

/** postgres_exporter. It logs in over the local socket, without a password, as role `monitor`, which may only read statistics. */
export interface ExporterOptions {
  /**
   * With `postgres_exporter` 0.17 or later in its path, and `sh` (so none of the tags `-distroless`).
   *
   * @default - quay.io/prometheuscommunity/postgres-exporter by its most specific tag; synth warns until you pin a digest
   */
  readonly image?: Image;
  /** Further arguments, as `--no-collector.locks`. An alert whose collector is off never fires. @default - none */
  readonly args?: string[];
  /** @default - 10 millicores and 32 to 64 MiB */
  readonly resources?: kplus.ContainerResources;
}

/** How Prometheus finds the members. Their series get the labels `namespace`, `pod` and `cluster`, by which the alerts choose. */
export interface PodMonitorOptions {
  /** By which the Prometheus operator chooses its PodMonitors. @default - none */
  readonly labels?: Record<string, string>;
  /** From 5 seconds to 2 minutes. @default Duration.seconds(30) */
  readonly interval?: Duration;
}

/** The alerts. */
export interface RuleOptions {
  /** By which the Prometheus operator chooses its rules. @default - none */
  readonly labels?: Record<string, string>;
  /** @default - see each */
  readonly thresholds?: RuleThresholds;
  /**
   * Where runbooks are; the alert's name is appended and becomes its annotation `runbook_url`. What to do first is in its
   * annotation `runbook` in any case.
   *
   * @default - no `runbook_url`; the section of the alert's name in lib/ha-postgres/runbooks.md of this package says more
   */
  readonly runbookUrl?: string;
}

/** When an alert fires. */
export interface RuleThresholds {
  /** A replica this far behind. @default - 60 seconds, and `standbyOf.applyDelay` more */
  readonly replicationLag?: Duration;
  /**
   * No backup for so long, full or incremental; without a schedule for incremental ones, `fullBackupAge` alone counts.
   *
   * @default - 26 hours, or where schedules leave more than a day between two of them, two hours more than that
   */
  readonly backupAge?: Duration;
  /** No full backup for so long. @default - the longest time that its schedule leaves between two of them, and a day more: 8 days */
  readonly fullBackupAge?: Duration;
  /** A volume this full, in percent. @default 80 */
  readonly volumeUse?: number;
  /** The WAL's own volume this full of WAL, in percent: checkpoints let it come to 60. @default 70 */
  readonly walVolumeUse?: number;
  /** Connections in use, in percent of `max_connections`. @default 80 */
  readonly connections?: number;
}

/** How Grafana's sidecar finds the dashboard. */
export interface DashboardOptions {
  /** @default { grafana_dashboard: '1' } */
  readonly labels?: Record<string, string>;
  /** @default - none */
  readonly annotations?: Record<string, string>;
}

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
  /** Where runbooks are; the alert's name is appended. @default - the section of runbooks.md in this package */
  readonly runbookUrl?: string;
}

/** When an alert fires. */
export interface RuleThresholds {
  /** A replica this far behind. @default Duration.seconds(60) */
  readonly replicationLag?: Duration;
  /** No backup for so long. @default Duration.hours(26) */
  readonly backupAge?: Duration;
  /** No full backup for so long. @default Duration.days(8) */
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

import { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { seconds } from '../../internal/quantity';
import { type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import { backupsDue, MONITOR_ROLE, settings } from '../monitoring';
import type { MonitoringOptions, RuleOptions, RuleThresholds } from '../options';
import { type HaPostgresPlan, loginNames } from '../plan';
import type { HaPostgresProps } from '../props';
import { peer } from './identity';
import { imageReference } from './image';

/** What the options of monitoring get wrong. */
export function monitoring(scope: IConstruct, props: HaPostgresProps): void {
  const { monitoring } = props;
  if (!monitoring) return;
  const refuse = refuser(scope);
  const { scrapedBy, rules } = monitoring;
  const { interval } = settings(monitoring.podMonitor);
  if (!scrapedBy) refuse('ScraperMissing', 'monitoring.scrapedBy', scrapedBy, "given, as { namespace: 'monitoring' }");
  const millis = interval?.toMilliseconds() ?? 5000;
  if (millis < 5_000 || millis > 120_000 || millis % 1000 !== 0) {
    refuse(
      'ScrapeIntervalInvalid',
      'monitoring.podMonitor.interval',
      interval,
      'whole seconds, from 5 seconds to 2 minutes: the alerts look at five minutes',
    );
  }
  if (rules) thresholds(refuse, rules);
  if (monitoring.exporter !== false) exporter(scope, props, monitoring);
}

/** What shows only in the plan. */
export function monitoringPlan(scope: IConstruct, plan: HaPostgresPlan): void {
  const { monitoring, props, namespace } = plan;
  if (!monitoring) return;
  peer(scope, 'monitoring.scrapedBy', monitoring.scrapedBy, plan);
  if (monitoring.exporter) {
    const { image } = monitoring.exporter;
    imageReference(scope, 'monitoring.exporter.image', image);
    if (image.tag?.endsWith('-distroless'))
      refuser(scope)('ExporterWithoutShell', 'monitoring.exporter.image', image.toString(), 'one with sh, as the tag without -distroless');
  }
  if (!props.patroni?.restApi) {
    warn(
      scope,
      'RestApiScraped',
      "monitoring.scrapedBy reaches port 8008 for Patroni's metrics, and patroni.restApi is missing: whoever scrapes may change the configuration of PostgreSQL too; give patroni.restApi a password, which metrics do not ask for",
    );
  }
  ages(scope, settings(props.monitoring?.rules).thresholds ?? {}, plan.backups);
  if (!namespace && monitoring.rules) {
    warn(
      scope,
      'AlertsOfAllNamespaces',
      `the chart has no namespace, so the alerts of monitoring.rules watch every cluster named '${plan.names.cluster}' in the Kubernetes cluster; give the chart a namespace`,
    );
  }
}

function thresholds(refuse: Refuse, { thresholds = {}, runbookUrl }: RuleOptions): void {
  const { volumeUse, walVolumeUse, connections } = thresholds;
  for (const [name, percent] of Object.entries({ volumeUse, walVolumeUse, connections })) {
    if (percent !== undefined && !(percent >= 1 && percent <= 99))
      refuse('PercentInvalid', `monitoring.rules.thresholds.${name}`, percent, 'a percentage from 1 to 99');
  }
  if (runbookUrl !== undefined && !isAddress(runbookUrl)) {
    refuse(
      'RunbookUrlInvalid',
      'monitoring.rules.runbookUrl',
      runbookUrl,
      "an address to which an alert's name is appended, as 'https://wiki.example/runbooks/'",
    );
  }
}

/** Prometheus takes braces in annotations for templates of its own. */
function isAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\/[^\s{}<>"]+$/.test(text) && URL.canParse(text);
}

/** A threshold that every schedule exceeds is an alert that nobody reads. */
function ages(scope: IConstruct, { backupAge, fullBackupAge }: RuleThresholds, backups: HaPostgresPlan['backups']): void {
  const due = backupsDue(backups);
  const thresholds = [
    { prop: 'backupAge', age: backupAge, between: due.any },
    { prop: 'fullBackupAge', age: fullBackupAge, between: due.full },
  ];
  for (const { prop, age, between } of thresholds) {
    if (!age || !between || seconds(age) >= between) continue;
    warn(
      scope,
      'AlertBetweenBackups',
      `monitoring.rules.thresholds.${prop} is ${age.toHumanString()}, and backups.schedules leaves ${Duration.seconds(between).toHumanString()} between two: the alert fires although all is well; give more than that, or nothing`,
    );
  }
}

function exporter(scope: IConstruct, props: HaPostgresProps, { exporter }: MonitoringOptions): void {
  const refuse = refuser(scope);
  const named = [
    ...Object.entries(loginNames(props.credentials)).map(([key, name]) => ({ prop: `credentials.${key}.username`, name })),
    ...(props.roles ?? []).map(({ name }, i) => ({ prop: `roles[${i}].name`, name })),
  ];
  const taken = named.find(({ name }) => name === MONITOR_ROLE);
  if (taken) refuse('RoleNameTaken', taken.prop, taken.name, 'another name: that is the role of the exporter, which monitoring makes');
  const moved = settings(exporter).args?.find((arg) => /^--(web\.|metric-prefix)/.test(arg));
  if (moved)
    refuse('ExporterArgTaken', 'monitoring.exporter.args', moved, 'arguments that leave port, path and names of the metrics as they are');
}

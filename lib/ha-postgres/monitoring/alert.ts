import { type PrometheusRuleSpecGroups, PrometheusRuleSpecGroupsRulesExpr } from '../../../imports/monitoring.coreos.com';
import type { HaPostgresPlan } from '../plan';
import type { RulesPlan } from './plan';
import { promDuration } from './promql';

/** How soon somebody has to look: now, or on the next working day. */
type Severity = 'critical' | 'warning';

/** An alert; its runbook is the section of its name in runbooks.md. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** Seconds that it has to be so. */
  readonly for: number;
  readonly severity: Severity;
  /** One line, as a message's subject. */
  readonly summary: string;
  /** What it means for the users of the database. */
  readonly description: string;
  /** What to do first. */
  readonly runbook: string;
}

/**
 * The shortest time that an alert may wait: members are scraped one after the other, so a switchover shows two leaders, or
 * none, for up to one interval.
 */
export function soon({ monitoring }: HaPostgresPlan): number {
  return Math.max(60, 2 * (monitoring?.interval ?? 0));
}

/** A group of Prometheus rules. */
export function group(plan: HaPostgresPlan, rules: RulesPlan, name: string, alerts: Alert[]): PrometheusRuleSpecGroups {
  const { namespace, names } = plan;
  return {
    name: `${names.cluster}.${name}`,
    rules: alerts.map((alert) => ({
      alert: alert.name,
      expr: PrometheusRuleSpecGroupsRulesExpr.fromString(alert.expr),
      for: promDuration(alert.for),
      labels: { severity: alert.severity, ...(namespace && { namespace }), cluster: names.cluster },
      annotations: {
        summary: alert.summary,
        description: alert.description,
        runbook: alert.runbook,
        ...(rules.runbookUrl && { runbook_url: rules.runbookUrl + alert.name }),
      },
    })),
  };
}

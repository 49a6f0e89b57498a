import type { PrometheusRuleProps } from '../../../imports/monitoring.coreos.com';
import type { HaPostgresPlan } from '../plan';
import { type Alert, group } from './alert';
import type { RulesPlan } from './plan';
import { backupAlerts } from './rules/backups';
import { certificateAlerts } from './rules/certificates';
import { leadershipAlerts } from './rules/leadership';
import { memberAlerts } from './rules/members';
import { serverAlerts } from './rules/server';
import { storageAlerts } from './rules/storage';

/** Alerts by subject; each function gives those that this instance can have. */
const SUBJECTS: Record<string, (plan: HaPostgresPlan, rules: RulesPlan) => Alert[]> = {
  leadership: leadershipAlerts,
  members: memberAlerts,
  storage: storageAlerts,
  server: serverAlerts,
  backups: backupAlerts,
  certificates: certificateAlerts,
};

/** What Prometheus warns of. Nothing for a cluster that is hibernated: every alert would fire. */
export function prometheusRule(plan: HaPostgresPlan): PrometheusRuleProps | undefined {
  const { rules } = plan.monitoring ?? {};
  if (!rules || plan.hibernated) return undefined;
  const { name, labels } = plan.metadata(plan.names.cluster, 'monitoring');
  return {
    metadata: { name, labels: { ...rules.labels, ...labels } },
    spec: {
      groups: Object.entries(SUBJECTS)
        .map(([subject, alerts]) => group(plan, rules, subject, alerts(plan, rules)))
        .filter((made) => made.rules?.length),
    },
  };
}

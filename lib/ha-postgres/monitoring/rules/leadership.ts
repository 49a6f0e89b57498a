import type { HaPostgresPlan } from '../../plan';
import { type Alert, soon } from '../alert';
import { memberSeries } from '../promql';

/** Whether exactly one member leads, and whether another could take over. From Patroni's own metrics. */
export function leadershipAlerts(plan: HaPostgresPlan): Alert[] {
  const of = memberSeries(plan);
  const leads = `(${of('patroni_primary')} + ${of('patroni_standby_leader')})`;
  const { cluster } = plan.names;
  return [
    {
      name: 'PostgresNoLeader',
      // With all members lost there is no series to sum. `for` is time enough to be scraped after Prometheus' own start.
      expr: `(sum(${leads} * ${of('patroni_postgres_running')}) or vector(0)) < 1`,
      for: soon(plan),
      severity: 'critical',
      summary: `${cluster}: no member leads`,
      description: `No member that Prometheus sees both leads and runs PostgreSQL: nothing ${plan.standby ? 'follows the other cluster' : 'can be written'}.`,
      runbook: 'Look at the pods, at `patronictl list` and at the logs of the container patroni in every member.',
    },
    {
      name: 'PostgresSeveralLeaders',
      expr: `sum(${leads}) > 1`,
      for: soon(plan),
      severity: 'critical',
      summary: `${cluster}: {{ $value }} members say that they lead`,
      description: 'More than one member takes itself for the leader: rows may be written in two places.',
      runbook: 'Find the one that does not hold the lock in `patronictl list`, and delete its pod.',
    },
    {
      name: 'PostgresUnlocked',
      expr: `max(${of('patroni_cluster_unlocked')}) == 1`,
      for: soon(plan),
      severity: 'critical',
      summary: `${cluster}: a member sees nobody who holds the leader lock`,
      description: 'The lock has expired and no member took it, or could take it.',
      runbook: 'Look for members that are too far behind or cannot reach the Kubernetes API in the log of Patroni.',
    },
    {
      name: 'PostgresFailsafeActive',
      expr: `max(${of('patroni_failsafe_mode_is_active')}) == 1`,
      for: soon(plan),
      severity: 'critical',
      summary: `${cluster}: the leader goes on without the Kubernetes API`,
      description: 'The leader cannot renew its lock. It goes on while it reaches every member: the loss of any one now stops all writes.',
      runbook: 'Restore the way from the members to the Kubernetes API; do not restart members until then.',
    },
    {
      name: 'PostgresApiUnreachable',
      expr: `time() - ${of('patroni_dcs_last_seen')} > ${plan.patroni.ttl}`,
      for: soon(plan),
      severity: 'warning',
      summary: '{{ $labels.pod }} does not reach the Kubernetes API',
      description: `Patroni has had no answer for {{ $value | humanizeDuration }}, longer than its lock lives (${plan.patroni.ttl} s): this member can neither lead nor see who does.`,
      runbook: 'Check the API server, then NetworkPolicies and the ServiceAccount of this pod.',
    },
    {
      name: 'PostgresFailoverPaused',
      expr: `max(${of('patroni_is_paused')}) == 1`,
      for: 3600,
      severity: 'warning',
      summary: `${cluster}: automatic failover has been paused for an hour`,
      description: 'With a pause no other member takes over when the leader is lost.',
      runbook: 'When the maintenance is over: `patronictl resume`.',
    },
  ];
}

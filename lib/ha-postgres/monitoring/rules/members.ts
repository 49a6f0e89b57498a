import { mebibytes } from '../../../internal/quantity';
import type { HaPostgresPlan } from '../../plan';
import { type Alert, soon } from '../alert';
import type { RulesPlan } from '../plan';
import { BY_POD, memberSeries, promDuration } from '../promql';

/** Whether every member is there, and follows. */
export function memberAlerts(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  return [...presence(plan), ...following(plan, rules), ...synchronous(plan)];
}

function presence(plan: HaPostgresPlan): Alert[] {
  const of = memberSeries(plan);
  const { members, names } = plan;
  return [
    {
      name: 'PostgresMembersMissing',
      expr: `(count(${of('patroni_postgres_running')} == 1) or vector(0)) < ${members}`,
      for: 300,
      severity: members === 1 ? 'critical' : 'warning',
      summary: `${names.cluster}: {{ $value }} of ${members} members run`,
      description: 'A member is missing, does not run PostgreSQL, or is not scraped: fewer can take over than were asked for.',
      runbook: 'Look at the pods, their events and the log of the container patroni; a member that is being copied takes its time.',
    },
    {
      name: 'PostgresPendingRestart',
      expr: `${of('patroni_pending_restart')} == 1`,
      for: 900,
      severity: 'warning',
      summary: '{{ $labels.pod }} waits for a restart of PostgreSQL',
      description: 'A parameter was changed that takes effect only when PostgreSQL is restarted.',
      runbook: 'At a quiet hour: `patronictl restart`, replicas first.',
    },
    {
      name: 'PostgresTimelineDiffers',
      expr: `max(${of('patroni_postgres_timeline')} > 0) > min(${of('patroni_postgres_timeline')} > 0)`,
      for: Math.max(300, soon(plan)),
      severity: 'warning',
      summary: `${names.cluster}: members are on different timelines`,
      description: 'A member has not followed the last failover: what it has is old, and it cannot take over.',
      runbook: 'Look for pg_rewind in the log of that member; `patronictl reinit` copies it anew.',
    },
  ];
}

function following(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  const of = memberSeries(plan);
  const leader = `max(${of('patroni_xlog_location')})`;
  const behind = mebibytes(plan.patroni.maximumLagOnFailover) * 1024 * 1024;
  return [
    {
      name: 'PostgresReplicaBehind',
      expr: `${leader} - on () group_right () (${of('patroni_xlog_received_location')} > 0) > ${behind}`,
      for: 300,
      severity: 'warning',
      summary: '{{ $labels.pod }} is too far behind to become leader',
      description: `It lacks {{ $value | humanize1024 }}B of the write-ahead log, more than \`patroni.maximumLagOnFailover\` (${behind} bytes) lets a leader lack.`,
      runbook: 'Compare network and disk of the two members; if the log it needs is gone, `patronictl reinit`.',
    },
    {
      name: 'PostgresReplicaStuck',
      expr: [
        `${of('patroni_replica')} * ${of('patroni_postgres_running')} == 1`,
        `and on (pod) changes(${of('patroni_xlog_replayed_location')}[10m]) == 0`,
        `and on (pod) ${of('patroni_xlog_replayed_location')} < on () group_left () ${leader}`,
      ].join('\n'),
      for: 300,
      severity: 'warning',
      summary: '{{ $labels.pod }} has stopped to follow',
      description: 'There is more to replay than it has, and it has replayed nothing for a quarter of an hour.',
      runbook: 'Look for a long query that holds replay up, then for missing log in the log of PostgreSQL; else `patronictl reinit`.',
    },
    ...(plan.monitoring?.exporter && !shipped(plan)
      ? [
          {
            name: 'PostgresReplicationLag',
            expr: `max ${BY_POD} (${of('pg_replication_lag_seconds')}) > ${rules.replicationLag}`,
            for: 300,
            severity: 'warning' as const,
            summary: '{{ $labels.pod }} is {{ $value | humanizeDuration }} behind',
            description: `What is read there is older than ${promDuration(rules.replicationLag)}.`,
            runbook: 'Look for long queries on the replica that hold replay up, then at its disk and network.',
          },
        ]
      : []),
  ];
}

/** Whether the log comes from a repository alone: then the age of what was replayed says how long nobody wrote. */
function shipped({ standby }: HaPostgresPlan): boolean {
  return standby !== undefined && standby.host === undefined;
}

/** With one member there is nobody to be synchronous, and in a standby cluster Patroni lets nobody be. */
function synchronous(plan: HaPostgresPlan): Alert[] {
  const { durability, members, patroni, names, standby: follows } = plan;
  if (durability === 'async' || members === 1 || follows) return [];
  const standby = memberSeries(plan)(durability === 'quorum' ? 'patroni_quorum_standby' : 'patroni_sync_standby');
  const strict = durability === 'syncStrict';
  return [
    {
      name: 'PostgresSyncStandbyMissing',
      expr: `sum(${standby}) < ${patroni.synchronousNodeCount}`,
      for: 300,
      severity: strict ? 'critical' : 'warning',
      summary: `${names.cluster}: {{ $value }} of ${patroni.synchronousNodeCount} synchronous standbys`,
      description: strict
        ? 'Commits wait until there are enough again.'
        : 'Commits are acknowledged by fewer members than asked for: a lost leader may lose the last ones.',
      runbook: 'Look at `patronictl list` for members that do not stream, and at their logs.',
    },
  ];
}

import type { HaPostgresPlan } from '../../plan';
import { type Alert, soon } from '../alert';
import type { RulesPlan } from '../plan';
import { memberSeries, namespaceSeries, promDuration } from '../promql';

/**
 * Whether backups are made, and what lies between them is archived. Nothing is due, and no Job will end an alert, where no
 * schedule runs: suspended, or of a standby cluster.
 *
 * None asks for the status of the stanza, which only pgBackRest knows, not the members' metrics; but whatever it can say is seen
 * by another: a stanza that is missing or of another database fails every archiving (PostgresArchiverFailing), one without a
 * backup is PostgresBackupOld, and what the Job `verify` finds is PostgresBackupJobFailed.
 */
export function backupAlerts(plan: HaPostgresPlan, rules: RulesPlan): Alert[] {
  const { backups, names } = plan;
  if (!backups) return [];
  const { full, incremental } = names.backups;
  const { backupAge, fullBackupAge } = rules;
  const jobs = !backups.suspended && Object.values(backups.schedules).some((schedule) => schedule !== undefined);
  return [
    ...(plan.monitoring?.exporter ? archiving(plan, backups.archiveTimeout) : []),
    ...(backupAge !== undefined ? [old(plan, 'PostgresBackupOld', [full, incremental], backupAge)] : []),
    ...(fullBackupAge !== undefined ? [old(plan, 'PostgresFullBackupOld', [full], fullBackupAge)] : []),
    ...(jobs ? [failed(plan)] : []),
  ];
}

function archiving(plan: HaPostgresPlan, timeout: number): Alert[] {
  const of = memberSeries(plan);
  const late = Math.max(600, 2 * timeout);
  const segment = 16 * 1024 * 1024; // the server's own, unless initdb was told another
  return [
    {
      name: 'PostgresArchiverFailing',
      expr: `increase(${of('pg_stat_archiver_failed_count')}[5m]) > 0`,
      for: 360, // longer than a single failure is seen
      severity: 'critical',
      summary: '{{ $labels.pod }} cannot archive its write-ahead log',
      description: 'What is not archived is lost for restores if the volumes are, and stays on the volume until that is full.',
      runbook: 'Read what archive_command says in the log of PostgreSQL: mostly the store, its credentials or its certificate.',
    },
    {
      name: 'PostgresArchiveLate',
      expr: [
        `${of('pg_stat_archiver_last_archive_age')} > ${late}`,
        `and on (pod) ${of('patroni_primary')} == 1`,
        `and on (pod) ${of('patroni_xlog_location')} - ${of('patroni_xlog_location')} offset ${promDuration(late)} > ${segment}`,
      ].join('\n'),
      for: soon(plan),
      severity: 'critical',
      summary: '{{ $labels.pod }} has archived nothing for {{ $value | humanizeDuration }}',
      description: 'It has written more than a whole segment meanwhile: archiving hangs.',
      runbook: 'Look for pgBackRest processes that hang, in the container patroni.',
    },
  ];
}

/** Counted from the CronJob's birth until it has succeeded once. */
function old(plan: HaPostgresPlan, name: string, cronJobs: string[], age: number): Alert {
  const of = namespaceSeries(plan);
  const jobs = `cronjob=~"${cronJobs.join('|')}"`;
  const last = `max(${of('kube_cronjob_status_last_successful_time', jobs)}) or max(${of('kube_cronjob_created', jobs)})`;
  const what = name === 'PostgresBackupOld' ? 'backup' : 'full backup';
  return {
    name,
    expr: `time() - (${last}) > ${age}`,
    for: 600,
    severity: 'critical',
    summary: `${plan.names.cluster}: no ${what} for {{ $value | humanizeDuration }}`,
    description: `The last ${what} that succeeded is older than ${promDuration(age)}.`,
    runbook: `Look at the newest Job of CronJob ${cronJobs.join(' or ')}, and whether it is suspended.`,
  };
}

/** A Job that failed for good, not one of its attempts, until one of the same CronJob succeeds. */
function failed(plan: HaPostgresPlan): Alert {
  const of = namespaceSeries(plan);
  const { full, incremental, verify, drill } = plan.names.backups;
  const names = [full, incremental, verify, drill].join('|');
  const job = `job_name=~"(${names})-[0-9]+"`;
  const broken = `${of('kube_job_status_start_time', job)} and on (namespace, job_name) ${of('kube_job_failed', job, 'condition="true"')} == 1`;
  const latest = `max by (namespace, cronjob) (label_replace(${broken}, "cronjob", "$1", "job_name", "(.*)-[0-9]+"))`;
  return {
    name: 'PostgresBackupJobFailed',
    expr: `${latest}\nunless on (namespace, cronjob) ${of('kube_cronjob_status_last_successful_time', `cronjob=~"${names}"`)} > ${latest}`,
    for: soon(plan),
    severity: 'warning',
    summary: 'the last Job of {{ $labels.cronjob }} failed',
    description: 'A backup was not made, could not be verified, or could not be restored.',
    runbook: 'Read the log of that Job; it says what pgBackRest said.',
  };
}

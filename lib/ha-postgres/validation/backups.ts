import type { Cron } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type BackupTarget, cronExpression, type Schedule } from '../../backup';
import { type CronTimes, coincide, parseCron } from '../../internal/cron';
import { mebibytes, seconds } from '../../internal/quantity';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
import { CertificateSource, warn } from '../../platform';
import { type BackupsPlan, storePorts } from '../backups';
import type { BackupOptions, BackupSchedules } from '../options';
import type { HaPostgresPlan } from '../plan';
import type { HaPostgresProps } from '../props';
import { storage } from './pod';
import { repository, secret, uriStyle } from './repository';
import { certificateSource } from './tls';

/** What the props of backups get wrong, whatever the rest says. */
export function backupProps(scope: IConstruct, props: HaPostgresProps): void {
  const { backups } = props;
  if (!backups) {
    absent(scope, props);
    return;
  }
  const refuse = refuser(scope);
  repository(refuse, 'backups.repository', backups.repository);
  if (backups.encryptionKey !== undefined) secret(refuse, 'backups.encryptionKey', backups.encryptionKey);
  certificate(refuse, backups.certificate, props.name ?? scope.node.id);
  const { full, fullType } = backups.retention ?? {};
  if (!Number.isInteger(full) || full < 1 || full > 9_999_999) {
    refuse(
      'RetentionInvalid',
      'backups.retention.full',
      full,
      'a whole number of at least 1: with none, every backup would expire at once',
    );
  }
  oneOf(refuse, 'backups.retention.fullType', fullType, ['count', 'days']);
  oneOf(refuse, 'backups.from', backups.from, ['primary', 'preferStandby', 'standby']);
  oneOf(refuse, 'backups.compression', backups.compression, ['none', 'gz', 'lz4', 'zst', 'bz2']);
  numbers(refuse, backups);
  schedules(refuse, backups);
  drill(scope, backups);
}

/** A standby cluster's data is another's, which backs it up; after a restore, a warning of its own says it. */
function absent(scope: IConstruct, { standbyOf, recovery }: HaPostgresProps): void {
  if (standbyOf) return;
  if (recovery) {
    warn(
      scope,
      'RecoveryWithoutBackups',
      'recovery is given and backups are not: the restored cluster archives nothing and cannot be restored itself; give backups a path of its own',
    );
  } else {
    warn(
      scope,
      'BackupsMissing',
      'backups are missing: replicas repeat every mistake within moments, and nothing else can bring lost rows back; give backups, or know that something else makes them',
    );
  }
}

/** Members and Jobs know each other by it, so there is no default; where it is missing, these lines make one. */
function certificate(refuse: Refuse, given: CertificateSource, cluster: string): void {
  if (CertificateSource.isCertificateSource(given)) {
    certificateSource(refuse, 'backups.certificate', given);
    return;
  }
  const [name, secretName] = [`${cluster}-pgbackrest`, `${cluster}-pgbackrest-tls`];
  refuse(
    'CertificateMissing',
    'backups.certificate',
    given,
    `CertificateSource.certManager({ issuer }), or CertificateSource.secret('${secretName}') with a Secret that these three lines make for ten years:`,
    [
      `openssl ecparam -name prime256v1 -genkey -noout -out tls.key`,
      `openssl req -x509 -new -key tls.key -days 3650 -subj /CN=${name} -addext 'subjectAltName=DNS:${name},DNS:*.${cluster}-pods' -out tls.crt`,
      `kubectl create secret generic ${secretName} --from-file=tls.crt --from-file=tls.key --from-file=ca.crt=tls.crt`,
    ],
  );
}

function numbers(refuse: Refuse, { archiveTimeout, deadline, processes, archiveQueueMax }: BackupOptions): void {
  for (const [prop, duration] of Object.entries({ archiveTimeout, deadline })) {
    if (duration === undefined) continue;
    if (typeof duration?.toMilliseconds !== 'function' || !Number.isInteger(seconds(duration)) || seconds(duration) < 1) {
      refuse('TimeInvalid', `backups.${prop}`, duration, 'a Duration of whole seconds, at least 1, as Duration.minutes(5)');
    }
  }
  if (processes !== undefined && (!Number.isInteger(processes) || processes < 1 || processes > 999)) {
    refuse('ProcessesInvalid', 'backups.processes', processes, 'a whole number from 1 to 999; each takes up to a core');
  }
  if (archiveQueueMax !== undefined && (typeof archiveQueueMax?.toMebibytes !== 'function' || mebibytes(archiveQueueMax) < 1)) {
    refuse('SizeInvalid', 'backups.archiveQueueMax', archiveQueueMax, 'a Size of at least 1 MiB, as Size.gibibytes(4)');
  }
}

const KINDS = ['full', 'incremental', 'verify', 'drill'] as const;

function schedules(refuse: Refuse, { schedules: given = {}, drill: drilled }: BackupOptions): void {
  for (const kind of KINDS) {
    const schedule = given[kind];
    if (schedule === undefined || schedule === false) continue;
    const times = timesOf(schedule);
    if (typeof times === 'string') refuse('ScheduleInvalid', `backups.schedules.${kind}`, shown(schedule), times);
  }
  if (given.drill && !drilled) {
    refuse('DrillMissing', 'backups.drill', undefined, 'given where schedules.drill is, as { storage: { size: Size.gibibytes(50) } }');
  }
  if (given.full === false && given.incremental !== false) {
    refuse(
      'IncrementalWithoutFull',
      'backups.schedules.full',
      false,
      'a schedule where incremental backups have one: each would hang on a single full backup for ever; or let incremental be false too',
    );
  }
  timeZone(refuse, given.timeZone);
}

function timesOf(schedule: Schedule): CronTimes | string {
  if (typeof schedule !== 'string' && typeof (schedule as Cron | null)?.expressionString !== 'string')
    return "five fields of cron, as '12 2 * * 0', or false";
  return parseCron(cronExpression(schedule));
}

function shown(schedule: Schedule): unknown {
  return typeof schedule === 'string' ? schedule : ((schedule as Cron | null)?.expressionString ?? schedule);
}

/** Kubernetes looks the name up in files, where capitals count. */
function timeZone(refuse: Refuse, name: BackupSchedules['timeZone']): void {
  if (name === undefined || isTimeZone(name)) return;
  refuse('TimeZoneUnknown', 'backups.schedules.timeZone', name, "a name of the time zone database, as 'Europe/Berlin' or 'Etc/UTC'");
}

function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+/-]*$/.test(name)) return false;
  try {
    const { timeZone: known } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return known === name || known.toLowerCase() !== name.toLowerCase(); // the latter: another name of the same zone
  } catch {
    return false;
  }
}

function drill(scope: IConstruct, { drill: given }: BackupOptions): void {
  if (!given) return;
  const refuse = refuser(scope);
  storage(scope, 'backups.drill.storage', given.storage);
  for (const option of ['query', 'database'] as const) {
    const value = given[option];
    if (value === undefined || (typeof value === 'string' && value.trim() !== '')) continue;
    const expected =
      option === 'query' ? 'SQL that returns a row where the data is right; leave it out for SELECT 1' : 'the name of a database';
    refuse('DrillOptionEmpty', `backups.drill.${option}`, value, expected);
  }
}

/** What only the rest of the cluster shows to be wrong or doubtful. */
export function backups(scope: IConstruct, plan: HaPostgresPlan): void {
  if (!plan.backups) return;
  versions(scope, plan.backups);
  const refuse = refuser(scope);
  const { options, schedules: when, stanza: name } = plan.backups;
  stanza(refuse, 'backups.stanza', name);
  if (options.from === 'standby' && plan.members === 1) {
    refuse(
      'StandbyMissing',
      'backups.from',
      options.from,
      "'primary' or 'preferStandby' where members is 1: there is no standby to copy from",
    );
  }
  const { path } = options.repository.config;
  if (!path.includes(plan.names.cluster) && !/\d/.test(path)) {
    warn(
      scope,
      'RepositoryPathGeneral',
      `backups.repository.path is '${path}': a folder must belong to one generation of one cluster, or the next one archives into the history of this; name both, as '/${plan.names.cluster}/1'`,
    );
  }
  uriStyle(scope, 'backups.repository', options.repository);
  openPorts(scope, plan.props, options.repository);
  if (options.archiveQueueMax) {
    warn(
      scope,
      'ArchiveDrops',
      `backups.archiveQueueMax is ${mebibytes(options.archiveQueueMax)} MiB: when more waits, PostgreSQL's log is dropped and no point after it can be restored until the next backup; watch pg_stat_archiver`,
    );
  }
  if (options.suspended) {
    warn(
      scope,
      'BackupsSuspended',
      'backups.suspended is true: no backup is made, and no alert says so; take it out when what it was for is done',
    );
  }
  if (when.full === undefined && when.incremental === undefined) {
    warn(
      scope,
      'BackupsUnscheduled',
      'backups.schedules has neither full nor incremental backups: the log is archived, and nothing can be restored from it without a backup; make them in another way',
    );
  }
  const [full, incremental] = [when.full, when.incremental].map((schedule) => schedule && parseCron(schedule));
  if (typeof full === 'object' && typeof incremental === 'object' && coincide(full, incremental)) {
    warn(
      scope,
      'SchedulesCoincide',
      `backups.schedules.full '${when.full}' and incremental '${when.incremental}' meet in a minute: the second fails, since pgBackRest makes one backup at a time; keep them apart`,
    );
  }
}

/** Ports that are given are those behind a Service, so that one which is not the endpoint's may be right. */
function openPorts(scope: IConstruct, { networkPolicy = {} }: HaPostgresProps, repository: BackupTarget): void {
  const { enabled = true, storePorts: open } = networkPolicy;
  const closed = enabled && open ? storePorts(repository)?.filter((port) => !open.includes(port)) : [];
  if (!closed?.length) return;
  warn(
    scope,
    'StorePortClosed',
    `networkPolicy.storePorts is ${JSON.stringify(open)}, without ${closed.join(', ')} of backups.repository: right only where a Service translates that port; otherwise neither backups nor the archive reach the store`,
  );
}

/** pgBackRest's name of a cluster: part of commands, of a section's head and of folders. */
export function stanza(refuse: Refuse, prop: string, name: unknown): void {
  if (typeof name === 'string' && /^[A-Za-z0-9][\w-]{0,62}$/.test(name) && !['global', 'all'].includes(name)) return;
  refuse('StanzaInvalid', prop, name, "at most 63 letters, digits, _ and -, other than 'global' and 'all'");
}

/** What pgBackRest can do since when; its release notes. */
function versions(scope: IConstruct, { options, version }: BackupsPlan): void {
  const { config } = options.repository;
  const auto = (config.kind === 's3' && config.credentials === 'podIdentity') || (config.kind === 'azure' && config.credentials === 'auto');
  const needs: [prop: string, value: unknown, minor: number][] = [
    ...(options.blockIncremental ? [['backups.blockIncremental', true, 46] as [string, unknown, number]] : []),
    ...(options.from === 'preferStandby' ? [['backups.from', options.from, 54] as [string, unknown, number]] : []),
    ...(config.kind === 'sftp' ? [['backups.repository', 'a store by SFTP', 48] as [string, unknown, number]] : []),
    ...(auto ? [['backups.repository.credentials', config.credentials, 58] as [string, unknown, number]] : []),
  ];
  for (const [prop, value, minor] of needs) {
    if (version.atLeast(2, minor)) continue;
    refuser(scope)(
      'PgbackrestTooOld',
      prop,
      value,
      `left out, since it needs pgBackRest 2.${minor} and backups.pgbackrestVersion is '${options.pgbackrestVersion ?? '2.54'}'`,
    );
  }
}

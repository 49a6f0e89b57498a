import type { k8s } from 'cdk8s-plus-27';
import { mebibytes } from '../../internal/quantity';
import { WITHOUT_SUBSTITUTION } from '../config-maps';
import { type HaPostgresPlan, PATHS } from '../plan';
import { jobScripts } from '../scripts';
import { type BackupsPlan, PGBACKREST_PORT } from './plan';
import { type Repository, type RepositoryPlace, repository } from './repository';

/** Where configuration, secrets and certificate are mounted, in members and Jobs alike. */
export const PLACE: RepositoryPlace = { folder: '/etc/pgbackrest', volume: '/var/lib/pgbackrest' };

export function ownRepository({ options }: BackupsPlan): Repository {
  return repository(options.repository, PLACE, options.encryptionKey);
}

/**
 * What members and Jobs tell pgBackRest, and the Jobs' scripts. Secret options are added in the pod, below the last section, which
 * is `[global]`.
 */
export function configMap(plan: HaPostgresPlan, backups: BackupsPlan): k8s.KubeConfigMapProps {
  const metadata = plan.kept(plan.names.backups.config, 'backup');
  return {
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...WITHOUT_SUBSTITUTION } },
    data: {
      'member.conf': memberConfig(plan, backups),
      'job.conf': jobConfig(plan, backups),
      ...(backups.options.drill && { 'drill.conf': drillConfig(backups) }),
      ...jobScripts(backups).files,
    },
  };
}

function memberConfig(plan: HaPostgresPlan, backups: BackupsPlan): string {
  const { options } = backups;
  return text([
    `[${backups.stanza}]`,
    `pg1-path=${plan.volumes.pgdata}`,
    `pg1-socket-path=${PATHS.run}`,
    `pg1-user=${plan.logins.superuser}`,
    '',
    // Only this one: an asynchronous archive-get would fill the spool with WAL, and before pgBackRest 2.59 may end recovery early.
    '[global:archive-push]',
    'archive-async=y',
    '',
    '[global]',
    ...ownRepository(backups).lines,
    ...common(backups),
    ...(options.archiveQueueMax ? [`archive-push-queue-max=${mebibytes(options.archiveQueueMax)}MiB`] : []),
    'delta=y',
    'tls-server-address=*',
    `tls-server-port=${PGBACKREST_PORT}`,
    `tls-server-auth=${backups.clientName}=${backups.stanza}`,
    ...['ca', 'cert', 'key'].map((kind) => `tls-server-${kind}-file=${PLACE.folder}/tls/${TLS_FILES[kind]}`),
  ]);
}

/** The Jobs read PostgreSQL's files through the members' servers and write to the repository themselves. */
function jobConfig(plan: HaPostgresPlan, backups: BackupsPlan): string {
  const { options } = backups;
  const members = Array.from({ length: plan.members }, (_, i) => `${plan.names.statefulSet}-${i}.${plan.names.pods}`);
  const { full, fullType = 'count' } = options.retention;
  const fromStandby = { primary: 'n', preferStandby: 'prefer', standby: 'y' }[options.from ?? 'primary'];
  return text([
    `[${backups.stanza}]`,
    ...members.flatMap((host, i) => [
      `pg${i + 1}-host=${host}`,
      `pg${i + 1}-host-type=tls`,
      `pg${i + 1}-host-port=${PGBACKREST_PORT}`,
      `pg${i + 1}-host-config=${CONFIG_FILE}`,
      ...['ca', 'cert', 'key'].map((kind) => `pg${i + 1}-host-${kind}-file=${PLACE.folder}/tls/${TLS_FILES[kind]}`),
      `pg${i + 1}-path=${plan.volumes.pgdata}`,
      `pg${i + 1}-socket-path=${PATHS.run}`,
      `pg${i + 1}-user=${plan.logins.superuser}`,
    ]),
    '',
    '[global]',
    ...ownRepository(backups).lines,
    ...common(backups),
    `repo1-retention-full=${full}`,
    `repo1-retention-full-type=${fullType === 'days' ? 'time' : 'count'}`,
    'repo1-bundle=y', // TimescaleDB's chunks are many small files
    ...(backups.blockIncremental ? ['repo1-block=y'] : []),
    'log-level-console=info',
    'start-fast=y', // else it waits for the next checkpoint
    `backup-standby=${fromStandby}`,
  ]);
}

/** A drill only reads the repository, and knows no member. */
function drillConfig(backups: BackupsPlan): string {
  return text([
    `[${backups.stanza}]`,
    `pg1-path=${SCRATCH}/data`,
    '',
    '[global]',
    ...ownRepository(backups).lines,
    ...common(backups),
    'log-level-console=info',
  ]);
}

/** Where a drill's volume is mounted. */
export const SCRATCH = '/scratch';

/** The configuration with its secrets, made by pgbackrest-config.sh in memory. */
export const CONFIG_FILE = '/var/run/postgresql/pgbackrest/pgbackrest.conf';

const TLS_FILES: Record<string, string> = { ca: 'ca.crt', cert: 'tls.crt', key: 'tls.key' };

function common(backups: BackupsPlan): string[] {
  return [
    `compress-type=${backups.options.compression ?? 'zst'}`,
    `process-max=${backups.processes}`,
    'log-level-file=off',
    `spool-path=${PATHS.tmp}/pgbackrest-spool`, // only acknowledgements, which may be lost
    `lock-path=${PATHS.tmp}/pgbackrest`, // shared by the containers of a pod, so that they exclude each other
  ];
}

function text(lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { IConstruct } from 'constructs';
import { type BackupTarget, cronExpression, type Schedule } from '../../backup';
import { resourcesOr, seconds } from '../../internal/quantity';
import type { BackupOptions } from '../options';
import type { Parameters } from '../parameters';
import type { HaPostgresNames } from '../plan';
import type { HaPostgresProps } from '../props';
import { type MinorVersion, parseVersion } from '../versions';
import { hostAndPort } from './repository';

/** Port on which a member's pgBackRest answers the Jobs. */
export const PGBACKREST_PORT = 8432;

/** Everything that is derived from the props of backups. */
export interface BackupsPlan {
  readonly options: BackupOptions;
  readonly stanza: string;
  readonly version: MinorVersion;
  /** Secret with the certificate of members and Jobs. */
  readonly certificateSecret: string;
  /** Common name by which the members know the Jobs. */
  readonly clientName: string;
  /** Five fields each, or undefined where left out. */
  readonly schedules: { readonly [K in 'full' | 'incremental' | 'verify' | 'drill']: string | undefined };
  readonly timeZone: string;
  readonly blockIncremental: boolean;
  /** Whole seconds. */
  readonly archiveTimeout: number;
  readonly deadline: number;
  readonly processes: number;
  readonly resources: kplus.ContainerResources;
  readonly suspended: boolean;
  /** Where the store listens, or undefined for a volume. */
  readonly storePorts: number[] | undefined;
}

export function planBackups(scope: IConstruct, props: HaPostgresProps, names: HaPostgresNames): BackupsPlan | undefined {
  const options = props.backups;
  if (!options) return undefined;
  const version = parseVersion(scope, 'backups.pgbackrestVersion', options.pgbackrestVersion ?? '2.54', 2, 45);
  const { full, incremental, verify, drill, timeZone = 'Etc/UTC' } = options.schedules ?? {};
  return {
    options,
    stanza: options.stanza ?? names.cluster,
    version,
    certificateSecret: options.certificate.secretName ?? names.backups.certificate,
    clientName: names.backups.config,
    schedules: {
      full: chosen(full, '12 2 * * 0'),
      incremental: chosen(incremental, '12 2 * * 1-6'),
      verify: chosen(verify, '42 4 * * 6'),
      drill: options.drill && chosen(drill, '42 5 1 * *'),
    },
    timeZone,
    blockIncremental: options.blockIncremental ?? version.atLeast(2, 46),
    archiveTimeout: seconds(options.archiveTimeout ?? Duration.seconds(60)),
    deadline: seconds(options.deadline ?? Duration.hours(24)),
    processes: options.processes ?? 2,
    resources: resourcesOr(options.resources, {
      cpu: { request: kplus.Cpu.millis(50) },
      memory: { request: Size.mebibytes(64), limit: Size.mebibytes(512) },
    }),
    // Nothing to back up where no member runs, and no stanza before a standby cluster is promoted.
    suspended: (options.suspended ?? false) || (props.hibernated ?? false) || props.standbyOf !== undefined,
    storePorts: props.networkPolicy?.storePorts ?? storePorts(options.repository),
  };
}

/**
 * Archiving is always on, since only a restart turns it on: so backups can be added to a cluster that runs. Without them its
 * command does nothing, as PostgreSQL's manual proposes.
 */
export function archiving(backups: BackupsPlan | undefined): Parameters {
  if (!backups) return { archive_mode: 'on', archive_command: '/bin/true' };
  return {
    archive_mode: 'on',
    archive_command: `pgbackrest --stanza=${backups.stanza} archive-push %p`,
    archive_timeout: `${backups.archiveTimeout}s`,
  };
}

function chosen(schedule: Schedule | false | undefined, otherwise: string): string | undefined {
  if (schedule === false) return undefined;
  return schedule === undefined ? otherwise : cronExpression(schedule);
}

/** Ports of a store as its endpoint says, and of what gives credentials; undefined for a volume. */
export function storePorts({ config }: BackupTarget): number[] | undefined {
  if (config.kind === 'volume') return undefined;
  if (config.kind === 'sftp') return [config.port ?? 22];
  const { credentials } = config;
  const metadata = credentials === 'auto' || credentials === 'podIdentity' ? [80] : []; // the clouds' services for that speak HTTP
  const sts = credentials === 'webIdentity' ? [443] : [];
  const store = config.kind === 's3' ? (hostAndPort(config.endpoint ?? '').port ?? 443) : 443;
  return [...new Set([store, ...metadata, ...sts])];
}

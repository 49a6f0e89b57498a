import { Duration } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import type { BackupTarget } from '../backup';
import { seconds } from '../internal/quantity';
import type { SecretKey } from '../platform';
import {
  type Repository,
  type RepositoryPlace,
  repository,
  repositoryFiles,
  repositorySources,
  repositoryVolume,
  storePorts,
} from './backups';
import { RecoveryTarget } from './options';
import { type HaPostgresNames, type HaPostgresPlan, PATHS } from './plan';
import type { PodPart } from './pod-part';
import type { HaPostgresProps } from './props';

/** Another cluster's repository, which is only read. */
interface SourcePlan {
  readonly stanza: string;
  readonly target: BackupTarget;
  readonly repository: Repository;
  readonly storePorts: number[] | undefined;
}

/** What the cluster is born from. */
export interface RecoveryPlan {
  readonly source: SourcePlan;
  readonly until: RecoveryTarget;
  readonly set?: string;
  readonly timeline: string;
}

/** What it follows: a host, a repository, or both. */
export interface StandbyPlan {
  readonly source?: SourcePlan;
  readonly host?: string;
  readonly port: number;
  readonly primarySlotName?: string;
  /** Seconds. */
  readonly applyDelay: number;
}

/** Where the other cluster's repository is mounted. */
export const SOURCE: RepositoryPlace = { folder: '/etc/pgbackrest-source', volume: '/var/lib/pgbackrest-source' };

/** The other cluster's pgBackRest configuration, made in memory with its secrets. */
const SOURCE_CONFIG = '/var/run/postgresql/pgbackrest/source.conf';

export function planRecovery(props: HaPostgresProps, names: HaPostgresNames): RecoveryPlan | undefined {
  const { recovery } = props;
  if (!recovery) return undefined;
  return {
    source: planSource(props, recovery.source, recovery.stanza ?? names.cluster, recovery.encryptionKey),
    until: recovery.target ?? RecoveryTarget.latest(),
    set: recovery.set,
    timeline: String(recovery.timeline ?? 'latest'),
  };
}

export function planStandby(props: HaPostgresProps, names: HaPostgresNames): StandbyPlan | undefined {
  const { standbyOf } = props;
  if (!standbyOf) return undefined;
  const { host, port = 5432, stanza = names.cluster, primarySlotName, applyDelay } = standbyOf;
  return {
    source: standbyOf.repository && planSource(props, standbyOf.repository, stanza, standbyOf.encryptionKey),
    host,
    port,
    primarySlotName,
    applyDelay: seconds(applyDelay ?? Duration.seconds(0)),
  };
}

function planSource(props: HaPostgresProps, target: BackupTarget, stanza: string, encryptionKey?: SecretKey): SourcePlan {
  return {
    stanza,
    target,
    repository: repository(target, SOURCE, encryptionKey),
    storePorts: props.networkPolicy?.storePorts ?? storePorts(target),
  };
}

/** The source's `pgbackrest.conf`, or undefined where there is none. */
export function sourceConfig(plan: HaPostgresPlan): string | undefined {
  const source = sourceOf(plan);
  if (!source) return undefined;
  return [
    `[${source.stanza}]`,
    `pg1-path=${plan.volumes.pgdata}`,
    '',
    '[global]',
    ...source.repository.lines,
    'log-level-file=off',
    `spool-path=${PATHS.tmp}/pgbackrest-source-spool`,
    `lock-path=${PATHS.tmp}/pgbackrest-source`,
    'process-max=2',
    'delta=y',
    '',
  ].join('\n');
}

/** Arguments of `pgbackrest restore`, one a line: the target is the one thing it takes from no file. */
export function recoveryArguments({ recovery }: HaPostgresPlan): string | undefined {
  if (!recovery) return undefined;
  const { until, set, timeline } = recovery;
  const lines = [
    `type=${until.type}`,
    ...(until.value === undefined ? [] : [`target=${until.value}`]),
    ...(until.isExclusive ? ['target-exclusive=y'] : []),
    ...(until.type === 'default' ? [] : ['target-action=promote']), // else it pauses there, and is never born
    ...(until.type === 'immediate' ? [] : [`target-timeline=${timeline}`]), // a backup has but the one it was made on
    ...(set ? [`set=${set}`] : []),
  ];
  return lines.map((line) => `--${line}\n`).join('');
}

function sourceOf({ recovery, standby }: HaPostgresPlan): SourcePlan | undefined {
  return recovery?.source ?? standby?.source;
}

/** Where the other cluster's store listens. */
export function sourcePorts(plan: HaPostgresPlan): number[] | undefined {
  return sourceOf(plan)?.storePorts;
}

/** Patroni's section `bootstrap`, beside `initdb`. */
export function bootstrapMethod(plan: HaPostgresPlan): object {
  if (!plan.recovery) return {};
  const command = `bash ${PATHS.scripts}/restore.sh recovery`;
  return { method: 'recovery', recovery: { command, keep_existing_recovery_conf: true, no_params: true } };
}

/** How a member gets its copy: from the repository where there is one, else from the leader. */
export function replicaMethods(plan: HaPostgresPlan): object {
  const restore = (which: string) => ({ command: `bash ${PATHS.scripts}/restore.sh ${which}`, keep_data: true, no_params: true });
  return {
    create_replica_methods: [...(plan.backups ? ['repository'] : []), 'basebackup'],
    ...(plan.backups && { repository: restore('replica') }),
    ...(plan.standby?.source && { source: { ...restore('standby'), no_leader: true } }),
  };
}

/** Patroni's dynamic key `standby_cluster`. */
export function standbyCluster({ standby }: HaPostgresPlan): object {
  if (!standby) return {};
  const { host, port, source, primarySlotName, applyDelay } = standby;
  return {
    standby_cluster: {
      ...(host && { host, port }),
      ...(primarySlotName && { primary_slot_name: primarySlotName }),
      ...(source && { restore_command: `pgbackrest --config=${SOURCE_CONFIG} --stanza=${source.stanza} archive-get %f "%p"` }),
      ...(applyDelay > 0 && { recovery_min_apply_delay: `${applyDelay}s` }),
      create_replica_methods: [...(source ? ['source'] : []), ...(host ? ['basebackup'] : [])],
    },
  };
}

/**
 * The other cluster's repository in the members' pods. What a cluster was once restored from may be gone later, and its members
 * must start all the same: restore.sh says what is missing where it is needed.
 */
export function recoveryPart(plan: HaPostgresPlan): PodPart {
  const source = sourceOf(plan);
  if (!source) return {};
  const sources: k8s.VolumeProjection[] = [
    {
      configMap: {
        name: plan.names.patroniConfig,
        items: [
          { key: 'source.conf', path: 'pgbackrest.conf' },
          ...(plan.recovery ? [{ key: 'source.arguments', path: 'arguments' }] : []),
        ],
      },
    },
    ...repositorySources(source.repository, plan.recovery ? { optional: true } : {}),
  ];
  const claimed = repositoryVolume('source-repository', source.target, SOURCE);
  return {
    volumes: [{ name: 'source', projected: { defaultMode: 0o440, sources } }, ...claimed.volumes],
    patroni: {
      env: [
        { name: 'SOURCE_FOLDER', value: SOURCE.folder },
        { name: 'SOURCE_CONFIG', value: SOURCE_CONFIG },
        { name: 'SOURCE_STANZA', value: source.stanza },
        ...(plan.recovery ? [{ name: 'SOURCE_FILES', value: repositoryFiles(source.repository).join(' ') }] : []),
      ],
      volumeMounts: [{ name: 'source', mountPath: SOURCE.folder }, ...claimed.mounts].map((mount) => ({ ...mount, readOnly: true })),
    },
  };
}

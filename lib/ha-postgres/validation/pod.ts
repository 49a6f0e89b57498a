import { type Size, SizeRoundingBehavior } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import type { IConstruct } from 'constructs';
import { mebibytes } from '../../internal/quantity';
import { refuser } from '../../internal/refuse';
import { type Storage, warn } from '../../platform';
import { PLACE } from '../backups';
import { BOOTSTRAP_LABELS } from '../patroni';
import { type HaPostgresPlan, PATHS } from '../plan';
import { CONTAINERS, patroniEnvironment, podParts, VOLUMES } from '../pod';
import type { HaPostgresProps } from '../props';
import { SOURCE } from '../recovery';
import { tablespaceVolume } from '../tablespaces';
import { imageReference } from './image';

export function image(scope: IConstruct, { image, postgresVersion }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  imageReference(scope, 'image', image);
  const { tag } = image;
  const major = /(?:^|[^a-z])pg(\d+)/.exec(tag ?? '')?.[1];
  if (major !== undefined && Number(major) !== postgresVersion)
    refuse('ImageOtherMajor', 'image.tag', tag, `one for PostgreSQL ${postgresVersion}, or postgresVersion: ${major}`);
}

export function storage(scope: IConstruct, prop: string, value: Storage): void {
  const refuse = refuser(scope);
  const sizes: [string, Size | undefined][] = [
    [`${prop}.size`, value?.size],
    [`${prop}.initialSize`, value?.initialSize ?? value?.size],
  ];
  for (const [name, size] of sizes) {
    if (typeof size?.toMebibytes !== 'function' || size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR }) < 1) {
      refuse('SizeInvalid', name, size, 'a Size of at least 1 MiB, as Size.gibibytes(20)');
    }
  }
  if (value.initialSize && mebibytes(value.initialSize) > mebibytes(value.size)) {
    refuse(
      'InitialSizeTooLarge',
      `${prop}.initialSize`,
      value.initialSize,
      `at most ${prop}.size: it is the size of the first synth, and volumes only grow`,
    );
  }
  if (value.accessModes?.includes(PersistentVolumeAccessMode.READ_WRITE_MANY)) {
    warn(
      scope,
      'AccessModeShared',
      `${prop}.accessModes has ReadWriteMany: two PostgreSQL servers on one data folder destroy it; ReadWriteOnce lets Kubernetes prevent that`,
    );
  }
}

export function budget(scope: IConstruct, { disruptionBudget }: HaPostgresProps, members: number): void {
  const refuse = refuser(scope);
  const { minAvailable, maxUnavailable } = disruptionBudget ?? {};
  if (minAvailable !== undefined && maxUnavailable !== undefined) {
    refuse('BudgetTwice', 'disruptionBudget.minAvailable', minAvailable, 'left out where maxUnavailable is given');
  }
  if (maxUnavailable !== undefined && (!Number.isInteger(maxUnavailable) || maxUnavailable < 1)) {
    refuse(
      'BudgetBlocksDrains',
      'disruptionBudget.maxUnavailable',
      maxUnavailable,
      'at least 1, or no node with a member can ever be drained',
    );
  }
  if (minAvailable !== undefined && members > 1 && (!Number.isInteger(minAvailable) || minAvailable < 0 || minAvailable >= members)) {
    refuse(
      'BudgetBlocksDrains',
      'disruptionBudget.minAvailable',
      minAvailable,
      `less than members (${members}), or no node with a member can ever be drained`,
    );
  }
}

/** That Patroni puts on a pod and takes off again. */
const [BOOTSTRAP_LABEL] = Object.keys(BOOTSTRAP_LABELS) as [string];

/** Volumes that are there already. */
function takenVolumes(plan: HaPostgresPlan): string[] {
  const parts = podParts(plan).flatMap((part) => part.volumes ?? []);
  return [
    plan.volumes.dataClaim,
    plan.volumes.walClaim,
    ...VOLUMES,
    ...parts.map(({ name }) => name),
    ...(plan.props.postgresql?.tablespaces ?? []).map(tablespaceVolume),
  ];
}

/** What the user adds, which must not have the name of what is there. */
export function additions(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const { sidecars = [], initContainers = [], env = {} } = plan.props.pod ?? {};
  const parts = podParts(plan);
  const containers = parts.flatMap((part) => [...(part.containers ?? []), ...(part.initContainers ?? [])]);
  const volumes = takenVolumes(plan);
  const taken = new Set([...CONTAINERS, ...containers.map(({ name }) => name)]);
  for (const [prop, added] of Object.entries({ 'pod.sidecars': sidecars, 'pod.initContainers': initContainers })) {
    for (const { name = 'main', volumeMounts: own = [] } of added) {
      if (taken.has(name)) refuse('SidecarNameTaken', prop, name, `a container name other than ${[...taken].join(', ')}`);
      taken.add(name);
      for (const { volume } of own) {
        if (volumes.includes(volume.name)) refuse('VolumeNameTaken', prop, volume.name, `volumes named other than ${volumes.join(', ')}`);
      }
    }
  }
  for (const { name = 'main', readiness, liveness, startup } of initContainers) {
    if (readiness ?? liveness ?? startup)
      refuse(
        'InitContainerProbe',
        'pod.initContainers',
        name,
        'without probes: Kubernetes takes none for what ends before the others start',
      );
  }
  const own = new Set([...patroniEnvironment(plan), ...parts.flatMap((part) => part.patroni?.env ?? [])].map(({ name }) => name));
  for (const name of Object.keys(env)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      refuse('EnvironmentNameInvalid', 'pod.env', name, 'letters, digits and _, not beginning with a digit');
    if (own.has(name) || /^(PATRONI|PATRONICTL)_|^PG(?!BACKREST_)/.test(name))
      refuse(
        'EnvironmentReserved',
        'pod.env',
        name,
        'left out: the construct, Patroni or libpq take it for theirs; use the prop for that setting',
      );
  }
}

export function pod(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const { props, patroni, patroniVersion, dcs } = plan;
  const { data, pgdata, wal, waldir } = plan.volumes;
  const volumes = takenVolumes(plan);
  const { volumeMounts = [], probes = {}, labels = {} } = props.pod ?? {};
  const paths = new Set<string>([data, pgdata, wal, waldir, ...[PATHS, PLACE, SOURCE].flatMap((places) => Object.values(places))]);
  for (const { path, volume } of volumeMounts) {
    const collision = [...paths].find((p) => p === path || path.startsWith(`${p}/`) || p.startsWith(`${path.replace(/\/$/, '')}/`));
    if (collision) refuse('MountCollides', 'pod.volumeMounts', path, `a path apart from ${collision}, which is in use`);
    if (volumes.includes(volume.name))
      refuse('VolumeNameTaken', 'pod.volumeMounts', volume.name, `a volume name other than ${volumes.join(', ')}`);
    paths.add(path);
  }
  const patronis: Record<string, string | undefined> = {
    [patroni.roleLabel]: undefined,
    [BOOTSTRAP_LABEL]: undefined,
    ...patroni.memberLabels,
  };
  const reserved = Object.keys(labels).find(
    (key) => key.startsWith('app.kubernetes.io/') || (key in patronis && patronis[key] !== labels[key]),
  );
  if (reserved)
    refuse(
      'PodLabelReserved',
      'pod.labels',
      reserved,
      `a key outside app.kubernetes.io and other than ${Object.keys(patronis).join(', ')}, by which Patroni and Services find the members`,
    );
  if (dcs === 'configMaps' && probes.readiness === false) {
    refuse(
      'ReadinessNeeded',
      'pod.probes.readiness',
      false,
      "true where dcs is 'configMaps': only readiness takes a dead leader out of the Service",
    );
  }
  if (props.networkPolicy?.enabled === false && !props.patroni?.restApi) {
    warn(
      scope,
      'RestApiOpen',
      'networkPolicy.enabled is false: port 8008 asks for no password, so every pod in reach may change the configuration of PostgreSQL; give patroni.restApi, keep the policy, or have one of your own that lets only the members in',
    );
  }
  if (probes.livenessPath !== undefined && probes.livenessPath !== '/liveness') {
    warn(
      scope,
      'LivenessPathUnusual',
      `pod.probes.livenessPath is '${probes.livenessPath}': anything but /liveness may restart PostgreSQL in the middle of crash recovery, which then begins anew`,
    );
  }
  if (props.disruptionBudget?.protectBootstrap && !patroniVersion.atLeast(4, 1)) {
    refuse(
      'ProtectBootstrapUnsupported',
      'disruptionBudget.protectBootstrap',
      true,
      `left out, since it needs Patroni 4.1 and patroniVersion is '${props.patroniVersion}'`,
    );
  }
}

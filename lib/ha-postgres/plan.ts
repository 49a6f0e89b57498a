import { Duration, Size } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import type { IConstruct } from 'constructs';
import { KEEP, selectorLabels, standardLabels } from '../internal/labels';
import { seconds } from '../internal/quantity';
import { ConstructError, type Image } from '../platform';
import { type MembersPlan, planMembers, withAdoption } from './adoption';
import { archiving, type BackupsPlan, planBackups } from './backups';
import { preloaded } from './extensions';
import { type MonitoringPlan, planMonitoring } from './monitoring';
import { type Parameters, replicationSlots, tuned, tuningInput, waiting } from './parameters';
import { type PoolerPlan, planPooler } from './pooler/plan';
import type { Dcs, Durability, HaPostgresCredentials, HaPostgresProps } from './props';
import { planRecovery, planStandby, type RecoveryPlan, type StandbyPlan } from './recovery';
import { planTls, type TlsPlan } from './tls';
import { planUpgrade, type UpgradePlan, upgradeParameters } from './upgrade';
import { defaultImage, type MinorVersion, POSTGRES_VERSIONS, parseVersion } from './versions';

/** The application's name in `app.kubernetes.io/name`. */
const APPLICATION = 'ha-postgres';

/** One leader, and two to choose from when it goes. */
export const DEFAULT_MEMBERS = 3;

/** Where things are in the pod, wherever the volumes are; those are in `plan.volumes`. */
export const PATHS = {
  tablespaces: '/home/postgres/tablespaces',
  run: '/var/run/postgresql',
  patroni: '/etc/patroni',
  credentials: '/etc/credentials',
  scripts: '/scripts',
  tls: '/etc/tls',
  upgrade: '/etc/upgrade',
  upgradeScratch: '/var/lib/upgrade',
  tmp: '/tmp',
  sharedMemory: '/dev/shm',
  serviceAccount: '/var/run/secrets/kubernetes.io/serviceaccount',
} as const;

export const PORTS = { postgresql: 5432, restApi: 8008 } as const;

/** The part of an instance that an object belongs to, in `app.kubernetes.io/component`. */
export type Component = 'database' | 'backup' | 'pooler' | 'monitoring';

/** Everything that is derived from the props, decided once. */
export interface HaPostgresPlan extends MembersPlan {
  readonly props: HaPostgresProps;
  readonly namespace?: string;
  readonly names: HaPostgresNames;
  readonly members: number;
  readonly dcs: Dcs;
  readonly durability: Durability;
  readonly image: Image;
  readonly postgresVersion: number;
  readonly patroniVersion: MinorVersion;
  readonly kubernetesVersion: MinorVersion;
  readonly openShift: boolean;
  readonly patroni: PatroniPlan;
  readonly logins: { readonly superuser: string; readonly replication: string; readonly rewind: string };
  readonly parameters: Parameters;
  readonly sharedMemory: Size;
  readonly gracePeriod: number;
  readonly startupBudget: number;
  readonly protectBootstrap: boolean;
  readonly hibernated: boolean;
  readonly tls?: TlsPlan;
  readonly backups?: BackupsPlan;
  readonly recovery?: RecoveryPlan;
  readonly standby?: StandbyPlan;
  readonly upgrade?: UpgradePlan;
  readonly pooler?: PoolerPlan;
  readonly monitoring?: MonitoringPlan;
  /** Metadata of an object of this instance that goes when Git no longer has it: what lets in, holds back or runs on a schedule. */
  metadata(name: string, component: Component): k8s.ObjectMeta;
  /**
   * Of one that no GitOps tool removes by itself: without its Role the cluster loses its lock, without its Service its state,
   * without its scripts no member starts.
   */
  kept(name: string, component: Component): k8s.ObjectMeta;
  /** The labels that selectors use. */
  selector(component: Component): Record<string, string>;
  /** The name of a Service, good in any namespace where the own one is known. */
  hostName(service: string): string;
}

/** Names of the objects. They are contract: a change of one is a major version. */
export interface HaPostgresNames {
  /** Service of the leader, ServiceAccount, budget, policy; and Patroni's scope. */
  readonly cluster: string;
  /** The StatefulSet, and with a number behind it each member; another than `cluster` only where it was adopted. */
  readonly statefulSet: string;
  readonly replica: string;
  readonly pods: string;
  /** Patroni's objects that hold state; in Endpoints mode each needs a Service of its name. */
  readonly state: { readonly config: string; readonly failover: string; readonly sync: string };
  /** The object that holds the leader lock. */
  readonly leader: string;
  readonly rbac: string;
  readonly patroniConfig: string;
  readonly scripts: string;
  readonly bootstrapBudget: string;
  readonly upgrade: string;
  readonly tls: string;
  readonly backups: BackupNames;
  readonly pooler: string;
  readonly dashboard: string;
}

/** The four CronJobs end in at most 12 characters more than the cluster's name: theirs may have 52. */
export interface BackupNames {
  /** ConfigMap of pgBackRest. */
  readonly config: string;
  /** Certificate and its Secret. */
  readonly certificate: string;
  readonly full: string;
  readonly incremental: string;
  readonly verify: string;
  readonly drill: string;
}

/** Patroni's settings, defaults filled in, times in seconds. */
export interface PatroniPlan {
  readonly ttl: number;
  readonly loopWait: number;
  readonly retryTimeout: number;
  readonly maximumLagOnFailover: Size;
  readonly primaryStartTimeout: number;
  readonly synchronousNodeCount: number;
  readonly failsafeMode: boolean;
  readonly usePgRewind: boolean;
  readonly useSlots: boolean;
  readonly memberSlotsTtl: number;
  readonly logLevel: string;
  readonly labels: Record<string, string>;
  readonly scopeLabel: string;
  readonly roleLabel: string;
  readonly leaderLabelValue: string;
  readonly followerLabelValue: string;
  /** Every label by which Patroni finds a pod of this cluster, the scope label among them. */
  readonly memberLabels: Record<string, string>;
}

/** Decides everything. Throws where the props leave no sensible decision; what they merely get wrong is found by `validation/`. */
export function planHaPostgres(scope: IConstruct, given: HaPostgresProps, namespace?: string): HaPostgresPlan {
  const props = withAdoption(given);
  const cluster = props.name ?? scope.node.id;
  const members = props.members ?? DEFAULT_MEMBERS;
  const dcs = props.dcs ?? 'endpoints';
  const postgresVersion = props.postgresVersion ?? POSTGRES_VERSIONS.default;
  const patroniVersion = parseVersion(scope, 'patroniVersion', props.patroniVersion ?? '4.1', 3, 0);
  const tuning = tuningInput(props);
  const durability = props.durability ?? 'async';
  const computed = { ...replicationSlots(members), ...waiting(durability), ...(props.postgresql?.tuning !== 'none' && tuned(tuning)) };
  const names = namesOf(cluster, dcs, props.adopt?.statefulSetName);
  const patroni = planPatroni(props, cluster, members, patroniVersion);
  const backups = planBackups(scope, props, names);
  const labels = (component: Component) => standardLabels(APPLICATION, cluster, component);
  return {
    props,
    namespace,
    names,
    members,
    dcs,
    durability,
    image: props.image ?? requireDefaultImage(scope, postgresVersion),
    postgresVersion,
    patroniVersion,
    kubernetesVersion: parseVersion(scope, 'kubernetesVersion', props.kubernetesVersion ?? '1.27', 1, 27),
    openShift: props.openShift ?? false,
    patroni,
    logins: loginNames(props.credentials),
    parameters: {
      ...archiving(backups),
      ...computed,
      ...upgradeParameters(props, computed),
      ...(props.postgresql?.hugePages && { huge_pages: 'on' }), // `try` would take ordinary pages without a word, and waste these
      ...props.postgresql?.parameters,
      ...preloaded(props),
    },
    ...planMembers(props.adopt),
    sharedMemory: props.pod?.sharedMemory ?? Size.mebibytes(Math.max(64, Math.min(1024, Math.floor(tuning.memory / 4)))),
    gracePeriod: seconds(props.pod?.terminationGracePeriod ?? Duration.seconds(600)),
    startupBudget: seconds(props.pod?.probes?.startupBudget ?? Duration.minutes(10)),
    protectBootstrap: props.disruptionBudget?.protectBootstrap ?? patroniVersion.atLeast(4, 1),
    hibernated: props.hibernated ?? false,
    tls: planTls(props, names),
    backups,
    recovery: planRecovery(props, names),
    standby: planStandby(props, names),
    upgrade: planUpgrade(props),
    pooler: planPooler(props, names),
    monitoring: planMonitoring(props, backups),
    metadata: (name, component) => ({ name, labels: labels(component) }),
    kept: (name, component) => ({ name, labels: labels(component), annotations: KEEP }),
    // Labels that members had before: the StatefulSet takes them over and replaces them one by one.
    selector: (component) =>
      props.adopt && component === 'database' ? patroni.memberLabels : selectorLabels(APPLICATION, cluster, component),
    hostName: (service) => (namespace ? `${service}.${namespace}.svc` : service),
  };
}

/** Roles that Patroni logs in with. */
export function loginNames({ superuser, replication, rewind }: HaPostgresCredentials): HaPostgresPlan['logins'] {
  return {
    superuser: superuser.username ?? 'postgres',
    replication: replication.username ?? 'replicator',
    rewind: rewind.username ?? 'rewind',
  };
}

function namesOf(cluster: string, dcs: Dcs, statefulSet = cluster): HaPostgresNames {
  return {
    cluster,
    statefulSet,
    replica: `${cluster}-replica`,
    pods: `${cluster}-pods`,
    state: { config: `${cluster}-config`, failover: `${cluster}-failover`, sync: `${cluster}-sync` },
    leader: dcs === 'endpoints' ? cluster : `${cluster}-leader`,
    rbac: `${cluster}-patroni`,
    patroniConfig: `${cluster}-patroni`, // never -config, -leader, -failover or -sync: those ConfigMaps are Patroni's
    scripts: `${cluster}-scripts`,
    bootstrapBudget: `${cluster}-bootstrap`,
    upgrade: `${cluster}-upgrade`,
    tls: `${cluster}-tls`,
    backups: {
      config: `${cluster}-pgbackrest`,
      certificate: `${cluster}-pgbackrest-tls`,
      full: `${cluster}-backup-full`,
      incremental: `${cluster}-backup-incr`,
      verify: `${cluster}-verify`,
      drill: `${cluster}-drill`,
    },
    pooler: `${cluster}-pooler`,
    dashboard: `${cluster}-dashboard`,
  };
}

function planPatroni(props: HaPostgresProps, cluster: string, members: number, version: MinorVersion): PatroniPlan {
  const given = props.patroni ?? {};
  const labels = given.labels ?? { application: 'patroni' };
  const scopeLabel = given.scopeLabel ?? 'cluster-name';
  return {
    ttl: seconds(given.ttl ?? Duration.seconds(30)),
    loopWait: seconds(given.loopWait ?? Duration.seconds(10)),
    retryTimeout: seconds(given.retryTimeout ?? Duration.seconds(10)),
    maximumLagOnFailover: given.maximumLagOnFailover ?? Size.mebibytes(32),
    primaryStartTimeout: seconds(given.primaryStartTimeout ?? Duration.seconds(300)),
    synchronousNodeCount: given.synchronousNodeCount ?? 1,
    failsafeMode: given.failsafeMode ?? members > 1,
    usePgRewind: given.usePgRewind ?? true,
    useSlots: given.useSlots ?? true,
    memberSlotsTtl: seconds(given.memberSlotsTtl ?? Duration.minutes(30)),
    logLevel: given.logLevel ?? 'INFO',
    labels,
    scopeLabel,
    roleLabel: given.roleLabel ?? 'role',
    leaderLabelValue: given.leaderLabelValue ?? (version.atLeast(3, 1) ? 'primary' : 'master'), // fixed before 3.1
    followerLabelValue: given.followerLabelValue ?? 'replica',
    memberLabels: { ...labels, [scopeLabel]: cluster },
  };
}

function requireDefaultImage(scope: IConstruct, postgresVersion: number): Image {
  const image = defaultImage(postgresVersion);
  if (image) return image;
  throw new ConstructError(
    'ImageMissing',
    scope,
    'image',
    undefined,
    `given for PostgreSQL ${postgresVersion}, for which there is no default image: use Image.of(…)`,
  );
}

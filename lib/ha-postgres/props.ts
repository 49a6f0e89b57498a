import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';
import type { Image, Peer, Placement, SecretKey, Storage } from '../platform';

/** Where Patroni keeps its leader lock, its dynamic configuration and the synchronous state. */
export type Dcs = 'endpoints' | 'configMaps';

/**
 * When a commit is acknowledged.
 *
 * - `async`: when the leader has it. A lost leader may lose the last commits, never more than `patroni.maximumLagOnFailover`.
 * - `sync`: when a standby has it too; with no standby left, the leader goes on alone.
 * - `syncStrict`: as `sync`, and with no standby left, writes wait.
 * - `quorum`: when any `patroni.synchronousNodeCount` standbys have it (Patroni 4.0 and later).
 */
export type Durability = 'async' | 'sync' | 'syncStrict' | 'quorum';

/** A three-member PostgreSQL that fails over by itself, from twenty lines. */
export interface HaPostgresProps {
  /**
   * Name of the cluster: Patroni's scope, the StatefulSet, the Service of the leader. Never change it: it names the volumes.
   * A DNS label of at most 40 characters that begins with a letter.
   *
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Image with PostgreSQL, Patroni, psql, curl, jq and bash, whose user 1000 is `postgres`.
   *
   * @default - timescale/timescaledb-ha of `postgresVersion` by its most specific tag; synth warns until you pin a digest
   */
  readonly image?: Image;
  /**
   * Major version of PostgreSQL, 13 to 18 (15 and 17 run in the cluster tests). It is part of no path: a new major is a migration, never an edit of this number alone.
   *
   * @default 17
   */
  readonly postgresVersion?: number;
  /**
   * Version of Patroni in the image, `major.minor`, 3.0 or later: chooses role labels and refuses what that version lacks.
   *
   * @default '4.1'
   */
  readonly patroniVersion?: string;
  /**
   * Oldest Kubernetes the YAML is for, `1.27` or later.
   *
   * @default '1.27'
   */
  readonly kubernetesVersion?: string;
  /**
   * OpenShift: leaves user and group ids to its admission, and asks for the right to write Endpoints by hand.
   *
   * @default false
   */
  readonly openShift?: boolean;
  /**
   * Number of PostgreSQL servers: one leader, the rest streaming replicas.
   *
   * @default 3
   */
  readonly members?: number;
  /**
   * Kind of object that holds Patroni's state. Changing it later is a migration: see the README.
   *
   * @default 'endpoints' - see decisions/0001-dcs.md
   */
  readonly dcs?: Dcs;
  /** @default 'async' - PostgreSQL's and Patroni's own */
  readonly durability?: Durability;
  /** Passwords of the roles that Patroni itself uses, from Secrets that exist. */
  readonly credentials: HaPostgresCredentials;
  /** Roles that exist, with these attributes and passwords. Others are left alone; a role taken out of the list stays. @default - none */
  readonly roles?: RoleOptions[];
  /** Databases that exist, with these owners. Others are left alone; a database taken out of the list stays. @default - none */
  readonly databases?: DatabaseOptions[];
  /** Each member's data volume. */
  readonly storage: Storage;
  /** Each member's volume for the write-ahead log; cannot be added or removed later. @default - the log is on the data volume; synth warns */
  readonly walStorage?: Storage;
  /**
   * Of the PostgreSQL container. The memory limit, else the request, is what the tuning computes from; a missing request is
   * set to the limit.
   */
  readonly resources: kplus.ContainerResources;
  /** What PostgreSQL itself is told. @default - tuned from `resources` and volumes */
  readonly postgresql?: PostgresqlOptions;
  /** What Patroni is told. @default - Patroni's own timing, failsafe mode, pg_rewind, replication slots */
  readonly patroni?: PatroniOptions;
  /** On which nodes the members run. @default - spread over hosts and zones where there are enough */
  readonly placement?: Placement;
  /** What a node drain may take at once. @default - one member; nothing for a single member */
  readonly disruptionBudget?: DisruptionBudgetOptions;
  /** Additions to the pods. @default - none */
  readonly pod?: PodOptions;
  /** Who may connect, and to what the members may. @default - nobody but the members and what `allowFrom` adds */
  readonly networkPolicy?: NetworkPolicyOptions;
}

/** A login that Patroni uses. */
export interface Login {
  /** Name of the role in PostgreSQL. @default - `postgres`, `replicator` and `rewind` */
  readonly username?: string;
  /** Its password. */
  readonly password: SecretKey;
}

/** The three logins that Patroni uses. Each needs a password of its own. */
export interface HaPostgresCredentials {
  /** Owner of everything; may log in from wherever `pgHba` and the NetworkPolicy let clients in. */
  readonly superuser: Login;
  /** For streaming replication. */
  readonly replication: Login;
  /** For pg_rewind, with no more rights than that needs. */
  readonly rewind: Login;
}

/** A role that the cluster shall have. */
export interface RoleOptions {
  readonly name: string;
  /** @default - the role cannot log in */
  readonly password?: SecretKey;
  /** Most connections at once. @default - no limit but `max_connections` */
  readonly connectionLimit?: number;
  /** May create databases. @default false */
  readonly createDatabase?: boolean;
  /** May create roles. @default false */
  readonly createRole?: boolean;
  /** Roles whose rights it gets. One taken out of the list stays granted: revoke it by hand. @default - none */
  readonly memberOf?: string[];
}

/** A database that the cluster shall have. */
export interface DatabaseOptions {
  readonly name: string;
  /** One of `roles`. */
  readonly owner: string;
}

/** What PostgreSQL itself is told. */
export interface PostgresqlOptions {
  /**
   * Any parameter of postgresql.conf but those that Patroni or this construct own. Beats the computed tuning key by key.
   * They live in Patroni's dynamic configuration, so all members have the same.
   */
  readonly parameters?: Record<string, string | number | boolean>;
  /**
   * `auto` computes memory, WAL and worker parameters from `resources` and volumes; `none` leaves PostgreSQL's own defaults.
   *
   * @default 'auto'
   */
  readonly tuning?: 'auto' | 'none';
  /** Lines of pg_hba.conf for clients, in order, after those of the members. @default - `host all all all scram-sha-256` */
  readonly pgHba?: string[];
  /** How the first member is made; later changes have no effect. @default - data checksums, UTF8, C.UTF-8 */
  readonly initdb?: InitdbOptions;
}

/** How the first member is made. */
export interface InitdbOptions {
  /** @default true */
  readonly dataChecksums?: boolean;
  /** @default 'UTF8' */
  readonly encoding?: string;
  /** @default 'C.UTF-8' */
  readonly locale?: string;
  /** A power of two from 1 to 1024 MiB. @default - 16 MiB, PostgreSQL's own */
  readonly walSegmentSize?: Size;
}

/** What Patroni is told. Times are whole seconds, and `loopWait + 2 × retryTimeout ≤ ttl`. */
export interface PatroniOptions {
  /** How long the leader lock lives without renewal, so the longest outage after a power loss. At least 20 s. @default Duration.seconds(30) */
  readonly ttl?: Duration;
  /** Between two looks at the state, and two renewals of the lock. @default Duration.seconds(10) */
  readonly loopWait?: Duration;
  /** How long the Kubernetes API or PostgreSQL may fail before the leader steps down. @default Duration.seconds(10) */
  readonly retryTimeout?: Duration;
  /** A replica further behind than this never becomes leader. @default Size.mebibytes(32) */
  readonly maximumLagOnFailover?: Size;
  /** How long a crashed leader may recover before another member takes over. @default Duration.seconds(300) */
  readonly primaryStartTimeout?: Duration;
  /** Standbys that must have a commit before it is acknowledged, where `durability` asks for any. @default 1 */
  readonly synchronousNodeCount?: number;
  /** The leader goes on without the Kubernetes API as long as it reaches every member. @default - true, false for a single member */
  readonly failsafeMode?: boolean;
  /** A former leader rejoins by pg_rewind, without a full copy. @default true */
  readonly usePgRewind?: boolean;
  /** The leader keeps the WAL that each replica still needs, up to `max_slot_wal_keep_size`. @default true */
  readonly useSlots?: boolean;
  /** How long the slot of an absent member is kept (Patroni 4.0 and later). @default Duration.minutes(30) */
  readonly memberSlotsTtl?: Duration;
  /** @default 'INFO' */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
  /** Labels of pods and Patroni's objects, besides the scope label, by which Patroni finds its cluster. @default { application: 'patroni' } */
  readonly labels?: Record<string, string>;
  /** Key of the label that holds the cluster's name. @default 'cluster-name' */
  readonly scopeLabel?: string;
  /** Key of the label that holds a member's role. @default 'role' */
  readonly roleLabel?: string;
  /** Value of the role label on the leader (settable from Patroni 3.1). @default - `primary`; `master` before Patroni 3.1 */
  readonly leaderLabelValue?: string;
  /** Value of the role label on replicas (settable from Patroni 3.1). @default 'replica' */
  readonly followerLabelValue?: string;
}

/** What a node drain may take at once. One of the first two. */
export interface DisruptionBudgetOptions {
  /** @default 1 */
  readonly maxUnavailable?: number;
  /** @default - see maxUnavailable */
  readonly minAvailable?: number;
  /** A drain waits for a member that is being copied (Patroni 4.1 and later). @default - true from Patroni 4.1 */
  readonly protectBootstrap?: boolean;
}

/** Additions to the pods. */
export interface PodOptions {
  /** Names of Secrets with which the nodes pull the images. @default - none */
  readonly imagePullSecrets?: string[];
  /** A change of these restarts the members one by one. @default - none */
  readonly annotations?: Record<string, string>;
  /** Never part of a selector. @default - none */
  readonly labels?: Record<string, string>;
  /** Further containers. They get the restricted security context. @default - none */
  readonly sidecars?: kplus.ContainerProps[];
  /** Further volumes of the PostgreSQL container. @default - none */
  readonly volumeMounts?: kplus.VolumeMount[];
  /** Size of `/dev/shm`, for parallel queries; part of the memory limit. @default - a quarter of the memory, at most 1 GiB */
  readonly sharedMemory?: Size;
  /** For the shutdown checkpoint. @default Duration.seconds(600) */
  readonly terminationGracePeriod?: Duration;
  /** @default - Patroni's /liveness and /readiness */
  readonly probes?: ProbeOptions;
}

/** How the kubelet asks Patroni for its health. */
export interface ProbeOptions {
  /** Path of the liveness and startup probes. Nothing that runs SQL: a restart in recovery begins it anew. @default '/liveness' */
  readonly livenessPath?: string;
  /** How long Patroni may take until its loop runs, e.g. while the API is out of reach. @default Duration.minutes(10) */
  readonly startupBudget?: Duration;
  /** Whether readiness is asked for; `configMaps` needs it to keep a dead leader out of the Service. @default true */
  readonly readiness?: boolean;
}

/** Who may connect, and to what the members may. */
export interface NetworkPolicyOptions {
  /** Without it anybody in reach may also change Patroni's configuration on port 8008, which asks for no password yet. @default true */
  readonly enabled?: boolean;
  /** Clients of port 5432; `allowFrom` adds more. @default - none */
  readonly clients?: Peer[];
  /** Where the Kubernetes API server is, as CIDRs. @default - anywhere, on `apiServerPorts` */
  readonly apiServerCidrs?: string[];
  /** Ports of the Kubernetes API server, before and after the Service's translation. @default [443, 6443] */
  readonly apiServerPorts?: number[];
}

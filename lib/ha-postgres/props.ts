import type * as kplus from 'cdk8s-plus-27';
import type { Image, Peer, Placement, SecretKey, Storage } from '../platform';
import type {
  AdoptionOptions,
  BackupOptions,
  DisruptionBudgetOptions,
  ExternalSecretsOptions,
  MonitoringOptions,
  PatroniOptions,
  PodOptions,
  PoolerOptions,
  PostgresqlOptions,
  RecoveryOptions,
  ServicesOptions,
  StandbyOptions,
  TlsOptions,
  UpgradeOptions,
} from './options';

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
   * Major version of PostgreSQL, 13 to 18 (15 and 17 run in the cluster tests; 18 needs Patroni 4.0.7). It is part of no path: a new major is a migration, never an edit of this number alone.
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
   * set to the limit. Without anything about `cpu`, 100 millicores are requested.
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
  /** Backups and the archive of the write-ahead log. @default - none; synth warns */
  readonly backups?: BackupOptions;
  /** What the cluster is born from. @default - an empty database */
  readonly recovery?: RecoveryOptions;
  /** The cluster that this one follows, read-only, until it is promoted. @default - none: it leads itself */
  readonly standbyOf?: StandbyOptions;
  /** Encryption of connections. @default - none */
  readonly tls?: TlsOptions;
  /** The Services that clients use. @default - of type ClusterIP */
  readonly services?: ServicesOptions;
  /** PgBouncer in front of the leader. @default - none */
  readonly pooler?: PoolerOptions;
  /** What Prometheus sees. @default - nothing */
  readonly monitoring?: MonitoringOptions;
  /** Takes over a cluster that something else made. @default - none */
  readonly adopt?: AdoptionOptions;
  /** The cluster that this one replaces, e.g. of an older major version. @default - none */
  readonly upgradeFrom?: UpgradeOptions;
  /** No member runs and no schedule either; volumes and Patroni's state stay. @default false */
  readonly hibernated?: boolean;
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
  /** Makes the Secrets that this instance refers to, from a store outside. @default - they exist */
  readonly externalSecrets?: ExternalSecretsOptions;
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

/** Who may connect, and to what the members may. */
export interface NetworkPolicyOptions {
  /** Without it anybody in reach may also change Patroni's configuration on port 8008, unless `patroni.restApi` has a password. @default true */
  readonly enabled?: boolean;
  /** Clients of port 5432; `allowFrom` adds more. @default - none */
  readonly clients?: Peer[];
  /** Where the Kubernetes API server is, as CIDRs. @default - anywhere, on `apiServerPorts` */
  readonly apiServerCidrs?: string[];
  /** Ports of the Kubernetes API server, before and after the Service's translation. @default [443, 6443] */
  readonly apiServerPorts?: number[];
  /**
   * Where the backups' store is, as CIDRs; with a cloud's identities also where their credentials come from.
   *
   * @default - anywhere, on `storePorts`
   */
  readonly storeCidrs?: string[];
  /** Ports of the backups' store, after a Service's translation. @default - that of its endpoint, and of what gives credentials */
  readonly storePorts?: number[];
}

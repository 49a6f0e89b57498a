import type { Storage } from '../../platform';

/** A tablespace, on a volume of its own in every member. Cannot be removed or added later without making the StatefulSet anew (see the README). */
export interface TablespaceOptions {
  /** As SQL knows it. At most 50 of a-z, 0-9, _ and -, beginning with a letter; not `pg_…`. */
  readonly name: string;
  /** Each member's volume for it. */
  readonly storage: Storage;
  /** One of `roles`. @default - the superuser */
  readonly owner?: string;
}

/** An extension that databases shall have, where the image has it; one taken out of the list stays. */
export interface ExtensionOptions {
  /** As `CREATE EXTENSION` knows it. What it needs to have preloaded, as `timescaledb` and `pg_stat_statements` do, is preloaded. */
  readonly name: string;
  /** Of `databases`, or `postgres`. @default - all of `databases` */
  readonly databases?: string[];
  /** Kept at the newest version that the image has (ALTER EXTENSION … UPDATE). @default true */
  readonly update?: boolean;
}

/**
 * Scripts that Patroni runs with bash in the PostgreSQL container. `$1` is the action, `$2` the role (`primary`, `replica` or
 * `standby_leader`; `master` before Patroni 4.0), `$3` the cluster's name. Patroni waits for none of them, and kills one that still
 * runs when the next begins.
 */
export interface CallbackOptions {
  /** When PostgreSQL has started. @default - nothing */
  readonly onStart?: string;
  /** When PostgreSQL has stopped. @default - nothing */
  readonly onStop?: string;
  /** When PostgreSQL has read its configuration again. @default - nothing */
  readonly onReload?: string;
  /** When PostgreSQL has restarted, in the same role. @default - nothing */
  readonly onRestart?: string;
  /** When the member has become the leader, or is no longer. @default - nothing */
  readonly onRoleChange?: string;
}

/** ExternalSecret objects (external-secrets.io/v1) for every Secret that this instance refers to by SecretKey; its keys are properties in the store. */
export interface ExternalSecretsOptions {
  /** Name of the SecretStore or ClusterSecretStore. */
  readonly store: string;
  /** @default 'SecretStore' */
  readonly storeKind?: 'SecretStore' | 'ClusterSecretStore';
  /** Key in the store for a Secret of a name. @default - the Secret's own name */
  readonly remoteKeys?: Record<string, string>;
}

import type { Storage } from '../../platform';

/** A tablespace, on a volume of its own in every member. Cannot be removed or added later without making the StatefulSet anew (see the README). */
export interface TablespaceOptions {
  readonly name: string;
  readonly storage: Storage;
  /** One of `roles`. @default - the superuser */
  readonly owner?: string;
}

/** An extension that databases shall have. */
export interface ExtensionOptions {
  readonly name: string;
  /** Of `databases`. @default - all of them */
  readonly databases?: string[];
  /** Kept at the newest version that the image has (ALTER EXTENSION … UPDATE). @default true */
  readonly update?: boolean;
}

/** Shell commands that Patroni runs in the PostgreSQL container when a role changes; each gets action, role and cluster name. */
export interface CallbackOptions {
  readonly onStart?: string;
  readonly onStop?: string;
  readonly onReload?: string;
  readonly onRestart?: string;
  readonly onRoleChange?: string;
}

/** ExternalSecret objects for every Secret that this instance refers to. */
export interface ExternalSecretsOptions {
  /** Name of the SecretStore or ClusterSecretStore. */
  readonly store: string;
  /** @default 'SecretStore' */
  readonly storeKind?: 'SecretStore' | 'ClusterSecretStore';
  /** Key in the store for a Secret of a name. @default - the Secret's own name */
  readonly remoteKeys?: Record<string, string>;
}

import type { IPostgres } from '../postgres';

/**
 * The cluster that this one replaces: its databases are copied by logical replication while it goes on, and taken over when
 * `phase` says so. Take it out of the props some time after the switch.
 */
export interface UpgradeOptions {
  /**
   * The old cluster, of the same or an older major version: an HaPostgres, or `HaPostgres.fromEndpoints` with its `administrator`,
   * a superuser. It needs `wal_level: 'logical'`. The Secret with the password has to be in this namespace.
   */
  readonly source: IPostgres;
  /** Of `databases`. @default - all of them */
  readonly databases?: string[];
  /**
   * - `copy`: brings schema and rows here, and follows. The old cluster is in use; nobody can connect to the databases here.
   * - `switch`: closes the databases there, waits for the last rows, and opens them here. In the same commit, let applications use
   *   this cluster.
   * - `cancel`: before the switch, removes from the old cluster what the copy has left there.
   */
  readonly phase: 'copy' | 'switch' | 'cancel';
}

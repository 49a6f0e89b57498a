import type { Dcs } from '../props';

/**
 * Names, paths and labels of a Patroni cluster that runs already, so that its members come back under this construct with the
 * volumes they have. `Adoption` has those of the usual ones. It stays in Git for good: what it names can never change.
 */
export interface AdoptionOptions {
  /** Name of the claim template of the data volume. @default 'data' */
  readonly dataClaim?: string;
  /** Where the data volume is mounted. @default '/home/postgres/pgdata' */
  readonly dataMount?: string;
  /** The data folder, below `dataMount`. @default - `<dataMount>/data` */
  readonly pgdata?: string;
  /** Name of the claim template of the WAL volume. @default - there is none, and none can be added */
  readonly walClaim?: string;
  /** Where the WAL volume is mounted. @default '/home/postgres/wal' */
  readonly walMount?: string;
  /** The WAL folder, below `walMount`. @default - `<walMount>/pg_wal` */
  readonly waldir?: string;
  /** User that owns the files; in the image it must be `postgres`. @default 1000 */
  readonly userId?: number;
  /** Group that owns the files. @default - `userId` */
  readonly groupId?: number;
  /** Name of the StatefulSet, which begins the names of pods and claims. @default - the cluster's name */
  readonly statefulSetName?: string;
  /** Name of the port that the Service has and Patroni writes; an empty text for none. @default 'postgresql' */
  readonly portName?: string;
  /** Where the old members keep their state; `dcs` must be the same. @default - `dcs` decides */
  readonly dcs?: Dcs;
  /** Patroni's own labels, without scope and role. @default { application: 'patroni' } */
  readonly labels?: Record<string, string>;
  /** @default 'cluster-name' */
  readonly scopeLabel?: string;
  /** @default 'role' */
  readonly roleLabel?: string;
  /** What the leader's role label says now; Patroni's own word was `master` before 4.0. @default - `patroni.leaderLabelValue` decides */
  readonly leaderLabelValue?: string;
  /** The superuser's name. @default 'postgres' */
  readonly superuser?: string;
  /** Name of the role for replication. @default 'replicator' */
  readonly replication?: string;
  /**
   * How clients and members prove their password. `md5` takes scram verifiers too, so it lets in both the roles whose password
   * was set anew and those it was not.
   *
   * @default 'md5'
   */
  readonly authMethod?: 'md5' | 'scram-sha-256';
  /**
   * Members whose ordinal is less stay as they were: two commits, with a switchover to a member already taken over in between,
   * so that no old leader is ever stopped.
   *
   * @default 0 - all are taken over, one by one, highest ordinal first
   */
  readonly partition?: number;
}

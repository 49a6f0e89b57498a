/**
 * Names and paths of a cluster that runs already, so that its members come back under this construct with the volumes they have.
 * See the README for the steps. Presets: `timescaledb-single`, `spilo`.
 */
export interface AdoptionOptions {
  /** Name of the claim template of the data volume. @default 'data' */
  readonly dataClaim?: string;
  /** Where the data volume is mounted. @default '/home/postgres/pgdata' */
  readonly dataMount?: string;
  /** The data folder, below `dataMount`. @default - `<dataMount>/data` */
  readonly pgdata?: string;
  /** Name of the claim template of the WAL volume. @default 'wal' */
  readonly walClaim?: string;
  /** Where the WAL volume is mounted. @default '/home/postgres/wal' */
  readonly walMount?: string;
  /** The WAL folder, below `walMount`. @default - `<walMount>/pg_wal` */
  readonly waldir?: string;
  /** User and group that own the files. @default 1000 */
  readonly userId?: number;
  /** Name of the StatefulSet. @default - the cluster's name */
  readonly statefulSetName?: string;
}

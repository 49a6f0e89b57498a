import type { Size } from 'cdk8s';
import type { ExtensionOptions, TablespaceOptions } from './extras';

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
  /** Lines of pg_hba.conf for clients, in order, after those of the members; what PostgreSQL could not read is refused. @default - `host all all all scram-sha-256` */
  readonly pgHba?: string[];
  /** How the first member is made; later changes have no effect. @default - data checksums, UTF8, C.UTF-8 */
  readonly initdb?: InitdbOptions;
  /** In every member a volume of its own for each. @default - none */
  readonly tablespaces?: TablespaceOptions[];
  /** Kept in the databases, where the image has them. @default - none */
  readonly extensions?: ExtensionOptions[];
  /**
   * Huge pages of 2 MiB for all of PostgreSQL's shared memory, which is `shared_buffers` and some 3 to 10 % more. The nodes must have set
   * them aside (`vm.nr_hugepages`); they come on top of `resources.memory`.
   *
   * @default - none
   */
  readonly hugePages?: Size;
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

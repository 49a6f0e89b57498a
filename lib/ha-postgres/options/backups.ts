import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';
import type { BackupTarget, Schedule } from '../../backup';
import type { CertificateSource, SecretKey, Storage } from '../../platform';

/** Backups and the write-ahead log's archive, by pgBackRest. */
export interface BackupOptions {
  /** Where they are kept. Belongs to this cluster alone. */
  readonly repository: BackupTarget;
  /**
   * Certificate by which the members and the backup Jobs know each other (mutual TLS on port 8432): common name and one DNS
   * name `<name>-pgbackrest`, and `*.<name>-pods`.
   */
  readonly certificate: CertificateSource;
  /** How long backups are kept. */
  readonly retention: RetentionOptions;
  /** @default - full on Sunday and incremental on other days at 02:12, verified on Saturday at 04:42, all in UTC; no drill */
  readonly schedules?: BackupSchedules;
  /** Passphrase with which pgBackRest encrypts (AES-256). Cannot be added, changed or removed later. @default - not encrypted */
  readonly encryptionKey?: SecretKey;
  /** pgBackRest's name of this cluster in the repository. @default - the cluster's name */
  readonly stanza?: string;
  /** Which member the files are read from; `standby` waits for one, `preferStandby` (pgBackRest 2.54) takes the leader where there is none. @default 'primary' */
  readonly from?: 'primary' | 'preferStandby' | 'standby';
  /** @default 'zst' */
  readonly compression?: 'none' | 'gz' | 'lz4' | 'zst' | 'bz2';
  /** Processes that compress and send, in a backup Job and in archiving. @default 2 */
  readonly processes?: number;
  /** Small files are stored together, and of large files only changed blocks (pgBackRest 2.46). @default - true from pgBackRest 2.46 */
  readonly blockIncremental?: boolean;
  /** At most this much of the log is lost when the leader is lost with its volume: a segment is archived at least so often. @default Duration.seconds(60) */
  readonly archiveTimeout?: Duration;
  /** When more waits to be archived, it is dropped: the leader survives, restores to a point after it do not. @default - nothing is ever dropped */
  readonly archiveQueueMax?: Size;
  /** Longest time of one backup. @default Duration.hours(24) */
  readonly deadline?: Duration;
  /** No schedule runs; archiving goes on. @default false */
  readonly suspended?: boolean;
  /** How a drill proves that backups can be restored. @default - no drill */
  readonly drill?: RestoreDrillOptions;
  /** Version of pgBackRest in the image, `major.minor`, 2.45 or later. @default '2.54' */
  readonly pgbackrestVersion?: string;
  /** Of pgBackRest's container in each member and of each Job. @default - 50 millicores and 64 to 512 MiB */
  readonly resources?: kplus.ContainerResources;
}

/** How long backups are kept. The log that full backups need is kept with them. */
export interface RetentionOptions {
  /** Full backups, or days, at least 1. */
  readonly full: number;
  /** Whether `full` counts backups or days. @default 'count' */
  readonly fullType?: 'count' | 'days';
}

/** When; `undefined` takes the default, `false` leaves it out. */
export interface BackupSchedules {
  /** @default '12 2 * * 0' */
  readonly full?: Schedule | false;
  /** @default '12 2 * * 1-6' */
  readonly incremental?: Schedule | false;
  /** Reads every file of the repository again. @default '42 4 * * 6' */
  readonly verify?: Schedule | false;
  /** Restores the newest backup into a scratch volume and runs a query. @default - with `drill`, '42 5 1 * *' */
  readonly drill?: Schedule | false;
  /** A name of the time zone database. @default 'Etc/UTC' */
  readonly timeZone?: string;
}

/** A restore that proves the backups, and is thrown away. */
export interface RestoreDrillOptions {
  /** The scratch volume, claimed for each drill and gone with its pod. */
  readonly storage: Omit<Storage, 'initialSize'>;
  /** Query that fails or returns no row where the data is not right. @default 'SELECT 1' */
  readonly query?: string;
  /** @default 'postgres' */
  readonly database?: string;
  /** Of the PostgreSQL that is started on it. @default - 100 millicores and 256 MiB to 1 GiB */
  readonly resources?: kplus.ContainerResources;
}

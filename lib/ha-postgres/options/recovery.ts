import type { Duration } from 'cdk8s';
import type { BackupTarget } from '../../backup';
import type { SecretKey } from '../../platform';

/** What a cluster is born from, where it is not born empty. Without effect once it exists. */
export interface RecoveryOptions {
  /** The repository of the other cluster. It is only read. */
  readonly source: BackupTarget;
  /** pgBackRest's name of the other cluster. @default - this cluster's name */
  readonly stanza?: string;
  /** Passphrase of that repository. @default - it is not encrypted */
  readonly encryptionKey?: SecretKey;
  /** How far to go. @default RecoveryTarget.latest() */
  readonly target?: RecoveryTarget;
  /** Label of the backup to start from, as `20261121-021200F`; needed for a transaction id or a name. @default - the newest before the target */
  readonly set?: string;
  /** Timeline to follow: a number, `current` or `latest`. @default 'latest' */
  readonly timeline?: number | 'current' | 'latest';
}

/** A point in another cluster's history. */
export class RecoveryTarget {
  /** The end of its archive. */
  public static latest(): RecoveryTarget {
    return new RecoveryTarget('default');
  }

  /** @param time with its offset, as `2026-11-21 13:42:02+00` */
  public static time(time: string): RecoveryTarget {
    return new RecoveryTarget('time', time);
  }

  /** @param lsn a position in the write-ahead log, as `0/3000060` */
  public static lsn(lsn: string): RecoveryTarget {
    return new RecoveryTarget('lsn', lsn);
  }

  /** @param xid a transaction's id; needs `set` */
  public static xid(xid: string): RecoveryTarget {
    return new RecoveryTarget('xid', xid);
  }

  /** @param name a restore point made by `pg_create_restore_point`; needs `set` */
  public static restorePoint(name: string): RecoveryTarget {
    return new RecoveryTarget('name', name);
  }

  /** The end of the backup itself. */
  public static immediate(): RecoveryTarget {
    return new RecoveryTarget('immediate');
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isRecoveryTarget(value: unknown): value is RecoveryTarget {
    return ['default', 'time', 'lsn', 'xid', 'name', 'immediate'].includes((value as RecoveryTarget | undefined)?.type as string);
  }

  private constructor(
    /** pgBackRest's word for the kind. */
    public readonly type: 'default' | 'time' | 'lsn' | 'xid' | 'name' | 'immediate',
    public readonly value?: string,
    /** Whether the target itself is left out. */
    public readonly isExclusive = false,
  ) {}

  /** Stops just before the target: a time, an lsn or an xid. */
  public exclusive(): RecoveryTarget {
    return new RecoveryTarget(this.type, this.value, true);
  }
}

/** The cluster that this one follows. Taken out of Git, this one is promoted. One of `host` and `repository`, or both. */
export interface StandbyOptions {
  /** Where its leader is. @default - only `repository` is followed */
  readonly host?: string;
  /** @default 5432 */
  readonly port?: number;
  /** Its repository, for what the host no longer has. @default - only `host` is followed */
  readonly repository?: BackupTarget;
  /** pgBackRest's name of it in that repository. @default - this cluster's name */
  readonly stanza?: string;
  /** Passphrase of that repository. @default - it is not encrypted */
  readonly encryptionKey?: SecretKey;
  /** A replication slot that exists there. @default - none; the other cluster keeps what its own settings say */
  readonly primarySlotName?: string;
  /** How far it stays behind on purpose. @default - not at all */
  readonly applyDelay?: Duration;
}

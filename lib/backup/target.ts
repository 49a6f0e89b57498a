import type { ConfigMapKey, SecretKey } from '../platform';

/** How to reach any kind of store. */
interface StoreOptions {
  /** Folder in the store, from its root: begins with `/`, belongs to one database and one generation of it, e.g. `/orders/1`. */
  readonly path: string;
}

/** How to reach a store over TLS. */
interface TlsStoreOptions extends StoreOptions {
  /** Authority that the store's certificate is verified by. @default - those of the image */
  readonly authority?: SecretKey | ConfigMapKey;
}

/** Access to a bucket by a fixed pair of keys. */
export interface S3Keys {
  readonly accessKey: SecretKey;
  readonly secretKey: SecretKey;
  /** For temporary keys. @default - none */
  readonly sessionToken?: SecretKey;
}

/** A bucket of Amazon S3, or of what speaks its protocol. */
export interface S3TargetOptions extends TlsStoreOptions {
  readonly bucket: string;
  readonly region: string;
  /** Host, and port where it is not 443; without `https://`. @default - `s3.<region>.amazonaws.com` */
  readonly endpoint?: string;
  /** `path` for MinIO, Ceph and other hosts without a name for each bucket. @default 'host' */
  readonly uriStyle?: 'host' | 'path';
  /**
   * Keys; `webIdentity` for IAM roles of service accounts (annotate the ServiceAccount), `podIdentity` for EKS pod
   * identities, `auto` for the instance's role.
   */
  readonly credentials: S3Keys | 'webIdentity' | 'podIdentity' | 'auto';
  /** Key by which the store itself encrypts. @default - the bucket's own setting */
  readonly kmsKeyId?: string;
}

/** A bucket of Google Cloud Storage. */
export interface GcsTargetOptions extends TlsStoreOptions {
  readonly bucket: string;
  /** The service account's key, or `auto` for workload identity. */
  readonly credentials: SecretKey | 'auto';
}

/** A container of Azure Blob Storage. */
export interface AzureTargetOptions extends TlsStoreOptions {
  readonly account: string;
  readonly container: string;
  /** The account's key, a shared access signature, or `auto` for managed identities. */
  readonly credentials: { readonly sharedKey: SecretKey } | { readonly sas: SecretKey } | 'auto';
}

/** A folder on a host that speaks SFTP. */
export interface SftpTargetOptions extends StoreOptions {
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  readonly user: string;
  readonly privateKey: SecretKey;
  /** SHA-256 fingerprint of the host's key, 64 hexadecimal digits. */
  readonly hostFingerprint: string;
}

/** A volume that every member and every backup Job mounts. */
export interface VolumeTargetOptions extends StoreOptions {
  /** A claim that exists, with ReadWriteMany, or the members could not share it. */
  readonly claimName: string;
}

/** One of the kinds, by which code that renders them tells them apart. */
export type BackupTargetConfig =
  | ({ readonly kind: 's3' } & S3TargetOptions)
  | ({ readonly kind: 'gcs' } & GcsTargetOptions)
  | ({ readonly kind: 'azure' } & AzureTargetOptions)
  | ({ readonly kind: 'sftp' } & SftpTargetOptions)
  | ({ readonly kind: 'volume' } & VolumeTargetOptions);

/** Where backups are kept. */
export class BackupTarget {
  public static s3(options: S3TargetOptions): BackupTarget {
    return new BackupTarget({ kind: 's3', ...options });
  }

  public static gcs(options: GcsTargetOptions): BackupTarget {
    return new BackupTarget({ kind: 'gcs', ...options });
  }

  public static azure(options: AzureTargetOptions): BackupTarget {
    return new BackupTarget({ kind: 'azure', ...options });
  }

  public static sftp(options: SftpTargetOptions): BackupTarget {
    return new BackupTarget({ kind: 'sftp', ...options });
  }

  public static volume(options: VolumeTargetOptions): BackupTarget {
    return new BackupTarget({ kind: 'volume', ...options });
  }

  /** Whether it is one, from whichever copy of this package. */
  public static isBackupTarget(value: unknown): value is BackupTarget {
    return ['s3', 'gcs', 'azure', 'sftp', 'volume'].includes((value as BackupTarget | undefined)?.config?.kind as string);
  }

  private constructor(public readonly config: BackupTargetConfig) {}

  /** Whether two write into one folder, or one into a folder of the other. */
  public overlaps(other: BackupTarget): boolean {
    return nested(folder(this), folder(other));
  }

  /** The same, where two endpoints or hosts may be names of one server, as a Service's short and its full name are. */
  public mayOverlap(other: BackupTarget): boolean {
    return this.config.kind === other.config.kind && nested(anywhere(this), anywhere(other));
  }

  /** The store and the folder, without credentials: equal where two write to one place. */
  public get location(): string {
    const c = this.config;
    const path = c.path.replace(/\/+$/, '');
    switch (c.kind) {
      case 's3':
        return `s3://${(c.endpoint ?? `s3.${c.region}.amazonaws.com`).toLowerCase().replace(/:443$/, '')}/${c.bucket}${path}`;
      case 'gcs':
        return `gs://${c.bucket}${path}`;
      case 'azure':
        return `azure://${c.account}/${c.container}${path}`;
      case 'sftp':
        return `sftp://${c.host.toLowerCase()}:${c.port ?? 22}${path}`;
      default:
        return `volume://${c.claimName}${path}`;
    }
  }
}

function nested(mine: string, its: string): boolean {
  return mine.startsWith(its) || its.startsWith(mine);
}

/** A folder, whatever the host that has it is called. */
function anywhere(target: BackupTarget): string {
  const at = folder(target);
  return target.config.kind === 's3' || target.config.kind === 'sftp' ? at.replace(/^\w+:\/\/[^/]+/, '') : at;
}

/** A folder, for comparison: at Amazon a bucket's name is one for all regions, and each region has endpoints of several names. */
function folder({ location }: BackupTarget): string {
  return `${location.replace(/^s3:\/\/(?:[^/]+\.)?(amazonaws\.com(?:\.cn)?)\//, 's3://$1/')}/`;
}

import type { k8s } from 'cdk8s-plus-27';
import type { BackupTarget, BackupTargetConfig } from '../../backup';
import { ConfigMapKey, type SecretKey } from '../../platform';

/** A repository as pgBackRest is told of it: lines of its configuration, and what only Secrets know. */
export interface Repository {
  /** Lines of the section `[global]`. */
  readonly lines: string[];
  /** Options whose values are secret, by name: each becomes a file of that name. */
  readonly options: Record<string, SecretKey>;
  /** Files that lines refer to, by name. */
  readonly files: Record<string, SecretKey | ConfigMapKey>;
}

/** Where a repository's files are in the pod. */
export interface RepositoryPlace {
  /** Configuration, secret options and files. */
  readonly folder: string;
  /** The claim, where it is one. */
  readonly volume: string;
}

/** @param encryptionKey passphrase, if the repository is encrypted */
export function repository({ config }: BackupTarget, place: RepositoryPlace, encryptionKey?: SecretKey): Repository {
  const store = KINDS[config.kind](config as never, `${place.folder}/files`);
  return {
    lines: [
      `repo1-type=${config.kind === 'volume' ? 'posix' : config.kind}`,
      `repo1-path=${config.kind === 'volume' ? place.volume : ''}${config.path.replace(/\/+$/, '')}`,
      ...store.lines,
      ...(encryptionKey ? ['repo1-cipher-type=aes-256-cbc'] : []),
    ],
    options: { ...store.options, ...(encryptionKey && { 'repo1-cipher-pass': encryptionKey }) },
    files: store.files,
  };
}

type Kinds = {
  [K in BackupTargetConfig['kind']]: (config: Extract<BackupTargetConfig, { kind: K }>, folder: string) => Repository;
};

/** The options of pgBackRest's manual, "Repository". */
const KINDS: Kinds = {
  s3: (c, folder) => {
    const keys = typeof c.credentials === 'string' ? undefined : c.credentials;
    const keyType = typeof c.credentials === 'string' ? S3_KEY_TYPES[c.credentials] : 'shared';
    const { host, port } = hostAndPort(c.endpoint ?? `s3.${c.region}.amazonaws.com`);
    return {
      lines: [
        `repo1-s3-bucket=${c.bucket}`,
        `repo1-s3-region=${c.region}`,
        `repo1-s3-endpoint=${host}`,
        ...(port ? [`repo1-storage-port=${port}`] : []),
        `repo1-s3-uri-style=${c.uriStyle ?? 'host'}`,
        `repo1-s3-key-type=${keyType}`,
        ...(c.kmsKeyId ? [`repo1-s3-kms-key-id=${c.kmsKeyId}`] : []),
        ...authorityLine(c.authority, folder),
      ],
      options: {
        ...(keys && { 'repo1-s3-key': keys.accessKey, 'repo1-s3-key-secret': keys.secretKey }),
        ...(keys?.sessionToken && { 'repo1-s3-token': keys.sessionToken }),
      },
      files: authorityFile(c.authority),
    };
  },
  gcs: (c, folder) => ({
    lines: [
      `repo1-gcs-bucket=${c.bucket}`,
      ...(c.credentials === 'auto' ? ['repo1-gcs-key-type=auto'] : ['repo1-gcs-key-type=service', `repo1-gcs-key=${folder}/gcs-key.json`]),
      ...authorityLine(c.authority, folder),
    ],
    options: {},
    files: { ...authorityFile(c.authority), ...(c.credentials !== 'auto' && { 'gcs-key.json': c.credentials }) },
  }),
  azure: (c, folder) => {
    const key = c.credentials === 'auto' ? undefined : 'sas' in c.credentials ? c.credentials.sas : c.credentials.sharedKey;
    const keyType = c.credentials === 'auto' ? 'auto' : 'sas' in c.credentials ? 'sas' : 'shared';
    return {
      lines: [
        `repo1-azure-account=${c.account}`,
        `repo1-azure-container=${c.container}`,
        `repo1-azure-key-type=${keyType}`,
        ...authorityLine(c.authority, folder),
      ],
      options: { ...(key && { 'repo1-azure-key': key }) },
      files: authorityFile(c.authority),
    };
  },
  sftp: (c, folder) => ({
    lines: [
      `repo1-sftp-host=${c.host}`,
      ...(c.port ? [`repo1-sftp-host-port=${c.port}`] : []),
      `repo1-sftp-host-user=${c.user}`,
      `repo1-sftp-private-key-file=${folder}/sftp-key`,
      'repo1-sftp-host-key-check-type=fingerprint',
      'repo1-sftp-host-key-hash-type=sha256',
      `repo1-sftp-host-fingerprint=${c.hostFingerprint}`,
    ],
    options: {},
    files: { 'sftp-key': c.privateKey },
  }),
  volume: () => ({ lines: [], options: {}, files: {} }),
};

/** An endpoint as `host` or `host:port`. */
export function hostAndPort(endpoint: string): { host: string; port?: number } {
  const [, host = endpoint, port] = /^(.*?)(?::(\d+))?$/.exec(endpoint) ?? [];
  return { host, ...(port && { port: Number(port) }) };
}

const S3_KEY_TYPES = { webIdentity: 'web-id', podIdentity: 'pod-id', auto: 'auto' };

function authorityLine(authority: SecretKey | ConfigMapKey | undefined, folder: string): string[] {
  return authority ? [`repo1-storage-ca-file=${folder}/store-ca.crt`] : [];
}

function authorityFile(authority: SecretKey | ConfigMapKey | undefined): Repository['files'] {
  return authority ? { 'store-ca.crt': authority } : {};
}

/** What only Secrets and ConfigMaps know, by its path below the repository's folder: options and files apart. */
function mountedFiles({ options, files }: Repository): [string, SecretKey | ConfigMapKey][] {
  return [
    ...Object.entries(options).map(([name, key]): [string, SecretKey] => [`options/${name}`, key]),
    ...Object.entries(files).map(([name, key]): [string, SecretKey | ConfigMapKey] => [`files/${name}`, key]),
  ];
}

/** Their paths. */
export function repositoryFiles(repository: Repository): string[] {
  return mountedFiles(repository).map(([path]) => path);
}

/** The same as sources of a projected volume. @param presence `optional` where pods start without them too */
export function repositorySources(repository: Repository, presence: { readonly optional?: true } = {}): k8s.VolumeProjection[] {
  return mountedFiles(repository).map(([path, key]) =>
    ConfigMapKey.isConfigMapKey(key)
      ? { configMap: { name: key.configMapName, items: [{ key: key.key, path }], ...presence } }
      : { secret: { name: key.secretName, items: [{ key: key.key, path }], ...presence } },
  );
}

/** A claim that is the repository itself, and where containers mount it; nothing for other kinds. */
export function repositoryVolume(
  name: string,
  { config }: BackupTarget,
  place: RepositoryPlace,
): { volumes: k8s.Volume[]; mounts: k8s.VolumeMount[] } {
  if (config.kind !== 'volume') return { volumes: [], mounts: [] };
  return { volumes: [{ name, persistentVolumeClaim: { claimName: config.claimName } }], mounts: [{ name, mountPath: place.volume }] };
}

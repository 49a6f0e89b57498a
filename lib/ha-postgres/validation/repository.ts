import type { IConstruct } from 'constructs';
import { type AzureTargetOptions, BackupTarget, type BackupTargetConfig, type GcsTargetOptions, type S3TargetOptions } from '../../backup';
import { isPort } from '../../internal/names';
import { oneOf, type Refuse } from '../../internal/refuse';
import { ConfigMapKey, SecretKey, warn } from '../../platform';
import { hostAndPort } from '../backups';

/**
 * A repository, the own one or another cluster's. Its texts become lines of pgbackrest.conf: what could end a line, or mean
 * something else to the store, is refused.
 */
export function repository(refuse: Refuse, prop: string, target: BackupTarget): void {
  if (!BackupTarget.isBackupTarget(target)) {
    refuse('BackupTargetInvalid', prop, target && '(not shown)', "a store, as BackupTarget.s3({ path: '/orders/1', bucket: … })");
  }
  const { config } = target;
  if (!/^(\/(?!\.{1,2}(\/|$))[\w.=+@-]+)+\/?$/.test(config.path)) {
    refuse(
      'RepositoryPathInvalid',
      `${prop}.path`,
      config.path,
      "a folder below the store's root, as '/orders/1': of letters, digits and . _ = + @ -, without . or .. as a part",
    );
  }
  KINDS[config.kind](refuse, prop, config as never);
}

type Kinds = { [K in BackupTargetConfig['kind']]: (refuse: Refuse, prop: string, c: Extract<BackupTargetConfig, { kind: K }>) => void };

const HOST = /^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i;
const ADDRESS = /^(\[.*\]|[\d.]+)$/;

const KINDS: Kinds = {
  s3: (refuse, prop, c) => {
    // In a name of TLS the star stands for one label: pgBackRest refuses a bucket with a dot.
    text(refuse, `${prop}.bucket`, c.bucket, /^[a-z0-9][\w-]{1,61}[a-z0-9]$/i, "a bucket's name, without dots");
    text(refuse, `${prop}.region`, c.region, /^[\w-]+$/, "a region, as 'eu-central-1'; any word where the store has none");
    if (c.endpoint !== undefined) endpoint(refuse, `${prop}.endpoint`, c.endpoint);
    oneOf(refuse, `${prop}.uriStyle`, c.uriStyle, ['host', 'path']);
    if (c.kmsKeyId !== undefined) text(refuse, `${prop}.kmsKeyId`, c.kmsKeyId, /^[\w:/.-]+$/, 'the id or ARN of a key');
    s3Credentials(refuse, `${prop}.credentials`, c.credentials);
    authority(refuse, prop, c.authority);
  },
  gcs: (refuse, prop, c) => {
    text(refuse, `${prop}.bucket`, c.bucket, /^[a-z0-9][\w.-]{1,220}[a-z0-9]$/, "a bucket's name");
    gcsCredentials(refuse, `${prop}.credentials`, c.credentials);
    authority(refuse, prop, c.authority);
  },
  azure: (refuse, prop, c) => {
    text(refuse, `${prop}.account`, c.account, /^[a-z0-9]{3,24}$/, 'the name of a storage account, 3 to 24 of a-z and 0-9');
    text(refuse, `${prop}.container`, c.container, /^[a-z0-9](-?[a-z0-9]){2,62}$/, 'the name of a container, 3 to 63 of a-z, 0-9 and -');
    azureCredentials(refuse, `${prop}.credentials`, c.credentials);
    authority(refuse, prop, c.authority);
  },
  sftp: (refuse, prop, c) => {
    text(refuse, `${prop}.host`, c.host, HOST, 'a host name or an address, without a port, which is an option of its own');
    if (c.port !== undefined && !isPort(c.port)) refuse('PortInvalid', `${prop}.port`, c.port, 'from 1 to 65535');
    text(refuse, `${prop}.user`, c.user, /^[\w.@-]+$/, "a user's name on that host");
    text(
      refuse,
      `${prop}.hostFingerprint`,
      c.hostFingerprint,
      /^[0-9a-f]{64}$/,
      '64 hexadecimal digits in lower case, by ssh-keyscan … | cut -d" " -f3 | base64 -d | sha256sum',
    );
    secret(refuse, `${prop}.privateKey`, c.privateKey);
  },
  volume: (refuse, prop, c) => {
    text(refuse, `${prop}.claimName`, c.claimName, /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'the name of a PersistentVolumeClaim');
  },
};

/** A text that pgBackRest is told. */
function text(refuse: Refuse, prop: string, value: string, pattern: RegExp, expected: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) refuse('StoreOptionInvalid', prop, value || undefined, expected);
}

function endpoint(refuse: Refuse, prop: string, value: string): void {
  const { host, port } = hostAndPort(`${value}`);
  if (HOST.test(host) && (port === undefined || isPort(port))) return;
  const cure = /^https?:\/\//i.test(value) || value.includes('/') ? `: leave ${value.includes('://') ? 'the scheme' : 'the path'} out` : '';
  refuse('EndpointInvalid', prop, value, `a host, and a port where it is not 443, as 'minio.shop.svc:9000'${cure}`);
}

/** Whether it is by name alone that the store is found: then each bucket cannot have a name of its own. */
export function uriStyle(scope: IConstruct, prop: string, { config }: BackupTarget): void {
  if (config.kind !== 's3' || config.uriStyle !== undefined || config.endpoint === undefined) return;
  const { host, port } = hostAndPort(config.endpoint);
  if (!ADDRESS.test(host) && (port ?? 443) === 443) return;
  warn(
    scope,
    'UriStyleDoubtful',
    `${prop}.endpoint is '${config.endpoint}' and uriStyle is 'host' by default: pgBackRest asks for ${config.bucket}.${host}, which such stores seldom have; give uriStyle: 'path', or 'host' if that is right`,
  );
}

/** A reference, never the value itself, which would be in the output. */
export function secret(refuse: Refuse, prop: string, key: SecretKey | undefined): void {
  if (SecretKey.isSecretKey(key)) return;
  refuse('SecretLiteral', prop, key && '(not shown)', "a reference to a Secret, as SecretKey.of('orders-backup', 'key')");
}

function authority(refuse: Refuse, prop: string, key: SecretKey | ConfigMapKey | undefined): void {
  if (key === undefined || SecretKey.isSecretKey(key) || ConfigMapKey.isConfigMapKey(key)) return;
  refuse(
    'AuthorityInvalid',
    `${prop}.authority`,
    '(not shown)',
    'a reference, by SecretKey.of or ConfigMapKey.of, to a certificate in PEM',
  );
}

function s3Credentials(refuse: Refuse, prop: string, given: S3TargetOptions['credentials']): void {
  if (typeof given === 'string' && ['webIdentity', 'podIdentity', 'auto'].includes(given)) return;
  if (typeof given !== 'object' || given === null) {
    const expected = "{ accessKey: SecretKey.of(…), secretKey: SecretKey.of(…) }, or one of 'webIdentity', 'podIdentity', 'auto'";
    refuse('StoreCredentialsInvalid', prop, given && '(not shown)', expected);
  }
  secret(refuse, `${prop}.accessKey`, given.accessKey);
  secret(refuse, `${prop}.secretKey`, given.secretKey);
  if (given.sessionToken !== undefined) secret(refuse, `${prop}.sessionToken`, given.sessionToken);
}

function gcsCredentials(refuse: Refuse, prop: string, given: GcsTargetOptions['credentials']): void {
  if (given === 'auto' || SecretKey.isSecretKey(given)) return;
  refuse('StoreCredentialsInvalid', prop, given && '(not shown)', "a reference to the service account's key, by SecretKey.of, or 'auto'");
}

function azureCredentials(refuse: Refuse, prop: string, given: AzureTargetOptions['credentials']): void {
  if (given === 'auto') return;
  const [[kind, key] = [], more] = Object.entries(typeof given === 'object' && given !== null ? given : {});
  if (more !== undefined || !['sharedKey', 'sas'].includes(`${kind}`)) {
    refuse('StoreCredentialsInvalid', prop, given && '(not shown)', "{ sharedKey: SecretKey.of(…) }, { sas: SecretKey.of(…) } or 'auto'");
  }
  secret(refuse, `${prop}.${kind}`, key);
}

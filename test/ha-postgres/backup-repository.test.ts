import { Chart, Size } from 'cdk8s';
import fc from 'fast-check';
import { type BackupOptions, BackupTarget, ConfigMapKey, ConstructError, type SecretKey } from '../../lib';
import { type RepositoryPlace, repository, repositorySources } from '../../lib/ha-postgres/backups/repository';
import { chartWith, type Json, objectOf, objectsOf, outcomeOf } from '../support';
import { key, sections, withBackups } from './backup-support';

const DRILL = { drill: { storage: { size: Size.gibibytes(50) } } };
const JOBS = ['backup-full', 'backup-incr', 'verify', 'drill'];

describe('repositories', () => {
  const PLACE: RepositoryPlace = { folder: '/etc/x', volume: '/mnt/x' };
  const S3 = { path: '/orders/1/', bucket: 'backups', region: 'eu-central-1' };
  const keys = { accessKey: key('access'), secretKey: key('secret') };
  const SFTP = { path: '/orders/1', host: 'files.example', user: 'backup', privateKey: key('ssh'), hostFingerprint: 'ab'.repeat(32) };
  const AZURE = { path: '/orders/1', account: 'shop', container: 'backups' };
  const s3 = (more: Record<string, string>) => ({
    'repo1-type': 's3',
    'repo1-path': '/orders/1',
    'repo1-s3-bucket': 'backups',
    'repo1-s3-region': 'eu-central-1',
    'repo1-s3-endpoint': 's3.eu-central-1.amazonaws.com',
    'repo1-s3-uri-style': 'host',
    ...more,
  });
  const gcs = (more: Record<string, string>) => ({
    'repo1-type': 'gcs',
    'repo1-path': '/orders/1',
    'repo1-gcs-bucket': 'backups',
    ...more,
  });
  const azure = (keyType: string) => ({
    'repo1-type': 'azure',
    'repo1-path': '/orders/1',
    'repo1-azure-account': 'shop',
    'repo1-azure-container': 'backups',
    'repo1-azure-key-type': keyType,
  });
  const sftp = (more: Record<string, string>) => ({
    'repo1-type': 'sftp',
    'repo1-path': '/orders/1',
    'repo1-sftp-host': 'files.example',
    'repo1-sftp-host-user': 'backup',
    'repo1-sftp-private-key-file': '/etc/x/files/sftp-key',
    'repo1-sftp-host-key-check-type': 'fingerprint',
    'repo1-sftp-host-key-hash-type': 'sha256',
    'repo1-sftp-host-fingerprint': 'ab'.repeat(32),
    ...more,
  });

  test.each<[string, BackupTarget, Record<string, string>, Record<string, SecretKey>, Record<string, SecretKey | ConfigMapKey>]>([
    [
      'S3 with keys',
      BackupTarget.s3({ ...S3, credentials: keys }),
      s3({ 'repo1-s3-key-type': 'shared' }),
      { 'repo1-s3-key': key('access'), 'repo1-s3-key-secret': key('secret') },
      {},
    ],
    [
      'S3 with temporary keys, somewhere else',
      BackupTarget.s3({
        ...S3,
        endpoint: 'minio.shop.svc:9000',
        uriStyle: 'path',
        credentials: { ...keys, sessionToken: key('token') },
        authority: ConfigMapKey.of('kube-root-ca.crt', 'ca.crt'),
        kmsKeyId: 'alias/backups',
      }),
      s3({
        'repo1-s3-endpoint': 'minio.shop.svc',
        'repo1-storage-port': '9000',
        'repo1-s3-uri-style': 'path',
        'repo1-s3-key-type': 'shared',
        'repo1-s3-kms-key-id': 'alias/backups',
        'repo1-storage-ca-file': '/etc/x/files/store-ca.crt',
      }),
      { 'repo1-s3-key': key('access'), 'repo1-s3-key-secret': key('secret'), 'repo1-s3-token': key('token') },
      { 'store-ca.crt': ConfigMapKey.of('kube-root-ca.crt', 'ca.crt') },
    ],
    ['S3 by web identity', BackupTarget.s3({ ...S3, credentials: 'webIdentity' }), s3({ 'repo1-s3-key-type': 'web-id' }), {}, {}],
    ['S3 by pod identity', BackupTarget.s3({ ...S3, credentials: 'podIdentity' }), s3({ 'repo1-s3-key-type': 'pod-id' }), {}, {}],
    ["S3 by the instance's role", BackupTarget.s3({ ...S3, credentials: 'auto' }), s3({ 'repo1-s3-key-type': 'auto' }), {}, {}],
    [
      'GCS with a key',
      BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: key('gcs'), authority: key('ca') }),
      gcs({
        'repo1-gcs-key-type': 'service',
        'repo1-gcs-key': '/etc/x/files/gcs-key.json',
        'repo1-storage-ca-file': '/etc/x/files/store-ca.crt',
      }),
      {},
      { 'store-ca.crt': key('ca'), 'gcs-key.json': key('gcs') },
    ],
    [
      'GCS by workload identity',
      BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: 'auto' }),
      gcs({ 'repo1-gcs-key-type': 'auto' }),
      {},
      {},
    ],
    [
      'Azure with a key',
      BackupTarget.azure({ ...AZURE, credentials: { sharedKey: key('azure') } }),
      azure('shared'),
      { 'repo1-azure-key': key('azure') },
      {},
    ],
    [
      'Azure with a signature',
      BackupTarget.azure({ ...AZURE, credentials: { sas: key('sas') } }),
      azure('sas'),
      { 'repo1-azure-key': key('sas') },
      {},
    ],
    ['Azure by managed identity', BackupTarget.azure({ ...AZURE, credentials: 'auto' }), azure('auto'), {}, {}],
    ['SFTP', BackupTarget.sftp(SFTP), sftp({}), {}, { 'sftp-key': key('ssh') }],
    [
      'SFTP on another port',
      BackupTarget.sftp({ ...SFTP, port: 2222 }),
      sftp({ 'repo1-sftp-host-port': '2222' }),
      {},
      { 'sftp-key': key('ssh') },
    ],
    [
      'a volume',
      BackupTarget.volume({ path: '/orders/1', claimName: 'backups' }),
      { 'repo1-type': 'posix', 'repo1-path': '/mnt/x/orders/1' },
      {},
      {},
    ],
  ])('%s', (_, target, lines, options, files) => {
    const made = repository(target, PLACE);
    expect(sections(`[global]\n${made.lines.join('\n')}`).global).toEqual(lines);
    expect([made.options, made.files]).toEqual([options, files]);
  });

  test('an encrypted one has a cipher, and its passphrase only in a file', () => {
    const { lines, options } = repository(BackupTarget.s3({ ...S3, credentials: 'auto' }), PLACE, key('passphrase'));
    expect(lines.at(-1)).toBe('repo1-cipher-type=aes-256-cbc');
    expect(options).toEqual({ 'repo1-cipher-pass': key('passphrase') });
  });

  test('what only Secrets know is mounted: options and files apart', () => {
    const target = BackupTarget.s3({ ...S3, credentials: keys, authority: ConfigMapKey.of('authorities', 'store') });
    expect(repositorySources(repository(target, PLACE))).toEqual([
      { secret: { name: 'orders-backup', items: [{ key: 'access', path: 'options/repo1-s3-key' }] } },
      { secret: { name: 'orders-backup', items: [{ key: 'secret', path: 'options/repo1-s3-key-secret' }] } },
      { configMap: { name: 'authorities', items: [{ key: 'store', path: 'files/store-ca.crt' }] } },
    ]);
  });

  test('a claim is mounted where backups are read or written, and nowhere else', () => {
    const objects = objectsOf(chartWith(withBackups({ ...DRILL, repository: BackupTarget.volume({ path: '/1', claimName: 'shared' }) })));
    const mounted = objects.flatMap((o) => {
      const { spec } = o.spec?.jobTemplate?.spec.template ?? o.spec?.template ?? {};
      const has = spec?.volumes?.some((v: Json) => v.persistentVolumeClaim?.claimName === 'shared');
      const containers = spec?.containers?.filter((c: Json) => c.volumeMounts.some((m: Json) => m.mountPath === '/var/lib/pgbackrest'));
      return has ? [[o.metadata.name, containers.map((c: Json) => c.name)]] : [];
    });
    expect(mounted).toEqual([['orders', ['patroni', 'pgbackrest']], ...JOBS.map((job) => [`orders-${job}`, ['pgbackrest']])]);
  });
});

describe('no text of a prop leaves its line', () => {
  const keys = { accessKey: key('access'), secretKey: key('secret') };
  const FIELDS: [string, (text: string) => Partial<BackupOptions>][] = [
    ['repo1-path', (path) => ({ repository: BackupTarget.s3({ path, bucket: 'backups', region: 'eu', credentials: keys }) })],
    ['repo1-s3-bucket', (bucket) => ({ repository: BackupTarget.s3({ path: '/1', bucket, region: 'eu', credentials: keys }) })],
    ['repo1-s3-region', (region) => ({ repository: BackupTarget.s3({ path: '/1', bucket: 'backups', region, credentials: keys }) })],
    [
      'repo1-s3-endpoint',
      (endpoint) => ({ repository: BackupTarget.s3({ path: '/1', bucket: 'backups', region: 'eu', endpoint, credentials: keys }) }),
    ],
    [
      'repo1-s3-kms-key-id',
      (kmsKeyId) => ({ repository: BackupTarget.s3({ path: '/1', bucket: 'backups', region: 'eu', kmsKeyId, credentials: keys }) }),
    ],
    ['repo1-gcs-bucket', (bucket) => ({ repository: BackupTarget.gcs({ path: '/1', bucket, credentials: 'auto' }) })],
    [
      'repo1-azure-account',
      (account) => ({ repository: BackupTarget.azure({ path: '/1', account, container: 'abc', credentials: { sas: key('s') } }) }),
    ],
    [
      'repo1-azure-container',
      (container) => ({ repository: BackupTarget.azure({ path: '/1', account: 'shop', container, credentials: { sas: key('s') } }) }),
    ],
    ['repo1-sftp-host', (host) => sftp({ host })],
    ['repo1-sftp-host-user', (user) => sftp({ user })],
    ['repo1-sftp-host-fingerprint', (hostFingerprint) => sftp({ hostFingerprint })],
    ['', (stanza) => ({ stanza })],
  ];
  function sftp(changes: object): Partial<BackupOptions> {
    const options = { path: '/1', host: 'h', user: 'u', privateKey: key('k'), hostFingerprint: 'ab'.repeat(32), ...changes };
    return { repository: BackupTarget.sftp(options), pgbackrestVersion: '2.55' };
  }

  /** Texts that are nearly right: of usual characters, with some that mean something to a configuration, a shell or a YAML. */
  const text = fc.oneof(
    fc.string({
      unit: fc.constantFrom(...'abz019-_./:=', '\n', '\r', '[', ']', '#', ' ', '"', "'", '$', ';', '\u2028', '\0', 'é'),
      maxLength: 12,
    }),
    fc
      .tuple(fc.constantFrom('/a', 'abc', 'a'.repeat(64)), fc.constantFrom('\n', '\r\n', ' ', '=', ']'), fc.string({ maxLength: 8 }))
      .map((x) => x.join('')),
  );

  /** How a value is written: a folder without the slash at its end, an endpoint without its port. */
  function written(option: string, value: string): string {
    if (option === 'repo1-path') return value.replace(/\/+$/, '');
    return option === 'repo1-s3-endpoint' ? value.replace(/:\d+$/, '') : value;
  }

  /** Among them is one that is right for each. */
  const examples: [string][] = [['/orders/1'], ['backups'], ['ab'.repeat(32)], ['files.example']];

  test.each(FIELDS)('%s', (option, given) => {
    let accepted = 0;
    fc.assert(
      fc.property(text, (value) => {
        const outcome = outcomeOf(() => chartWith(withBackups(given(value))));
        if (outcome instanceof ConstructError) return; // refused, with a sentence
        accepted++;
        expect(outcome).toBeInstanceOf(Chart);
        const { data } = objectOf(outcome as Chart, 'ConfigMap', 'orders-pgbackrest');
        for (const [name, file] of Object.entries<string>(data)) {
          if (!name.endsWith('.conf')) continue; // the Jobs' scripts
          const { global = {}, ...others } = sections(file);
          const [stanza = ''] = Object.keys(others);
          if (option === '') expect(stanza).toBe(value);
          else expect(global[option]).toBe(written(option, value));
          for (const line of file.split('\n')) expect(line).toMatch(/^$|^\[[\w:-]+\]$|^[a-z0-9-]+=[\x20-\x7e]+$/);
          expect(file.match(/repo1-type=|repo1-path=|lock-path=/g)).toHaveLength(3);
        }
      }),
      { numRuns: 60, examples },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});

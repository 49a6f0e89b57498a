import { Cron } from 'cdk8s';
import { BackupTarget, cronExpression, SecretKey } from '../../lib';

const key = SecretKey.of('orders-backup', 'key');
const S3 = { path: '/orders/1', bucket: 'backups', region: 'eu-central-1', credentials: 'auto' } as const;
const SFTP = { path: '/orders/1', host: 'files.example', user: 'backup', privateKey: key, hostFingerprint: 'ab'.repeat(32) };

test.each([
  [BackupTarget.s3(S3), 's3://s3.eu-central-1.amazonaws.com/backups/orders/1'],
  [BackupTarget.s3({ ...S3, path: '/orders/1/' }), 's3://s3.eu-central-1.amazonaws.com/backups/orders/1'],
  [BackupTarget.s3({ ...S3, endpoint: 'S3.eu-central-1.amazonaws.com:443' }), 's3://s3.eu-central-1.amazonaws.com/backups/orders/1'],
  [BackupTarget.s3({ ...S3, endpoint: 'minio:9000', uriStyle: 'path' }), 's3://minio:9000/backups/orders/1'],
  [BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: 'auto' }), 'gs://backups/orders/1'],
  [BackupTarget.azure({ path: '/orders/1', account: 'shop', container: 'backups', credentials: 'auto' }), 'azure://shop/backups/orders/1'],
  [BackupTarget.sftp(SFTP), 'sftp://files.example:22/orders/1'],
  [BackupTarget.sftp({ ...SFTP, port: 2222 }), 'sftp://files.example:2222/orders/1'],
  [BackupTarget.volume({ path: '/orders/1', claimName: 'backups' }), 'volume://backups/orders/1'],
])('a place is equal where two write to one: %#', (target, location) => {
  expect(target.location).toBe(location);
  expect(target.location).not.toContain('key');
});

test('who reaches it and how makes no other place', () => {
  const other = BackupTarget.s3({ ...S3, credentials: { accessKey: key, secretKey: key }, kmsKeyId: 'alias/x', authority: key });
  expect(other.location).toBe(BackupTarget.s3(S3).location);
});

test.each([
  [{ endpoint: 's3.amazonaws.com' }, true],
  [{ endpoint: 's3.dualstack.us-east-1.amazonaws.com', region: 'us-east-1' }, true],
  [{ path: '/orders' }, true],
  [{ path: '/orders/1/new/' }, true],
  [{ path: '/orders/10' }, false],
  [{ bucket: 'other' }, false],
  [{ endpoint: 's3.cn-north-1.amazonaws.com.cn' }, false],
  [{ endpoint: 'amazonaws.com.example' }, false],
])('another bucket or folder does not overlap, another name of the endpoint does: %j', (changes, expected) => {
  const [one, other] = [BackupTarget.s3(S3), BackupTarget.s3({ ...S3, ...changes })];
  expect([one.overlaps(other), other.overlaps(one)]).toEqual([expected, expected]);
});

test.each([
  [{ ...S3, endpoint: 'minio:9000' }, { ...S3, endpoint: 'minio.shop.svc.cluster.local' }, true],
  [{ ...S3, endpoint: 'minio:9000' }, { ...S3, endpoint: 'minio:9000', path: '/orders/2' }, false],
])('two endpoints may be one server: %#', (one, other, expected) => {
  expect(BackupTarget.s3(one).mayOverlap(BackupTarget.s3(other))).toBe(expected);
  expect(BackupTarget.s3(one).mayOverlap(BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: 'auto' }))).toBe(false);
});

test.each([
  [BackupTarget.s3(S3), true],
  [{ config: { kind: 'gcs' } }, true], // of another copy of this package
  [{ config: { kind: 'ftp' } }, false],
  [{}, false],
  ['s3', false],
  [undefined, false],
])('whether it is a target: %#', (value, expected) => {
  expect(BackupTarget.isBackupTarget(value)).toBe(expected);
});

test.each([
  [' 12 2 * * 0 ', '12 2 * * 0'],
  [Cron.weekly(), '0 0 * * 0'],
  [Cron.schedule({ minute: '30', hour: '1' }), '30 1 * * *'],
])('a schedule is text: %#', (schedule, text) => {
  expect(cronExpression(schedule)).toBe(text);
});

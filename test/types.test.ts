import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { BackupTarget, Endpoint, HaPostgres, type HaPostgresProps, Image, SecretKey } from '../lib';
import { emptyChart, login, minimalBackups, minimalProps } from './support';

/**
 * What does not compile. The compiler reports a `@ts-expect-error` above a line that does compile; so nothing here has to run.
 */
function doesNotCompile(): HaPostgresProps[] {
  const chart = emptyChart();
  const props = minimalProps();
  const { credentials, storage, resources } = props;
  const postgres = new HaPostgres(chart, 'orders', props);

  // @ts-expect-error required props
  new HaPostgres(chart, 'orders', {});
  // @ts-expect-error props are required themselves
  new HaPostgres(chart, 'orders');
  // @ts-expect-error unknown word
  postgres.connectionEnv('orders', { target: 'standby' });
  // @ts-expect-error a password is a key of a Secret
  HaPostgres.fromEndpoints(chart, 'old', { primary: new Endpoint('db', 5432), administrator: { password: 'secret' } });
  // @ts-expect-error where to write is required
  HaPostgres.fromEndpoints(chart, 'old', {});
  // @ts-expect-error a misspelt kind of peer
  postgres.allowFrom({ podLabel: { app: 'web' } });
  // @ts-expect-error read-only
  postgres.primary = new Endpoint('db', 5432);
  // @ts-expect-error made by of() only
  new SecretKey('a', 'b');
  // @ts-expect-error tag and digest have names
  Image.of('repository', 'tag');

  return [
    // @ts-expect-error a misspelt prop
    { ...props, replicas: 3 },
    // @ts-expect-error a misspelt option
    { ...props, patroni: { loop_wait: Duration.seconds(10) } },
    // @ts-expect-error a misspelt option of an option
    { ...props, pod: { probes: { startup: Duration.minutes(5) } } },
    // @ts-expect-error a path with a secret in it is no store
    { ...props, backups: { ...minimalBackups(), repository: 's3://key:secret@backups/orders/1' } },
    // @ts-expect-error backups without an end
    { ...props, backups: { repository: minimalBackups().repository, certificate: minimalBackups().certificate } },
    // @ts-expect-error a string as key of a store
    { ...props, recovery: { source: BackupTarget.gcs({ path: '/1', bucket: 'backups', credentials: 'secret' }) } },
    // @ts-expect-error a target is made by its kind
    { ...props, recovery: { source: minimalBackups().repository, target: '2026-11-21 13:42:02+00' } },
    // @ts-expect-error no storage
    { credentials, resources },
    // @ts-expect-error no resources
    { credentials, storage },
    // @ts-expect-error no credentials
    { storage, resources },
    // @ts-expect-error one login is missing
    { ...props, credentials: { superuser: login('superuser'), replication: login('replication') } },
    // @ts-expect-error a string as password
    { ...props, credentials: { ...credentials, superuser: { password: 'secret' } } },
    // @ts-expect-error a string as password of a role
    { ...props, roles: [{ name: 'orders', password: 'secret' }] },
    // @ts-expect-error what looks like a key of a Secret: only of() makes one
    { ...props, roles: [{ name: 'orders', password: { secretName: 'a' } }] },
    // @ts-expect-error a size without its unit
    { ...props, storage: { size: 20 } },
    // @ts-expect-error a size as text
    { ...props, walStorage: { size: '20Gi' } },
    // @ts-expect-error a time without its unit
    { ...props, patroni: { ttl: 30 } },
    // @ts-expect-error an image as text
    { ...props, image: 'postgres:17' },
    // @ts-expect-error an unknown word
    { ...props, durability: 'strict' },
    // @ts-expect-error another unknown word
    { ...props, dcs: 'etcd' },
    // @ts-expect-error members are counted
    { ...props, members: '3' },
    // @ts-expect-error a database without an owner
    { ...props, databases: [{ name: 'orders' }] },
    // @ts-expect-error labels are texts
    { ...props, patroni: { labels: { application: true } } },
  ];
}

test('the compiler reads this before any test runs', () => {
  const read = (file: string) => JSON.parse(readFileSync(join(__dirname, '..', file), 'utf8'));
  const { include, exclude = [] } = read('tsconfig.test.json');
  expect(read('package.json').scripts.test).toMatch(/^tsc --noEmit -p tsconfig\.test\.json && jest/);
  expect(include).toContain('test');
  expect(exclude.filter((path: string) => 'test/types.test.ts'.startsWith(path))).toEqual([]);
  expect(doesNotCompile).toBeDefined();
});

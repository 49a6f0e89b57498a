import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Size } from 'cdk8s';
import { type BackupOptions, BackupTarget, CertificateSource, type ConstructError, type HaPostgresProps, SecretKey } from '../../lib';
import { configMap } from '../../lib/ha-postgres/backups/config';
import type { BackupsPlan } from '../../lib/ha-postgres/backups/plan';
import { chartWith, type Json, namesOf, objectOf, objectsOf, outcomeOf, planOf } from '../support';
import { key, sections, withBackups } from './backup-support';

const DRILL = { drill: { storage: { size: Size.gibibytes(50) } } };

/** A file of the ConfigMap as pgBackRest reads it: by section, options by name. */
function config(
  file: string,
  changes: Partial<BackupOptions> = {},
  props: Partial<HaPostgresProps> = {},
): Record<string, Record<string, string>> {
  const plan = planOf(withBackups(changes, props));
  return sections(configMap(plan, plan.backups as BackupsPlan).data?.[file] ?? '');
}

describe('pgbackrest.conf', () => {
  test('of a member: its own PostgreSQL, asynchronous archiving, and a server for the Jobs', () => {
    const { orders, global, ...rest } = config('member.conf');
    expect(orders).toEqual({
      'pg1-path': '/home/postgres/pgdata/data',
      'pg1-socket-path': '/var/run/postgresql',
      'pg1-user': 'postgres',
    });
    // archive-get stays synchronous: its queue of 128 MiB does not fit into /tmp
    expect(rest).toEqual({ 'global:archive-push': { 'archive-async': 'y' } });
    expect(global).toMatchObject({
      'tls-server-address': '*',
      'tls-server-port': '8432',
      'tls-server-auth': 'orders-pgbackrest=orders',
      'tls-server-ca-file': '/etc/pgbackrest/tls/ca.crt',
      'tls-server-cert-file': '/etc/pgbackrest/tls/tls.crt',
      'tls-server-key-file': '/etc/pgbackrest/tls/tls.key',
      'compress-type': 'zst',
      'process-max': '2',
      delta: 'y',
    });
    expect(global).not.toHaveProperty('archive-push-queue-max');
  });

  test('of a Job: every member over TLS, and how long backups are kept', () => {
    const { orders = {}, global } = config('job.conf', {}, { members: 3 });
    expect(Object.keys(orders)).toHaveLength(30);
    for (const i of [1, 2, 3]) {
      expect(orders).toMatchObject({
        [`pg${i}-host`]: `orders-${i - 1}.orders-pods`,
        [`pg${i}-host-type`]: 'tls',
        [`pg${i}-host-port`]: '8432',
        [`pg${i}-host-config`]: '/var/run/postgresql/pgbackrest/pgbackrest.conf',
        [`pg${i}-host-ca-file`]: '/etc/pgbackrest/tls/ca.crt',
        [`pg${i}-host-cert-file`]: '/etc/pgbackrest/tls/tls.crt',
        [`pg${i}-host-key-file`]: '/etc/pgbackrest/tls/tls.key',
        [`pg${i}-path`]: '/home/postgres/pgdata/data',
        [`pg${i}-user`]: 'postgres',
      });
    }
    expect(global).toMatchObject({
      'repo1-retention-full': '2',
      'repo1-retention-full-type': 'count',
      'repo1-bundle': 'y',
      'repo1-block': 'y',
      'start-fast': 'y',
      'backup-standby': 'n',
    });
  });

  test('of a drill: the repository and a scratch folder, and no member', () => {
    const { orders, global } = config('drill.conf', DRILL);
    expect(orders).toEqual({ 'pg1-path': '/scratch/data' });
    expect(Object.keys(global ?? {}).filter((option) => /^pg|tls|retention/.test(option))).toEqual([]);
    expect(config('drill.conf')).toEqual({}); // without a drill
  });

  test.each<[Partial<BackupOptions>, Record<string, string>]>([
    [{ retention: { full: 30, fullType: 'days' } }, { 'repo1-retention-full': '30', 'repo1-retention-full-type': 'time' }],
    [{ retention: { full: 3, fullType: 'count' } }, { 'repo1-retention-full': '3', 'repo1-retention-full-type': 'count' }],
    [{ from: 'preferStandby' }, { 'backup-standby': 'prefer' }],
    [{ from: 'standby' }, { 'backup-standby': 'y' }],
    [{ compression: 'none' }, { 'compress-type': 'none' }],
    [
      { compression: 'lz4', processes: 4 },
      { 'compress-type': 'lz4', 'process-max': '4' },
    ],
    [{ encryptionKey: key('passphrase') }, { 'repo1-cipher-type': 'aes-256-cbc' }],
  ])('%j', (changes, expected) => {
    expect(config('job.conf', changes).global).toMatchObject(expected);
  });

  test('block increments are as the prop or the version says', () => {
    const block = (changes: Partial<BackupOptions>) => config('job.conf', changes).global?.['repo1-block'];
    expect([{}, { pgbackrestVersion: '2.46' }, { pgbackrestVersion: '2.45' }, { blockIncremental: false }].map(block)).toEqual([
      'y',
      'y',
      undefined,
      undefined,
    ]);
  });

  test('a queue that drops is bounded in MiB', () => {
    expect(config('member.conf', { archiveQueueMax: Size.gibibytes(4) }).global).toHaveProperty('archive-push-queue-max', '4096MiB');
  });

  test('the stanza and the superuser may have other names', () => {
    const superuser = { username: 'root', password: SecretKey.of('orders-postgres', 'superuser') };
    const props = { credentials: { ...planOf().props.credentials, superuser } };
    expect(config('member.conf', { stanza: 'main' }, props)).toMatchObject({
      main: { 'pg1-user': 'root' },
      global: { 'tls-server-auth': 'orders-pgbackrest=main' },
    });
  });

  test('the last section is [global], below which the pod adds its secrets', () => {
    for (const file of ['member.conf', 'job.conf', 'drill.conf']) expect(Object.keys(config(file, DRILL)).at(-1)).toBe('global');
  });
});

describe('no secret is in the output, only where it is', () => {
  test('nor anything but names of Secrets and their keys', () => {
    const secrets = { accessKey: SecretKey.of('s3', 'a-key'), secretKey: SecretKey.of('s3', 'b-key') };
    const target = BackupTarget.s3({ path: '/orders/1', bucket: 'backups', region: 'eu', credentials: secrets });
    const objects = objectsOf(chartWith(withBackups({ repository: target, encryptionKey: SecretKey.of('s3', 'c-key'), ...DRILL })));
    for (const o of objects.filter((x) => x.kind === 'ConfigMap'))
      expect(JSON.stringify(o.data)).not.toMatch(/[abc]-key|repo1-s3-key=|cipher-pass=/);
    expect(JSON.stringify(objects)).not.toMatch(/secretKeyRef|"PGBACKREST_REPO/);
  });
});

describe('members', () => {
  const pod = (props: Partial<HaPostgresProps>) => objectOf(chartWith(props), 'StatefulSet', 'orders').spec.template.spec;

  test('have a server beside PostgreSQL, which sees the same data and log', () => {
    const { containers, volumes } = pod(withBackups());
    const server = containers.find((c: Json) => c.name === 'pgbackrest');
    expect(server).toMatchObject({
      command: ['bash', '/scripts/pgbackrest.sh'],
      ports: [{ name: 'pgbackrest', containerPort: 8432, protocol: 'TCP' }],
      resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '512Mi' } },
    });
    const mounts = (name: string) => containers.find((c: Json) => c.name === name).volumeMounts.map((m: Json) => m.mountPath);
    for (const path of ['/home/postgres/pgdata', '/home/postgres/wal', '/var/run/postgresql', '/tmp', '/etc/pgbackrest']) {
      expect(mounts('pgbackrest')).toContain(path);
      expect(mounts('patroni')).toContain(path); // /tmp holds the locks by which they exclude each other
    }
    const { defaultMode, sources } = volumes.find((v: Json) => v.name === 'pgbackrest').projected;
    expect(defaultMode).toBe(0o440); // pgBackRest refuses a key that others may read
    expect(sources[0]).toEqual({ configMap: { name: 'orders-pgbackrest', items: [{ key: 'member.conf', path: 'pgbackrest.conf' }] } });
    expect(sources.at(-1).secret).toMatchObject({ name: 'orders-pgbackrest-tls' });
  });

  test('without backups have none', () => {
    expect(pod({}).containers.map((c: Json) => c.name)).toEqual(['patroni', 'agent']);
    expect(namesOf(chartWith()).filter((name) => name.includes('pgbackrest'))).toEqual([]);
  });

  test.each([
    ['with backups', withBackups({ archiveTimeout: Duration.minutes(5) }), 'pgbackrest --stanza=orders archive-push %p', '300s'],
    ['by default every minute', withBackups(), 'pgbackrest --stanza=orders archive-push %p', '60s'],
    ['without backups, so that they can be added without a restart', {}, '/bin/true', undefined],
  ])('archiving is on: %s', (_, props, command, timeout) => {
    const { archive_mode, archive_command, archive_timeout } = planOf(props).parameters;
    expect([archive_mode, archive_command, archive_timeout]).toEqual(['on', command, timeout]);
  });
});

describe('NetworkPolicies', () => {
  const policy = (name: string, changes: Partial<BackupOptions> = {}, props: Partial<HaPostgresProps> = {}) =>
    objectOf(chartWith(withBackups(changes, props)), 'NetworkPolicy', name).spec;
  const member = { podSelector: { matchLabels: planOf().selector('database') } };
  const job = { podSelector: { matchLabels: planOf().selector('backup') } };
  const TCP = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));
  const DNS = { ports: [{ port: 53, protocol: 'UDP' }, ...TCP(53)] };

  test('the Jobs reach members, store and DNS, and nobody reaches them', () => {
    expect(policy('orders-pgbackrest')).toEqual({
      podSelector: job.podSelector,
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ to: [member], ports: TCP(8432) }, { ports: TCP(443) }, DNS],
    });
  });

  test('the members let the Jobs in, on one port, and reach the store', () => {
    const { ingress, egress } = policy('orders');
    expect(ingress).toContainEqual({ from: [job], ports: TCP(8432) });
    expect(egress).toContainEqual({ ports: TCP(443) });
    expect(objectOf(chartWith(), 'NetworkPolicy', 'orders').spec.ingress).toHaveLength(1); // without backups nobody
  });

  const S3 = { path: '/orders/1', bucket: 'backups', region: 'eu' };
  test.each<[string, BackupTarget, number[]]>([
    [
      'an endpoint with its port',
      BackupTarget.s3({ ...S3, endpoint: 'minio:9000', uriStyle: 'path', credentials: 'webIdentity' }),
      [9000, 443],
    ],
    ["the instance's metadata", BackupTarget.s3({ ...S3, credentials: 'auto' }), [443, 80]],
    ['GCS', BackupTarget.gcs({ path: '/1', bucket: 'backups', credentials: key('k') }), [443]],
    ['GCS with its metadata', BackupTarget.gcs({ path: '/1', bucket: 'backups', credentials: 'auto' }), [443, 80]],
    ['Azure', BackupTarget.azure({ path: '/1', account: 'shop', container: 'backups', credentials: { sas: key('k') } }), [443]],
    ['SFTP', BackupTarget.sftp({ path: '/1', host: 'h', user: 'u', privateKey: key('k'), hostFingerprint: 'ab'.repeat(32) }), [22]],
    [
      'SFTP elsewhere',
      BackupTarget.sftp({ path: '/1', host: 'h', port: 2222, user: 'u', privateKey: key('k'), hostFingerprint: 'ab'.repeat(32) }),
      [2222],
    ],
  ])('to %s', (_, target, ports) => {
    for (const name of ['orders', 'orders-pgbackrest']) {
      expect(policy(name, { repository: target, pgbackrestVersion: '2.58' }).egress).toContainEqual({ ports: TCP(...ports) });
    }
  });

  test('a volume is nowhere on the network', () => {
    const { egress } = policy('orders-pgbackrest', { repository: BackupTarget.volume({ path: '/1', claimName: 'shared' }) });
    expect(egress).toEqual([{ to: [member], ports: TCP(8432) }, DNS]);
  });

  test('6.6/27: addresses and ports of the store may be said', () => {
    const networkPolicy = { storeCidrs: ['10.1.0.0/16'], storePorts: [9443] };
    for (const name of ['orders', 'orders-pgbackrest']) {
      expect(policy(name, {}, { networkPolicy }).egress).toContainEqual({ to: [{ ipBlock: { cidr: '10.1.0.0/16' } }], ports: TCP(9443) });
    }
  });

  test('without policies there is none', () => {
    expect(namesOf(chartWith(withBackups({}, { networkPolicy: { enabled: false } }))).filter((n) => n.startsWith('NetworkPolicy'))).toEqual(
      [],
    );
  });
});

describe('the certificate of members and Jobs', () => {
  test('by cert-manager: both ends have it, so it is for servers and clients', () => {
    const issued = { issuer: 'internal', kind: 'ClusterIssuer', duration: Duration.days(30) } as const;
    const { spec } = objectOf(
      chartWith(withBackups({ certificate: CertificateSource.certManager(issued) })),
      'Certificate',
      'orders-pgbackrest-tls',
    );
    expect(spec).toEqual({
      secretName: 'orders-pgbackrest-tls',
      commonName: 'orders-pgbackrest',
      dnsNames: ['orders-pgbackrest', '*.orders-pods'],
      issuerRef: { name: 'internal', kind: 'ClusterIssuer', group: 'cert-manager.io' },
      usages: ['server auth', 'client auth'],
      privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      duration: '2592000s',
    });
  });

  test('of a Secret that exists: none is made', () => {
    const chart = chartWith(withBackups({ certificate: CertificateSource.secret('mine') }));
    expect(namesOf(chart).filter((name) => name.startsWith('Certificate'))).toEqual([]);
    const secrets = (volume: Json) => volume.projected?.sources.flatMap((s: Json) => s.secret?.name ?? []) ?? [];
    for (const spec of [
      objectOf(chart, 'StatefulSet', 'orders').spec.template.spec,
      objectOf(chart, 'CronJob', 'orders-backup-full').spec.jobTemplate.spec.template.spec,
    ]) {
      expect(spec.volumes.flatMap(secrets)).toContain('mine');
    }
  });

  test('the lines that synth prints make one that fits', () => {
    // GIVEN
    const error = outcomeOf(() => chartWith(withBackups({ certificate: undefined as unknown as CertificateSource }))) as ConstructError;
    const [make = '', sign = '', store = ''] = error.remedy;
    const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
    try {
      // WHEN
      const { status, stderr } = spawnSync('bash', ['-euc', `${make}\n${sign}`], { cwd: folder, encoding: 'utf8' });
      // THEN
      expect({ status, stderr }).toMatchObject({ status: 0 });
      const certificate = new X509Certificate(readFileSync(join(folder, 'tls.crt')));
      expect(certificate.subject).toBe('CN=orders-pgbackrest');
      expect(certificate.subjectAltName).toBe('DNS:orders-pgbackrest, DNS:*.orders-pods');
      expect(certificate.verify(certificate.publicKey)).toBe(true); // its own authority
      expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(3650 * 86400 * 1000);
      expect(store).toBe(
        'kubectl create secret generic orders-pgbackrest-tls --from-file=tls.crt --from-file=tls.key --from-file=ca.crt=tls.crt',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

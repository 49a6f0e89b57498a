import { Duration, Size } from 'cdk8s';
import { parse } from 'yaml';
import {
  BackupTarget,
  ConfigMapKey,
  type HaPostgresProps,
  type RecoveryOptions,
  RecoveryTarget,
  SecretKey,
  type StandbyOptions,
} from '../../lib';
import { patroniConfigMap } from '../../lib/ha-postgres/config-maps';
import { podTemplate } from '../../lib/ha-postgres/pod';
import { INVARIANTS } from '../invariants';
import { chartWith, type Json, minimalBackups, objectOf, objectsOf, plain, planOf } from '../support';
import { sections } from './backup-support';

const SOURCE = BackupTarget.s3({
  path: '/orders/1',
  bucket: 'old-backups',
  region: 'eu-central-1',
  endpoint: 's3.example:9000',
  uriStyle: 'path',
  credentials: { accessKey: SecretKey.of('old', 'access'), secretKey: SecretKey.of('old', 'secret') },
});
const OWN = { ...minimalBackups(), repository: BackupTarget.volume({ path: '/orders/2', claimName: 'backups' }) };
const SHARED = BackupTarget.volume({ path: '/orders/1', claimName: 'backups' });

const recovery = (changes: Partial<RecoveryOptions> = {}, props: Partial<HaPostgresProps> = {}): Partial<HaPostgresProps> => ({
  recovery: { source: SOURCE, ...changes },
  ...props,
});
const data = (props: Partial<HaPostgresProps>) => patroniConfigMap(planOf(props)).data ?? {};
const local = (props: Partial<HaPostgresProps>): Json => parse(data(props)['patroni.yaml'] ?? '', { version: '1.1' });
const dynamic = (props: Partial<HaPostgresProps>): Json => JSON.parse(data(props)['dynamic.json'] ?? '');
const patroni = (props: Partial<HaPostgresProps>): Json =>
  plain(podTemplate(planOf(props))).spec.containers.find((c: Json) => c.name === 'patroni');
const volumes = (props: Partial<HaPostgresProps>): Json[] => plain(podTemplate(planOf(props))).spec.volumes;
const egress = (props: Partial<HaPostgresProps>) => objectOf(chartWith(props), 'NetworkPolicy', 'orders').spec.egress;

const RESTORE = (which: string) => ({ command: `bash /scripts/restore.sh ${which}`, keep_data: true, no_params: true });

describe('a cluster that is born from a repository', () => {
  test("is restored by Patroni's own custom method, up to its target, and never again", () => {
    expect(local(recovery()).bootstrap).toMatchObject({
      method: 'recovery',
      // pgBackRest writes the settings of the recovery itself
      recovery: { command: 'bash /scripts/restore.sh recovery', keep_existing_recovery_conf: true, no_params: true },
    });
    expect(local({}).bootstrap).not.toHaveProperty('method');
  });

  test('reads the other repository by a configuration of its own', () => {
    const { old, global, ...others } = sections(data(recovery({ stanza: 'old' }))['source.conf'] ?? '');
    expect([old, others]).toEqual([{ 'pg1-path': '/home/postgres/pgdata/data' }, {}]);
    expect(global).toMatchObject({
      'repo1-type': 's3',
      'repo1-path': '/orders/1',
      'repo1-s3-bucket': 'old-backups',
      'repo1-s3-endpoint': 's3.example',
      'repo1-storage-port': '9000',
      'lock-path': '/tmp/pgbackrest-source', // or the two would wait for each other
    });
    expect(data({})).not.toHaveProperty(['source.conf']);
  });

  test('by default its stanza has the name of the cluster', () => {
    expect(Object.keys(sections(data(recovery())['source.conf'] ?? ''))).toEqual(['orders', 'global']);
  });

  test.each<[string, Partial<RecoveryOptions>, string[]]>([
    ['the end of the archive', {}, ['type=default', 'target-timeline=latest']],
    ['that, along a timeline', { timeline: 3 }, ['type=default', 'target-timeline=3']],
    [
      'a time',
      { target: RecoveryTarget.time('2026-11-21 13:42:02+00') },
      ['type=time', 'target=2026-11-21 13:42:02+00', 'target-action=promote', 'target-timeline=latest'],
    ],
    [
      'just before an lsn',
      { target: RecoveryTarget.lsn('0/3000060').exclusive(), timeline: 'current' },
      ['type=lsn', 'target=0/3000060', 'target-exclusive=y', 'target-action=promote', 'target-timeline=current'],
    ],
    [
      'a transaction',
      { target: RecoveryTarget.xid('600'), set: '20261121-021200F' },
      ['type=xid', 'target=600', 'target-action=promote', 'target-timeline=latest', 'set=20261121-021200F'],
    ],
    [
      'a restore point',
      { target: RecoveryTarget.restorePoint('before 2.0'), set: '20261121-021200F' },
      ['type=name', 'target=before 2.0', 'target-action=promote', 'target-timeline=latest', 'set=20261121-021200F'],
    ],
    ['the end of a backup', { target: RecoveryTarget.immediate() }, ['type=immediate', 'target-action=promote']],
  ])('goes up to %s', (_, changes, expected) => {
    expect(data(recovery(changes))['source.arguments']).toBe(expected.map((line) => `--${line}\n`).join(''));
  });

  test('has what the other repository asks for beside its own, and changes nothing there', () => {
    const props = recovery({ encryptionKey: SecretKey.of('old', 'passphrase') }, { backups: OWN });
    const { env, volumeMounts } = patroni(props);
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'SOURCE_FOLDER', value: '/etc/pgbackrest-source' },
        { name: 'SOURCE_CONFIG', value: '/var/run/postgresql/pgbackrest/source.conf' },
        { name: 'SOURCE_STANZA', value: 'orders' },
        { name: 'SOURCE_FILES', value: 'options/repo1-s3-key options/repo1-s3-key-secret options/repo1-cipher-pass' },
        { name: 'STANZA', value: 'orders' },
      ]),
    );
    expect(volumeMounts).toContainEqual({ name: 'source', mountPath: '/etc/pgbackrest-source', readOnly: true });
    const { sources } = volumes(props).find((v) => v.name === 'source')?.projected ?? {};
    expect(sources).toEqual([
      {
        configMap: {
          name: 'orders-patroni',
          items: [
            { key: 'source.conf', path: 'pgbackrest.conf' },
            { key: 'source.arguments', path: 'arguments' },
          ],
        },
      },
      { secret: { name: 'old', items: [{ key: 'access', path: 'options/repo1-s3-key' }], optional: true } },
      { secret: { name: 'old', items: [{ key: 'secret', path: 'options/repo1-s3-key-secret' }], optional: true } },
      { secret: { name: 'old', items: [{ key: 'passphrase', path: 'options/repo1-cipher-pass' }], optional: true } },
    ]);
    expect(JSON.stringify(data(props))).not.toContain('passphrase');
  });

  test('its members start without anything of the other cluster, which may be gone by then; those of a standby do not', () => {
    const authority = ConfigMapKey.of('authority', 'ca.crt');
    const { credentials } = SOURCE.config as { credentials: { accessKey: SecretKey; secretKey: SecretKey } };
    const source = BackupTarget.s3({ path: '/orders/1', bucket: 'b', region: 'r', credentials, authority });
    const required = (props: Partial<HaPostgresProps>) =>
      volumes(props)
        .flatMap((v): Json[] => (v.name === 'source' ? v.projected.sources : []))
        .map(({ configMap, secret }) => configMap ?? secret)
        .filter(({ optional }) => !optional)
        .map(({ name }) => name);
    expect(required(recovery({ source }))).toEqual(['orders-patroni']); // our own
    expect(required({ standbyOf: { repository: source } })).toEqual(['orders-patroni', 'old', 'old', 'authority']);
    expect(patroni({ standbyOf: { repository: source } }).env.map((e: Json) => e.name)).not.toContain('SOURCE_FILES');
  });

  test('a claim of the other cluster is read only, its own is not', () => {
    const { volumeMounts } = patroni(recovery({ source: SHARED }, { backups: OWN }));
    expect(volumeMounts).toContainEqual({ name: 'source-repository', mountPath: '/var/lib/pgbackrest-source', readOnly: true });
    expect(volumeMounts).toContainEqual({ name: 'repository', mountPath: '/var/lib/pgbackrest' });
  });

  test('its own archive is apart from the first segment on', () => {
    const props = recovery({}, { backups: OWN });
    expect(planOf(props).parameters.archive_command).toBe('pgbackrest --stanza=orders archive-push %p'); // PGBACKREST_CONFIG is the own one
    expect(local(props).postgresql.recovery_conf).toEqual({ restore_command: 'pgbackrest --stanza=orders archive-get %f "%p"' });
  });

  test('reaches both stores, by one rule where their ports are the same', () => {
    const port = (n: number) => ({ port: n, protocol: 'TCP' });
    expect(egress(recovery())).toContainEqual({ ports: [port(9000)] });
    expect(egress(recovery({}, { backups: minimalBackups() }))).toContainEqual({ ports: [port(443), port(9000)] });
    expect(egress(recovery({}, { backups: minimalBackups(), networkPolicy: { storePorts: [9443] } }))).toContainEqual({
      ports: [port(9443)],
    });
    expect(egress(recovery({ source: SHARED }))).toEqual(egress({})); // and without a store nothing more than else
  });
});

describe('how a member gets its copy', () => {
  test.each<[string, Partial<HaPostgresProps>, object]>([
    ['without backups: from the leader', {}, { create_replica_methods: ['basebackup'] }],
    [
      'with backups: from them, or else from the leader',
      { backups: OWN },
      { create_replica_methods: ['repository', 'basebackup'], repository: RESTORE('replica') },
    ],
    ['born from others: from the leader', recovery(), { create_replica_methods: ['basebackup'] }],
  ])('%s', (_, props, expected) => {
    expect(local(props).postgresql).toMatchObject(expected);
    expect('repository' in local(props).postgresql).toBe('repository' in expected);
  });
});

describe('a standby cluster', () => {
  const everything: Required<StandbyOptions> = {
    host: 'shop.example',
    port: 5433,
    repository: SOURCE,
    stanza: 'shop',
    encryptionKey: SecretKey.of('old', 'passphrase'),
    primarySlotName: 'dr',
    applyDelay: Duration.hours(1),
  };
  const without = (...options: (keyof StandbyOptions)[]): StandbyOptions =>
    Object.fromEntries(Object.entries(everything).filter(([option]) => !options.includes(option as keyof StandbyOptions)));
  const GET = 'pgbackrest --config=/var/run/postgresql/pgbackrest/source.conf --stanza=shop archive-get %f "%p"';

  test.each<[string, StandbyOptions, object]>([
    ['a host', { host: 'shop.example' }, { host: 'shop.example', port: 5432, create_replica_methods: ['basebackup'] }],
    ['a repository', { repository: SOURCE, stanza: 'shop' }, { restore_command: GET, create_replica_methods: ['source'] }],
    [
      'both, an hour behind',
      everything,
      {
        host: 'shop.example',
        port: 5433,
        primary_slot_name: 'dr',
        restore_command: GET,
        recovery_min_apply_delay: '3600s',
        create_replica_methods: ['source', 'basebackup'],
      },
    ],
    [
      'no delay of nothing',
      { host: 'h', applyDelay: Duration.seconds(0) },
      { host: 'h', port: 5432, create_replica_methods: ['basebackup'] },
    ],
  ])('follows %s', (_, standbyOf, expected) => {
    expect(dynamic({ standbyOf }).standby_cluster).toEqual(expected);
  });

  test('taken out of Git, it is promoted: the key is gone from the dynamic configuration', () => {
    expect(dynamic({})).not.toHaveProperty('standby_cluster');
  });

  test("is copied from the other's repository without a leader", () => {
    expect(local({ standbyOf: everything }).postgresql.source).toEqual({ ...RESTORE('standby'), no_leader: true });
    expect(local({ standbyOf: without('repository', 'encryptionKey') }).postgresql).not.toHaveProperty('source');
    expect(local({ standbyOf: everything }).bootstrap).not.toHaveProperty('method'); // Patroni's own for standby clusters
  });

  test('has the other repository as a cluster that is restored has it, without a target', () => {
    const made = data({ standbyOf: everything });
    expect(Object.keys(sections(made['source.conf'] ?? ''))).toEqual(['shop', 'global']);
    expect(made).not.toHaveProperty(['source.arguments']);
    const { sources } = volumes({ standbyOf: everything }).find((v) => v.name === 'source')?.projected ?? {};
    expect(sources[0].configMap.items).toEqual([{ key: 'source.conf', path: 'pgbackrest.conf' }]);
    expect(sources.at(-1)).toEqual({ secret: { name: 'old', items: [{ key: 'passphrase', path: 'options/repo1-cipher-pass' }] } });
    expect(volumes({ standbyOf: without('repository', 'encryptionKey') }).map((v) => v.name)).not.toContain('source');
  });

  test('reaches the leader it follows, and its store', () => {
    const rules = egress({ standbyOf: everything });
    expect(rules).toContainEqual({ ports: [{ port: 5433, protocol: 'TCP' }] });
    expect(rules).toContainEqual({ ports: [{ port: 9000, protocol: 'TCP' }] });
    expect(egress({ standbyOf: { repository: SOURCE } })).not.toContainEqual({ ports: [{ port: 5432, protocol: 'TCP' }] });
  });

  test('every option has an effect', () => {
    const text = (standbyOf: StandbyOptions) => JSON.stringify([data({ standbyOf }), plain(podTemplate(planOf({ standbyOf })))]);
    for (const option of Object.keys(everything) as (keyof StandbyOptions)[])
      expect([option, text(without(option))]).not.toEqual([option, text(everything)]);
  });

  test('breaks none of what holds for every object', () => {
    const drill = { storage: { size: Size.gibibytes(50) } };
    const objects = objectsOf(chartWith({ standbyOf: everything, backups: { ...OWN, drill } }));
    for (const [name, check] of Object.entries(INVARIANTS)) expect([name, check(objects)]).toEqual([name, []]);
  });
});

test.each([
  [RecoveryTarget.latest(), true],
  [{ type: 'lsn', value: '0/1' }, true], // of another copy of this package
  [{ type: 'tomorrow' }, false],
  ['2026-11-21', false],
  [undefined, false],
])('whether it is a target: %#', (value, expected) => {
  expect(RecoveryTarget.isRecoveryTarget(value)).toBe(expected);
});

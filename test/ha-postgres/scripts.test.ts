import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { requirePrograms, Sandbox, until } from './scripts/sandbox';

let pod: Sandbox;

beforeAll(() => requirePrograms('bash', 'jq'));
beforeEach(() => {
  pod = new Sandbox();
});
afterEach(() => pod.remove());

describe('credentials.sh', () => {
  const made = () => JSON.parse(pod.read('patroni/20-credentials.yaml')); // JSON is YAML too

  test('makes a folder that only its owner can read: passwords beside what Git says', () => {
    // GIVEN
    pod.write('secrets/superuser', 'one\n'); // as `echo` and many editors leave it
    pod.write('secrets/replication', 'two');
    pod.write('secrets/rewind', ' three ');
    // WHEN
    const { status, stderr } = pod.run('credentials.sh');
    // THEN
    expect([status, stderr]).toEqual([0, '']);
    expect(made()).toEqual({
      bootstrap: { dcs: { ttl: 30, loop_wait: 10 } },
      postgresql: {
        authentication: { superuser: { password: 'one' }, replication: { password: 'two' }, rewind: { password: ' three ' } },
      },
      tags: { revision: 'new' },
    });
    expect(readlinkSync(pod.path('patroni/10-local.yaml'))).toBe(pod.path('git/patroni.yaml'));
    expect(statSync(pod.path('patroni')).mode & 0o777).toBe(0o700);
    expect(statSync(pod.path('patroni/20-credentials.yaml')).mode & 0o777).toBe(0o600);
  });

  test.each([
    ['a"b', "a'b", 'a\\b'],
    ['$(touch x) `id` ${HOME}', '# : - {} %s', 'äöü€'],
    [' a', 'b ', ':'],
  ])('passwords %j, %j and %j are safe', (...passwords) => {
    for (const [i, name] of ['superuser', 'replication', 'rewind'].entries()) pod.write(`secrets/${name}`, `${passwords[i]}\n`);
    expect(pod.run('credentials.sh').status).toBe(0);
    const { superuser, replication, rewind } = made().postgresql.authentication;
    expect([superuser.password, replication.password, rewind.password]).toEqual(passwords);
  });

  test("newlines at the end are an editor's", () => {
    pod.write('secrets/superuser', 'a\n\n');
    expect(pod.run('credentials.sh').status).toBe(0);
    expect(made().postgresql.authentication.superuser.password).toBe('a');
  });

  test.each(['', '\n', 'a\nb'])('a password %j is refused: PostgreSQL would let nobody in', (password) => {
    pod.write('secrets/rewind', password);
    const { status, stderr } = pod.run('credentials.sh');
    expect([status, stderr]).toEqual([1, expect.stringContaining("secrets/rewind: the Secret's key must have one line")]);
  });

  test('a second run replaces, and leaves nothing else', () => {
    pod.run('credentials.sh');
    pod.write('secrets/rewind', 'changed');
    expect(pod.run('credentials.sh').status).toBe(0);
    expect(made().postgresql.authentication.rewind.password).toBe('changed');
    expect(readdirSync(pod.path('patroni')).sort()).toEqual(['10-local.yaml', '20-credentials.yaml', 'api.new.curl']);
  });

  test('without a password it fails, and what was there stays as it was', () => {
    // GIVEN
    pod.run('credentials.sh');
    const before = pod.read('patroni/20-credentials.yaml');
    pod.drop('secrets/rewind');
    // THEN
    expect(pod.run('credentials.sh').status).not.toBe(0);
    expect(pod.read('patroni/20-credentials.yaml')).toBe(before);
  });

  test('a failure leaves no half file either: the agent tries again every few seconds, in 16 MiB', () => {
    pod.write('secrets/restapi', 'of nobody');
    expect(pod.run('credentials.sh').status).toBe(1);
    expect(readdirSync(pod.path('patroni'))).toEqual(['10-local.yaml']);
  });
});

test('start.sh becomes Patroni with that folder, and notes what it was made of', () => {
  const { status, stdout } = pod.run('start.sh');
  expect([status, stdout]).toEqual([0, `patroni ${pod.path('patroni')}\n`]);
  expect(pod.read('patroni/20-credentials.yaml')).toContain('secret of superuser');
  expect(pod.read('patroni/loaded')).toMatch(/^[0-9a-f]{64} /);
  expect(statSync(pod.path('patroni')).mode & 0o777).toBe(0o700); // the folder above it belongs to other containers too
});

test('start.sh does not begin on data whose tablespace is not there', () => {
  pod.write('data/PG_VERSION', '17');
  pod.write('tablespaces/archive/data/PG_17', '');
  mkdirSync(pod.path('data/pg_tblspc'));
  symlinkSync(pod.path('tablespaces/archive/data'), pod.path('data/pg_tblspc/16400'));
  expect(pod.run('start.sh').status).toBe(0);
  pod.drop('tablespaces');
  const { status, stdout } = pod.run('start.sh');
  expect([status, stdout]).toEqual([1, expect.stringContaining("tablespace's volume is no longer declared")]);
});

test('start.sh begins a copy anew that was cut off: one has backup_label first and pg_control last', () => {
  pod.write('data/PG_VERSION', '17\n');
  pod.write('data/backup_label', 'START WAL LOCATION: 0/2000028\n');
  pod.write('wal/pg_wal/000000010000000000000002', 'half');
  const { stdout } = pod.run('start.sh', [], { WALDIR: pod.path('wal/pg_wal') });
  expect(stdout).toContain('was cut off: it begins anew\n');
  expect([existsSync(pod.path('data')), existsSync(pod.path('wal/pg_wal'))]).toEqual([false, false]);
});

describe('a first start of the cluster that was cut off', () => {
  const MADE = ['PG_VERSION', 'global/pg_control', 'base/1/1259']; // as initdb leaves it
  const WHOLE = [...MADE, 'postgresql.base.conf']; // as Patroni starts it
  const TOLD = 'PATCH /orders-config {"metadata": {"annotations": {"initialize": null}}}';
  const kept = () => readdirSync(pod.folder).find((name) => name.startsWith('data.kept.'));
  /** What start.sh does about these files where Patroni's `initialize` says this, beside a mark of this object. */
  function start(files: string[], initialize: string | undefined, mark?: string): string {
    for (const file of files) pod.write(`data/${file}`, 'x');
    if (mark !== undefined) pod.write('data.restoring', `${mark}\n`);
    pod.answer('GET.orders-config', JSON.stringify({ metadata: { uid: 'this', annotations: { initialize } } }));
    pod.answer('PATCH.orders-config', '');
    const { status, stdout } = pod.run('start.sh');
    expect(status).toBe(0);
    return stdout;
  }

  test.each([
    ['in initdb', ['PG_VERSION', 'base/1/1259'], undefined],
    ['in initdb that had made pg_control', MADE, undefined],
    ['in initdb, beside the mark of a restore of another time', MADE, 'another'],
    ["in initdb, beside a mark that is nobody's", MADE, ''],
  ])('%s: it begins anew, and keeps what there was', (_, files, mark) => {
    expect(start(files, '', mark)).toContain('begins anew\n');
    expect(existsSync(pod.path('data'))).toBe(false);
    for (const file of files) expect(existsSync(pod.path(`${kept()}/${file}`))).toBe(true);
    expect([pod.lines('curl.log').at(-1), existsSync(pod.path('data.restoring'))]).toEqual([TOLD, false]);
  });

  test.each([
    ['can never start', ['PG_VERSION', 'backup.manifest']],
    ['had copied everything', WHOLE],
  ])('in a restore that %s: nothing of it is kept, since the repository has it', (_, files) => {
    expect(start(files, '', 'this')).toContain('begins anew\n');
    expect([existsSync(pod.path('data')), kept(), pod.lines('curl.log').at(-1)]).toEqual([false, undefined, TOLD]);
  });

  test.each<[string, string[], string | undefined, string | undefined]>([
    ['whole data without the mark, whatever Patroni says: it may be the only copy', WHOLE, '', undefined],
    ["a restored cluster whose objects were deleted, while a new member makes another: the mark is of the former's", WHOLE, '', 'another'],
    ['whole data with an empty mark, as it was written before it had a uid', WHOLE, '', ''],
    ['a restored cluster that was born', WHOLE, '7710628082998337595', 'this'],
    ['a cluster whose state is gone', WHOLE, undefined, 'this'],
    ['half a folder of a cluster that exists', ['PG_VERSION', 'base/1/1259'], '7710628082998337595', undefined],
    ['data that Patroni has not started yet, of a cluster that exists', MADE, '7710628082998337595', undefined],
  ])('leaves alone: %s', (_, files, initialize, mark) => {
    expect(start(files, initialize, mark)).not.toContain('anew');
    for (const file of files) expect(existsSync(pod.path(`data/${file}`))).toBe(true);
    expect(pod.lines('curl.log').filter((line) => line.startsWith('PATCH'))).toEqual([]);
    expect(existsSync(pod.path('data.restoring'))).toBe(false); // what it stood for is over
  });

  test('leaves the data alone where there is no such object; a mark of it is of no more use', () => {
    for (const file of WHOLE) pod.write(`data/${file}`, 'x');
    pod.write('data.restoring', 'this\n');
    expect(pod.run('start.sh').status).toBe(0);
    expect([existsSync(pod.path('data/PG_VERSION')), existsSync(pod.path('data.restoring'))]).toEqual([true, false]);
  });

  test.each(['401', '403', '429', '500'])('an error %s of the API server is no answer: it waits for one', async (code) => {
    for (const file of MADE) pod.write(`data/${file}`, 'x');
    pod.answer('GET.orders-config', code);
    pod.start('start.sh');
    await until('a second try', () => pod.lines('curl.log').length > 1);
    expect(existsSync(pod.path('patroni/loaded'))).toBe(false);
    expect(pod.read('said')).toMatch(
      new RegExp(`does not say whether there is endpoints/orders-config: will try again: ${code} ${code}\n$`),
    );
    pod.answer('GET.orders-config', JSON.stringify({ metadata: { uid: 'this', annotations: { initialize: '' } } }));
    await until('Patroni', () => existsSync(pod.path('patroni/loaded')));
    expect(existsSync(pod.path(`${kept()}/PG_VERSION`))).toBe(true);
  });

  test('waits for the API before Patroni could take it for whole', async () => {
    for (const file of MADE) pod.write(`data/${file}`, 'x');
    pod.answer('GET.orders-config', JSON.stringify({ metadata: { uid: 'this', annotations: { initialize: '' } } }));
    renameSync(pod.path('bin/curl'), pod.path('bin/answering'));
    pod.write('bin/curl', '#!/bin/sh\necho tried >>"$SANDBOX/tries"\n[ -e "$SANDBOX/up" ] || exit 28\nexec answering "$@"\n', 0o755);
    pod.start('start.sh');
    await until('a second try', () => pod.lines('tries').length > 1);
    expect([existsSync(pod.path('data/PG_VERSION')), existsSync(pod.path('patroni/loaded'))]).toEqual([true, false]);
    pod.write('up', '');
    await until('Patroni', () => existsSync(pod.path('patroni/loaded')));
    expect(existsSync(pod.path(`${kept()}/PG_VERSION`))).toBe(true);
  });
});

test.each([
  ['is whole', ['PG_VERSION', 'global/pg_control', 'base/1/1259']],
  ['was restored and not yet started', ['PG_VERSION', 'backup_label', 'global/pg_control']],
  ['lost its pg_control in some other way', ['PG_VERSION', 'base/1/1259']],
])('start.sh leaves data alone that %s', (_, files) => {
  for (const file of files) pod.write(`data/${file}`, 'x');
  pod.write('wal/pg_wal/000000010000000000000002', 'x');
  const { stdout } = pod.run('start.sh', [], { WALDIR: pod.path('wal/pg_wal') });
  expect(stdout).toBe(`patroni ${pod.path('patroni')}\n`);
  for (const file of files) expect(existsSync(pod.path(`data/${file}`))).toBe(true);
  expect(existsSync(pod.path('wal/pg_wal/000000010000000000000002'))).toBe(true);
});

test('start.sh keeps WAL whose data is gone, out of the way of a new copy', () => {
  pod.write('wal/pg_wal/000000010000000000000002', 'the last of it');
  const { stdout } = pod.run('start.sh', [], { WALDIR: pod.path('wal/pg_wal') });
  const kept = /moved to (\S+),/.exec(stdout)?.[1] ?? '';
  expect(existsSync(pod.path('wal/pg_wal'))).toBe(false);
  expect(readFileSync(join(kept, '000000010000000000000002'), 'utf8')).toBe('the last of it');
});

test('start.sh says at every start what is kept, and how much room it takes: nothing else ever removes it', () => {
  for (const folder of ['data.kept.a', 'wal/pg_wal.kept.b', 'wal/pg_wal.kept.c', 'tablespaces/cold/data.kept.d'])
    pod.write(`${folder}/file`, 'x'.repeat(100_000));
  pod.write('data/PG_VERSION', '17\n');
  for (const _ of [1, 2]) {
    const { stdout } = pod.run('start.sh', [], { WALDIR: pod.path('wal/pg_wal') });
    const said = [...stdout.matchAll(/(\S+) takes \d+K of the volume: delete it when nobody needs it\n/g)].map(([, path = '']) =>
      path.slice(-1),
    );
    expect(said).toEqual(['a', 'b', 'c', 'd']);
  }
});

test('start.sh takes from the data folder the rights that a volume got for its group: PostgreSQL refuses them', () => {
  pod.write('data/PG_VERSION', '17\n');
  chmodSync(pod.path('data'), 0o2770);
  expect(pod.run('start.sh').status).toBe(0);
  expect(statSync(pod.path('data')).mode & 0o777).toBe(0o750);
});

(process.getuid?.() === 0 ? test : test.skip)('start.sh says whose the data folder is where it is not ours', () => {
  pod.write('data/PG_VERSION', '17\n');
  chownSync(pod.path('data'), 999, 999);
  const { status, stdout } = pod.run('start.sh');
  expect(status).toBe(1);
  expect(stdout).toMatch(/belongs to user 999, and this is user 0: .*; see adopt.userId\n$/);
});

test('start.sh does not start Patroni without its passwords', () => {
  pod.drop('secrets/superuser');
  const { status, stdout } = pod.run('start.sh');
  expect(status).not.toBe(0);
  expect(stdout).toBe('');
});

describe('start.sh and addresses', () => {
  const PATRONI =
    '#!/usr/bin/env bash\nprintf "%s\\n" "$PATRONI_KUBERNETES_POD_IP" "$PATRONI_POSTGRESQL_CONNECT_ADDRESS" "$PATRONI_RESTAPI_CONNECT_ADDRESS"\n';

  test.each([
    ['IPv4', { PATRONI_KUBERNETES_POD_IP: '10.0.0.7' }, ['10.0.0.7', '10.0.0.7:5432', '10.0.0.7:8008']],
    ['IPv6, in brackets', { PATRONI_KUBERNETES_POD_IP: 'fd00::7' }, ['fd00::7', '[fd00::7]:5432', '[fd00::7]:8008']],
    ['the family of the Services', { POD_IPS: '10.0.0.7,fd00::7', IP_FAMILY: 'IPv6' }, ['fd00::7', '[fd00::7]:5432', '[fd00::7]:8008']],
    ['that family, first or not', { POD_IPS: 'fd00::7,10.0.0.7', IP_FAMILY: 'IPv4' }, ['10.0.0.7', '10.0.0.7:5432', '10.0.0.7:8008']],
    ['what there is, without that family', { POD_IPS: '10.0.0.1', IP_FAMILY: 'IPv6' }, ['10.0.0.1', '10.0.0.1:5432', '10.0.0.1:8008']],
  ])('the others reach a member by %s', (_, env, lines) => {
    pod.write('bin/patroni', PATRONI, 0o755);
    expect(pod.run('start.sh', [], env).stdout.trim().split('\n')).toEqual(lines);
  });
});

describe('start.sh and tablespaces', () => {
  const cold = 'tablespaces/cold/data';
  const made = () => readdirSync(pod.path('tablespaces/cold')).sort();

  beforeEach(() => pod.write('tablespaces/cold/lost+found/x', ''));

  test('there is a folder for each, for its owner only', () => {
    expect(pod.run('start.sh').stdout).toBe(`patroni ${pod.path('patroni')}\n`);
    expect(statSync(pod.path(cold)).mode & 0o777).toBe(0o700);
  });

  test('what is in use stays', () => {
    pod.write('data/PG_VERSION', '17\n');
    pod.write(`${cold}/PG_17_1/1/1`, 'rows');
    pod.run('start.sh');
    expect(pod.read(`${cold}/PG_17_1/1/1`)).toBe('rows');
    expect(made()).toEqual(['data', 'lost+found']);
  });

  test('what belongs to data that is gone is kept out of the way', () => {
    pod.write(`${cold}/PG_17_1/1/1`, 'rows');
    const kept = /moved to (\S+),/.exec(pod.run('start.sh').stdout)?.[1] ?? '';
    expect(readFileSync(join(kept, 'PG_17_1/1/1'), 'utf8')).toBe('rows');
    expect(readdirSync(pod.path(cold))).toEqual([]);
  });

  test.each([
    ['before its first file', ['data/pg_wal/000000010000000000000002']],
    ['before its last one', ['data/pg_wal/0', 'data/backup_label', 'data/PG_VERSION']],
  ])('a copy that was cut off %s begins anew, its tablespaces too', (_, files) => {
    for (const file of [...files, `${cold}/PG_17_1/1/1`]) pod.write(file, 'half');
    expect(pod.run('start.sh').stdout).toContain('was cut off: it begins anew\n');
    expect(existsSync(pod.path('data'))).toBe(false);
    expect(made()).toEqual(['data', 'lost+found']);
    expect(readdirSync(pod.path(cold))).toEqual([]);
  });
});

describe('libraries to preload', () => {
  const wanted = {
    ttl: 30,
    postgresql: { parameters: { work_mem: '8MB', shared_preload_libraries: 'timescaledb,pg_stat_statements, /opt/own' } },
  };
  const libraries = (folder: string) => JSON.parse(pod.read(folder)).bootstrap.dcs.postgresql.parameters.shared_preload_libraries;

  beforeEach(() => {
    pod.write('git/dynamic.json', JSON.stringify(wanted));
    pod.write('lib/pg_stat_statements.so', '');
  });

  test('a new cluster begins without those that the image does not have, or PostgreSQL would not start', () => {
    pod.run('credentials.sh');
    expect(libraries('patroni/20-credentials.yaml')).toBe('pg_stat_statements,/opt/own');
    pod.write('lib/timescaledb.so', '');
    pod.run('credentials.sh');
    expect(libraries('patroni/20-credentials.yaml')).toBe('timescaledb,pg_stat_statements, /opt/own'); // as it is written
  });

  test('the agent of a leader holds the cluster to those that its image has, and says which are missing', () => {
    pod.answer('GET.leader', '200');
    pod.answer('GET.config', '{}');
    pod.answer('GET.cluster', '{"members": []}');
    pod.answer('PUT.config', '');
    expect(pod.run('agent.sh', ['once']).stdout).toContain('not in the image, so not preloaded: timescaledb\n');
    const [put = ''] = pod.lines('curl.log').filter((line) => line.startsWith('PUT'));
    expect(JSON.parse(put.replace('PUT /config ', '')).postgresql.parameters).toEqual({
      work_mem: '8MB',
      shared_preload_libraries: 'pg_stat_statements,/opt/own',
    });
  });
});

describe('pre-stop.sh', () => {
  interface Member {
    readonly name: string;
    readonly role?: string;
    readonly state?: string;
    readonly lag?: number | string;
    readonly tags?: object;
  }
  const leader: Member = { name: 'orders-1', role: 'leader', state: 'running' };
  const replica = (ordinal: number, revision = 'new', more: object = {}): Member => ({
    name: `orders-${ordinal}`,
    role: 'replica',
    state: 'streaming',
    lag: 0,
    tags: { revision },
    ...more,
  });

  function stop(members: Member[], env: Record<string, string> = {}): string[] {
    pod.answer('GET.primary', '200');
    pod.answer('GET.cluster', JSON.stringify({ members }));
    pod.answer('POST.switchover', 'Successfully switched over');
    expect(pod.run('pre-stop.sh', [], env).status).toBe(0);
    return pod.lines('curl.log').filter((line) => line.startsWith('POST'));
  }

  test('a member that does not lead just stops', () => {
    pod.answer('GET.primary', '503');
    expect(pod.run('pre-stop.sh').status).toBe(0);
    expect(pod.lines('curl.log')).toEqual(['GET /primary ']);
    expect(pod.read('psql.log')).toBe('');
  });

  test('a leader writes to disk what it can, and hands over', () => {
    expect(stop([leader, replica(0)])).toEqual(['POST /switchover {"leader": "orders-1", "candidate": "orders-0"}']);
    expect(pod.lines('psql.log')[0]).toBe(`-qX -h ${pod.folder} -U postgres -d postgres -c CHECKPOINT`);
  });

  test.each<[string, Member[], string | undefined]>([
    ['the lowest ordinal of equals', [replica(2), leader, replica(0)], 'orders-0'],
    ['ordinals are numbers: 9 before 10', [replica(10), leader, replica(9)], 'orders-9'],
    ['another revision comes first: it is updated already', [leader, replica(0, 'new'), replica(2, 'newer')], 'orders-2'],
    ['of several of another revision, the lowest', [leader, replica(0, 'new'), replica(3, 'newer'), replica(2, 'newer')], 'orders-2'],
    ['a member without a revision has another one', [leader, replica(0), { ...replica(2), tags: undefined }], 'orders-2'],
    ['a synchronous standby before any other', [leader, replica(0), replica(2, 'new', { role: 'sync_standby' })], 'orders-2'],
    [
      'of several synchronous ones the lowest, which stays longest when members are taken away',
      [leader, ...[3, 2].map((i) => replica(i, 'new', { role: 'sync_standby' })), replica(0)],
      'orders-2',
    ],
    ['a quorum standby before any other', [leader, replica(0, 'newer'), replica(2, 'new', { role: 'quorum_standby' })], 'orders-2'],
    ['a running replica of Patroni 3', [leader, replica(0, 'new', { state: 'running' })], 'orders-0'],
    ['none whose lag is unknown', [leader, replica(0, 'new', { lag: 'unknown' }), replica(2)], 'orders-2'],
    ['none that is being made', [leader, replica(0, 'new', { state: 'creating replica' }), replica(2)], 'orders-2'],
    ['none that is stopped', [leader, replica(0, 'new', { state: 'stopped', lag: undefined })], undefined],
    ['nobody: a single member', [leader], undefined],
  ])('it hands over to %s', (_, members, candidate) => {
    const posted = candidate === undefined ? [] : [`POST /switchover {"leader": "orders-1", "candidate": "${candidate}"}`];
    expect(stop(members)).toEqual(posted);
  });

  test('a name with hyphens is one', () => {
    const posted = stop(
      [
        { ...leader, name: 'my-db-0' },
        { ...replica(0), name: 'my-db-11' },
      ],
      { PATRONI_NAME: 'my-db-0' },
    );
    expect(posted).toEqual(['POST /switchover {"leader": "my-db-0", "candidate": "my-db-11"}']);
  });

  test.each([
    ['Patroni does not answer', () => undefined],
    ['there is no answer about the cluster', () => pod.answer('GET.primary', '200')],
    [
      'the answer is none',
      () => {
        pod.answer('GET.primary', '200');
        pod.answer('GET.cluster', '<html>');
      },
    ],
    [
      'the checkpoint and the switchover fail',
      () => {
        pod.answer('GET.primary', '200');
        pod.answer('GET.cluster', JSON.stringify({ members: [leader, replica(0)] }));
        pod.answer('psql.fails', '');
      },
    ],
  ])('it never fails: %s', (_, given) => {
    given();
    expect(pod.run('pre-stop.sh').status).toBe(0);
  });
});

describe('agent.sh once', () => {
  const once = () => {
    const result = pod.run('agent.sh', ['once']);
    expect(result.status).toBe(0);
    return result.stdout;
  };
  const requests = (method: string) => pod.lines('curl.log').filter((line) => line.startsWith(`${method} `));

  function lead(config: object = { ttl: 30, loop_wait: 10 }): void {
    pod.answer('GET.leader', '200');
    pod.answer('GET.primary', '200');
    pod.answer('GET.config', JSON.stringify(config));
    pod.answer('GET.cluster', '{"members": []}');
    pod.answer('PUT.config', '');
  }

  test('on a member that does not lead, nothing is held', () => {
    pod.answer('GET.leader', '503');
    pod.answer('GET.config', '{}');
    once();
    expect(pod.lines('curl.log')).toEqual(['GET /leader ']);
    expect(pod.read('psql.log')).toBe('');
  });

  test.each([
    ['equal', { ttl: 30, loop_wait: 10 }],
    ['equal in another order', { loop_wait: 10, ttl: 30 }],
    ['equal but for the pause of an operator', { ttl: 30, loop_wait: 10, pause: true }],
  ])('a dynamic configuration that is %s is left alone', (_, config) => {
    lead(config);
    once();
    expect(requests('PUT')).toEqual([]);
  });

  test.each([
    ['another value', { ttl: 20, loop_wait: 10 }, {}],
    ['a key set by hand', { ttl: 30, loop_wait: 10, retry_timeout: 5 }, {}],
    ['a missing key', { ttl: 30 }, {}],
    ['nothing at all', {}, {}],
    ['another value during a pause', { ttl: 20, loop_wait: 10, pause: true }, { pause: true }],
    ['another value after a pause', { ttl: 20, loop_wait: 10, pause: false }, { pause: false }],
  ])('%s is replaced by what is declared, and a pause is kept', (_, config, kept) => {
    lead(config);
    expect(once()).toContain('dynamic configuration differed from what is declared: replaced\n');
    const [put = '', ...others] = requests('PUT');
    expect(JSON.parse(put.replace('PUT /config ', ''))).toEqual({ ttl: 30, loop_wait: 10, ...kept });
    expect(others).toEqual([]);
  });

  test('roles and databases are declared, over the socket, waiting for no standby', () => {
    lead();
    expect(once()).toMatch(/roles and databases are as declared\n.*passwords are as in the Secrets\n$/);
    const [declare = '', options] = pod.lines('psql.log');
    expect(declare).toMatch(/^-qXAt -v ON_ERROR_STOP=1 -h \S+ -U postgres -d postgres -v wanted=\{"roles": .*\} -f \S+\/declare\.sql$/);
    expect(options).toContain('-c synchronous_commit=local');
  });

  test('every password comes from its file, and is in no argument or variable', () => {
    lead();
    once();
    const names = { superuser: 'postgres', replication: 'replicator', rewind: 'rewind', orders: 'orders' };
    const asked = Object.entries(names).flatMap(([file, role]) => [
      expect.stringMatching(new RegExp(` -c \\\\password "${role}"$`)),
      `secret of ${file}`,
      `secret of ${file}`,
    ]);
    expect(pod.lines('psql.asked')).toEqual(
      asked.map((each) => (typeof each === 'string' ? each.replace('of orders', 'of roles/orders') : each)),
    );
    expect(['psql.log', 'psql.env', 'curl.log'].map((file) => pod.read(file)).join('')).not.toContain('secret of');
    expect(statSync(pod.path('patroni/login.pgpass')).mode & 0o777).toBe(0o600);
  });

  test('a password that is right is left alone: its verifier stays', () => {
    lead();
    pod.answer('login', '');
    expect(once()).toContain('passwords are as in the Secrets');
    expect(pod.read('psql.asked')).toBe('');
  });

  test.each([
    ['nothing', ''],
    ['an empty line', '\n'],
    ['two lines', 'a\nb'],
  ])('a Secret with %s changes no password', (_, text) => {
    lead();
    pod.write('secrets/roles/orders', text);
    const { stdout, stderr } = pod.run('agent.sh', ['once']);
    expect(stdout).toContain('passwords not reconciled: will try again');
    expect(stderr).toContain("secrets/roles/orders: the Secret's key must have one line");
    expect(pod.read('psql.asked')).toBe('');
  });

  test('the three logins may have other names', () => {
    lead();
    pod.run('agent.sh', ['once'], { SUPERUSER: 'root', REPLICATION_USER: 'stream', REWIND_USER: 'back' });
    const roles = [...pod.read('psql.asked').matchAll(/-U (\w+) .*password "(\w+)"/g)].map(([, user, role]) => `${user} sets ${role}`);
    expect(roles).toEqual(['root sets root', 'root sets stream', 'root sets back', 'root sets orders']);
  });

  test('a cluster that leads is not made to follow by a line in Git; one that follows goes on', () => {
    pod.write('git/dynamic.json', '{"ttl": 30, "standby_cluster": {"host": "other"}}');
    lead({ ttl: 20 });
    expect(once()).toMatch(/standbyOf would make this cluster, which leads, a copy of another: not done/);
    expect(requests('PUT')).toEqual(['PUT /config {  "ttl": 30}']);
    pod.answer('GET.primary', '503');
    lead({ ttl: 20, standby_cluster: { host: 'former' } });
    pod.answer('GET.primary', '503');
    expect(once()).not.toContain('not done');
    expect(requests('PUT')[1]).toContain('"host": "other"');
  });

  test('what fails is said, tried again, and holds up nothing else', () => {
    // GIVEN no answer about the configuration
    lead();
    pod.drop('answers/GET.config');
    expect(once()).toMatch(
      /dynamic configuration not reconciled: will try again\n.*roles and databases are as declared\n.*passwords are as in the Secrets\n$/,
    );
    // WHEN PostgreSQL refuses
    lead({});
    pod.answer('psql.fails', '');
    expect(once()).toMatch(
      /replaced\n.*roles or databases not reconciled: will try again\n.*postgres: .*\n.*passwords not reconciled: will try again\n$/,
    );
  });

  describe('pending restarts', () => {
    interface State {
      readonly role?: string;
      readonly state?: string;
      readonly replication_state?: string;
      readonly pending_restart?: boolean;
    }
    const pending: State = { pending_restart: true };
    const streaming: State = { role: 'replica', state: 'running', replication_state: 'streaming' };
    const primary: State = { role: 'primary', state: 'running' };

    /** A leader orders-0, and what the others say of themselves. */
    function cluster(states: (State | undefined)[], git: object = {}, more: object = {}): void {
      lead();
      const members = states.map((state, i) => ({
        name: `orders-${i}`,
        api_url: `http://10.0.0.1${i}:8008/patroni`,
        ...state,
        role: i === 0 ? 'leader' : 'replica',
      }));
      pod.answer('GET.cluster', `${JSON.stringify({ members, ...more }).replaceAll('":', '": ')}`);
      pod.write(
        'git/cluster.json',
        JSON.stringify({ members: states.length, restartWhenPending: true, tablespaces: [], extensions: {}, ...git }),
      );
      for (const [i, state] of states.entries()) {
        pod.answer(`POST.10.0.0.1${i}.restart`, 'restarted');
        if (state) pod.answer(`GET.10.0.0.1${i}.patroni`, JSON.stringify(state));
      }
    }
    const restarts = () => {
      pod.write('curl.log', '');
      once();
      return requests('POST').map((line) => line.split(' ')[1]);
    };

    test('none where nothing waits for one, and nobody else is asked', () => {
      cluster([primary, streaming, streaming]);
      expect(restarts()).toEqual([]);
      expect(requests('GET').filter((line) => line.includes('10.0.0'))).toEqual([]);
    });

    test.each<[string, (State | undefined)[], string[]]>([
      ['one replica, whatever the order', [{ ...primary, ...pending }, streaming, { ...streaming, ...pending }], ['10.0.0.12/restart']],
      ['the first of several', [primary, { ...streaming, ...pending }, { ...streaming, ...pending }], ['10.0.0.11/restart']],
      ['the leader last', [{ ...primary, ...pending }, streaming, streaming], ['10.0.0.10/restart']],
      [
        'a replica of Patroni 3.0, which does not say that it streams',
        [primary, { role: 'replica', state: 'running', ...pending }],
        ['10.0.0.11/restart'],
      ],
      [
        'nobody while a replica does not stream yet',
        [primary, { ...streaming, ...pending }, { ...streaming, replication_state: 'in archive recovery' }],
        [],
      ],
      ['nobody while a member starts', [primary, { ...streaming, ...pending }, { ...streaming, state: 'starting' }], []],
      ['nobody while a member does not answer', [{ ...primary, ...pending }, undefined, streaming], []],
    ])('of those that wait: %s', (_, states, restarted) => {
      cluster(states);
      expect(restarts()).toEqual(restarted);
    });

    test.each<[string, object, object]>([
      ['while a member is missing', { members: 4 }, {}],
      ['while failover is paused', {}, { pause: true }],
      ['unless it is asked for', { restartWhenPending: false }, {}],
    ])('none %s', (_, git, more) => {
      cluster([primary, { ...streaming, ...pending }, streaming], git, more);
      expect(restarts()).toEqual([]);
    });

    test('reported where it is not asked for', () => {
      cluster([{ ...primary, ...pending }, { ...streaming, ...pending }, streaming], { restartWhenPending: false });
      expect(once()).toContain('PostgreSQL has to restart for a changed parameter: orders-0, orders-1\n');
    });

    test('written to disk before the leader restarts, so that nobody waits for that', () => {
      cluster([{ ...primary, ...pending }]);
      restarts();
      expect(pod.read('psql.log')).toContain('-c CHECKPOINT');
    });
  });

  describe('reload', () => {
    const reloads = () => {
      pod.write('curl.log', '');
      once();
      return requests('POST');
    };

    beforeEach(() => {
      pod.answer('GET.leader', '503');
      pod.answer('POST.reload', '');
      pod.run('start.sh');
    });

    test('none where nothing has changed', () => {
      expect(reloads()).toEqual([]);
    });

    test("none before Patroni's container has written what it loads", () => {
      pod.drop('patroni/loaded');
      pod.write('git/patroni.yaml', 'scope: changed\n');
      expect(reloads()).toEqual([]);
    });

    test.each(['git/patroni.yaml', 'secrets/superuser', 'secrets/rewind', 'secrets/roles/orders'])(
      'one where %s has changed, on any member',
      (file) => {
        pod.write(file, 'changed');
        expect(reloads()).toEqual(['POST /reload ']);
        expect(reloads()).toEqual([]);
      },
    );

    test('with the new password', () => {
      pod.write('secrets/replication', 'changed');
      reloads();
      expect(JSON.parse(pod.read('patroni/20-credentials.yaml')).postgresql.authentication.replication.password).toBe('changed');
    });

    test.each(['git/dynamic.json', 'git/roles.json'])('none for %s, which is not in that folder', (file) => {
      pod.write(file, `${pod.read(file)}\n`);
      expect(reloads()).toEqual([]);
    });

    test('one where PostgreSQL has started, as soon as it runs: Patroni forgets what changed meanwhile', () => {
      pod.write('.s.PGSQL.5432.lock', '42\n/data\n1764000000\n');
      pod.answer('GET.health', '503');
      expect(reloads()).toEqual([]);
      pod.answer('GET.health', '200');
      expect(reloads()).toEqual(['POST /reload ']);
    });

    test('again until Patroni has taken it', () => {
      pod.drop('answers/POST.reload');
      pod.write('git/patroni.yaml', 'scope: changed\n');
      expect(reloads()).toEqual(['POST /reload ']);
      expect(reloads()).toEqual(['POST /reload ']);
      pod.answer('POST.reload', '');
      expect(reloads()).toEqual(['POST /reload ']);
      expect(reloads()).toEqual([]);
    });
  });
});

describe('agent.sh, for ever', () => {
  const count = (of: Sandbox, file: string, text: string) => of.lines(file).filter((line) => line.includes(text)).length;

  async function declaresWhatChanges(): Promise<void> {
    // GIVEN a leader
    pod.answer('GET.leader', '200');
    pod.answer('GET.primary', '200');
    pod.answer('GET.config', '{"ttl": 30, "loop_wait": 10}');
    pod.answer('PATCH.config', '');
    const agent = pod.start('agent.sh', { AGENT_INTERVAL: '1', SERVER_PORT: '1' });
    const ended = new Promise((resolve) => agent.once('exit', resolve));
    // WHEN
    await until('the second round, which ends with a word to Patroni', () => count(pod, 'curl.log', 'PATCH') >= 2);
    expect(count(pod, 'psql.log', '/declare.sql')).toBe(1);
    pod.write('git/roles.json', '{"roles": [], "databases": []}\n');
    // THEN
    await until('the changed roles', () => count(pod, 'psql.log', '/declare.sql') === 2);
    agent.kill('SIGTERM');
    expect(await ended).toBe(0);
  }

  async function tellsThatTheServerIsGone(member: Sandbox): Promise<void> {
    // GIVEN a member that does not lead, with a server
    member.answer('GET.leader', '503');
    const server = createServer((socket) => socket.destroy());
    const seen = new Promise((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    member.start('agent.sh', { SERVER_PORT: `${(server.address() as AddressInfo).port}` });
    await seen;
    expect(count(member, 'curl.log', 'PATCH')).toBe(0);
    // WHEN
    server.close();
    // THEN
    await until('the word to Patroni', () => count(member, 'curl.log', 'PATCH') > 0);
    const looks = count(member, 'curl.log', 'GET /leader');
    await until('another look', () => count(member, 'curl.log', 'GET /leader') > looks);
    expect(member.lines('curl.log').filter((line) => line.startsWith('PATCH'))).toEqual(['PATCH /config {"nudge": null}']);
  }

  async function looksAtTheLockOfALeaderThatIsGone(member: Sandbox): Promise<void> {
    // GIVEN a replica whose leader has answered
    member.answer('GET.leader', '503');
    const leader = createServer((socket) => socket.destroy());
    const open = (port: number) => new Promise<void>((resolve) => leader.listen(port, '127.0.0.1', resolve));
    const asked = () => new Promise((resolve) => leader.once('connection', resolve));
    await open(0);
    const { port } = leader.address() as AddressInfo;
    const first = asked();
    member.start('agent.sh', { AGENT_INTERVAL: '1', SERVER_PORT: '1', LEADER: `127.0.0.1/${port}` });
    await first;
    expect(count(member, 'curl.log', 'PATCH')).toBe(0);
    // WHEN
    leader.close();
    // THEN
    await until('several looks', () => count(member, 'curl.log', 'PATCH') >= 3);
    await open(port);
    await asked();
    await asked();
    const looks = count(member, 'curl.log', 'PATCH');
    await asked();
    await asked();
    leader.close();
    expect(count(member, 'curl.log', 'PATCH')).toBe(looks); // none while it answers
  }

  async function reloadsAtEachStart(member: Sandbox): Promise<void> {
    // GIVEN
    const server = (started: number) => member.write('.s.PGSQL.5432.lock', `42\n/data\n${started}\n`);
    const looks = () => count(member, 'curl.log', 'GET /leader');
    const twoMore = (from: number) => until('two more looks', () => looks() >= from + 2);
    for (const [request, text] of Object.entries({ 'GET.leader': '503', 'GET.health': '200', 'POST.reload': '' }))
      member.answer(request, text);
    member.run('start.sh');
    server(1);
    member.start('agent.sh', { AGENT_INTERVAL: '1' });
    await twoMore(1);
    expect(count(member, 'curl.log', 'POST /reload')).toBe(1);
    // WHEN
    server(2);
    // THEN
    await twoMore(looks() + 1);
    expect(count(member, 'curl.log', 'POST /reload')).toBe(2);
  }

  /**
   * A replica that still waits after its turn: max_connections was lowered, which the leader has to be told first. The agent
   * has run for long; nobody waits a whole interval for the next turn.
   */
  async function restartsInRounds(member: Sandbox): Promise<void> {
    const url = (i: number) => `http://10.0.0.1${i}:8008/patroni`;
    const members = [0, 1].map((i) => ({
      name: `orders-${i}`,
      api_url: url(i),
      role: i === 0 ? 'leader' : 'replica',
      pending_restart: true,
    }));
    member.answer('GET.leader', '200');
    member.answer('GET.config', '{"ttl": 30, "loop_wait": 10}');
    member.answer('PATCH.config', '');
    member.answer('GET.cluster', JSON.stringify({ members }).replaceAll('":', '": '));
    member.write('git/cluster.json', '{"members": 2, "restartWhenPending": true, "tablespaces": [], "extensions": {}}');
    for (const { role, api_url } of members) {
      const host = new URL(api_url).hostname;
      member.answer(
        `GET.${host}.patroni`,
        JSON.stringify({ role: role === 'leader' ? 'primary' : role, state: 'running', pending_restart: true }),
      );
      member.answer(`POST.${host}.restart`, '');
    }
    member.start('agent.sh', { AGENT_INTERVAL: '1000', SERVER_PORT: '1', SECONDS: '100' });
    const restarts = () =>
      member
        .lines('curl.log')
        .filter((line) => line.includes('/restart'))
        .map((line) => line.split(/[ /]/)[1]);
    await until('a second round', () => restarts().length >= 3, 30);
    expect(restarts().slice(0, 3)).toEqual(['10.0.0.11', '10.0.0.10', '10.0.0.11']);
    // The leader has the new value; the replica started a moment too early.
    member.answer('GET.10.0.0.10.patroni', JSON.stringify({ role: 'primary', state: 'running' }));
    const before = restarts().length;
    await until('one turn more', () => restarts().length > before, 30);
    expect(restarts().at(-1)).toBe('10.0.0.11');
  }

  test('a leader declares once, and again what changes; a member tells Patroni once that its server is gone or has started, a replica while its leader is gone; restarts go in rounds', async () => {
    const others = [new Sandbox(), new Sandbox(), new Sandbox(), new Sandbox()] as const;
    const [member, replica, leader, started] = others;
    await Promise.all([
      declaresWhatChanges(),
      tellsThatTheServerIsGone(member),
      looksAtTheLockOfALeaderThatIsGone(replica),
      restartsInRounds(leader),
      reloadsAtEachStart(started),
    ]).finally(() => {
      for (const each of others) each.remove();
    });
  }, 60_000);
});

describe('exporter.sh, in a POSIX shell', () => {
  const exporter = (body: string) => {
    pod.write('bin/postgres_exporter', `#!/bin/sh\necho "$*" >>"$SANDBOX/started"\n${body}\n`, 0o755);
    return pod.start('exporter.sh', { EXPORTER_PAUSE: '0' }, ['--one', '--two=2 3'], 'sh');
  };
  const starts = () => pod.lines('started');

  test('starts the exporter with its arguments, again and again as it ends', async () => {
    const script = exporter('exit 3');
    await until('three starts', () => starts().length >= 3);
    expect(new Set(starts())).toEqual(new Set(['--one --two=2 3']));
    expect(script.exitCode).toBeNull();
  });

  test('ends at once when the pod does, whatever the exporter is at', async () => {
    const script = exporter('trap "" TERM; sleep 5');
    await until('a start', () => starts().length === 1);
    script.kill('SIGTERM');
    await until('its end', () => script.exitCode !== null);
    expect(script.exitCode).toBe(0);
    expect(starts()).toHaveLength(1);
  });
});

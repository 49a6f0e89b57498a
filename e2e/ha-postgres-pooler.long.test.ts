import { SecretKey } from '../lib';
import { account } from './support/account';
import { Client } from './support/client';
import { KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace, type Json, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { MODES } from './support/session';
import { CLIENT, NAME, passwords, Subject } from './support/subject';
import { sleep, until } from './support/wait';
import { Writer, type WriterTarget } from './support/writer';

/** Seconds that a change may take to be in force, and that a writer through the pooler may stand longer than one beside it. */
const LIMIT = { rotation: 90, longer: 3 };
const PATHS = ['direct', 'pooler'] as const;
const CONNINFO = `host=${NAME}-pooler user=${NAME} dbname=${NAME}`;

let subject: Subject;
let allowed: Client;

const secret = (name: string, stringData: object): Json => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData });

async function poolers(): Promise<Json[]> {
  const { items } = await subject.kubectl.get('pods', '-l', 'app.kubernetes.io/component=pooler');
  return items;
}

/** What has to stay as it is where nothing may restart. */
const starts = async () => (await poolers()).map((pod) => `${pod.metadata.uid} ${pod.status.containerStatuses[0].restartCount}`).sort();

beforeAll(async () => {
  await locked('shared', requireReadyNodes);
  const login = { password: SecretKey.of('orders-pooler', 'password') };
  subject = await Subject.create({ label: 'pooler', props: { pooler: { login } } });
  await locked('shared', async () => {
    await subject.kubectl.apply([secret('orders-pooler', { password: 'of "the" pooler' })]);
    await subject.apply();
    await subject.healthy(120);
    await subject.kubectl.run(['rollout', 'status', `deployment/${NAME}-pooler`, '--timeout=60s'], undefined, 70);
    await subject.prepareWriters();
    allowed = await Client.start(subject, 'allowed', CLIENT);
    await until('a login through the pooler', 30, () => allowed.sql(CONNINFO, `${NAME}-of-a-test`, 'SELECT 1'));
  });
});

afterAll(async () => {
  if (!KEEP) await deleteNamespace(subject.kubectl);
});

/** Writers on every path and in every mode, while something happens; prints their longest gaps. */
async function whileWriting(what: string, act: () => Promise<unknown>): Promise<void> {
  const { node } = await subject.database.leader();
  const run = `${what}-${Date.now().toString(36)}`;
  const targets: Record<(typeof PATHS)[number], WriterTarget> = {
    direct: subject,
    pooler: { ...subject, database: subject.database, env: subject.connection({ target: 'pooler' }) },
  };
  const writers: [string, Writer][] = [];
  try {
    for (const path of PATHS) {
      for (const mode of MODES) writers.push([`${path} ${mode}`, await Writer.start(targets[path], mode, `${run}-${path}`, node)]);
    }
    await Promise.all(writers.map(([, writer]) => writer.writing(30)));
    await sleep(1);
    const since = writers.map(([, writer]) => writer.latest());
    await act();
    await Promise.all(writers.map(([, writer]) => writer.writing(60)));
    await subject.healthy(120);
    await Promise.all(writers.map(([, writer]) => writer.writing(10))); // also after the former leader is back as a replica
    const gaps: number[] = [];
    for (const [i, [name, writer]] of writers.entries()) {
      const seen = await account(writer, subject.database, since[i]);
      figure(`pooler ${what} gap ${name}`, seen.gap, 's');
      const log = await subject.kubectl.run(['logs', `writer-${writer.run}`]);
      const refused = log.split('\n').filter((line) => line.startsWith('err') && line.includes('read-only')).length;
      figure(`pooler ${what} read-only ${name}`, refused, 'writes');
      expect(seen.acknowledged).toBeGreaterThan(20);
      expect(seen.twice).toEqual([]);
      gaps.push(seen.gap);
    }
    for (const i of MODES.keys()) expect(gaps[i + MODES.length]).toBeLessThanOrEqual(gaps[i] + LIMIT.longer);
  } finally {
    await Promise.all(writers.map(([, writer]) => writer.stop()));
  }
}

describe('writers through the pooler and beside it go on after', () => {
  test('a switchover', () =>
    locked('shared', () =>
      whileWriting('switchover', async () => {
        const { leader, streaming } = await subject.database.view();
        await subject.database.switchover(streaming.find((name) => name !== leader) ?? '');
      }),
    ));

  test("the deletion of the leader's pod", () =>
    locked('shared', () =>
      whileWriting('leader-deleted', async () => {
        await subject.kubectl.run(['delete', 'pod', (await subject.database.leader()).name, '--wait=false']);
        await sleep(3);
      }),
    ));

  test("the deletion of a pooler's pod", () =>
    locked('shared', () =>
      whileWriting('pooler-deleted', async () => {
        const [{ metadata }] = await poolers();
        await subject.kubectl.run(['delete', 'pod', metadata.name], undefined, 90);
      }),
    ));
});

/** Whether a write through a pooler like this one, but of the replicas, comes about; what psql says where it does not. */
async function writesToReplica(guarded: boolean): Promise<string> {
  const [{ metadata }] = await poolers();
  const change = [
    's/listen_port = .*/listen_port = 6433/',
    guarded ? `s/host=${NAME} /host=${NAME}-replica /` : `s/host=${NAME} .*/host=${NAME}-replica port=5432/`,
  ];
  const script = `cd /var/run/pgbouncer; sed '${change.join(';')}' /etc/pgbouncer/pgbouncer.ini >replica.ini
    timeout 20 pgbouncer -q replica.ini & sleep 1
    PGPASSWORD=${NAME}-of-a-test psql 'host=/var/run/pgbouncer port=6433 user=${NAME} dbname=${NAME} connect_timeout=5' -XAtc 'CREATE TABLE t ()' 2>&1
    kill -QUIT %1; wait; rm replica.ini`;
  return subject.kubectl.exec(metadata.name, 'pgbouncer', ['bash', '-c', script], 40);
}

test('a server that does not lead is never handed to a client: it waits; without the guard its writes would be refused', async () => {
  expect(await writesToReplica(true)).toContain('timeout expired');
  expect(await writesToReplica(false)).toContain('read-only transaction');
});

test('a wrong password is refused, and so are logins that may do more than applications do', async () => {
  await expect(allowed.sql(CONNINFO, 'wrong', 'SELECT 1')).rejects.toThrow('authentication failed');
  const keys = passwords().stringData;
  const logins = { postgres: keys.superuser, replicator: keys.replication, rewind: keys.rewind };
  for (const [user, password] of Object.entries(logins)) {
    await expect(allowed.sql(`host=${NAME}-pooler user=${user} dbname=postgres`, password, 'SELECT 1')).rejects.toThrow('no such user');
  }
});

test('changed passwords, of an application and of the pooler itself, and changed settings need no restart', async () => {
  const before = await starts();
  // WHEN
  await subject.kubectl.apply([{ ...passwords(), stringData: { ...passwords().stringData, [NAME]: 'another' } }]);
  await subject.kubectl.apply([secret('orders-pooler', { password: `'new' "$\\` })]);
  await subject.apply({ pooler: { login: { password: SecretKey.of('orders-pooler', 'password') }, defaultPoolSize: 7 } });
  // THEN
  await until('the new password of the application', LIMIT.rotation, () => allowed.sql(CONNINFO, 'another', 'SELECT 1'));
  await expect(allowed.sql(CONNINFO, `${NAME}-of-a-test`, 'SELECT 1')).rejects.toThrow('authentication failed');
  const login = `host=${NAME} user=pooler dbname=postgres`;
  await until("the pooler's new password", LIMIT.rotation, () => allowed.sql(login, `'new' "$\\`, 'SELECT 1'));
  for (const { metadata } of await poolers()) {
    const ask = (question: string) =>
      subject.kubectl.exec(metadata.name, 'pgbouncer', [
        'psql',
        '-XAt',
        '-h',
        '/var/run/pgbouncer',
        '-p',
        '6432',
        '-U',
        'pgbouncer',
        '-c',
        question,
      ]);
    const size = async () => (await ask('SHOW CONFIG')).includes('default_pool_size|7|') || undefined;
    await until('the new setting', LIMIT.rotation, size);
    await ask('RECONNECT'); // what it asks now, it asks over connections that it makes with the new password
  }
  for (let i = 0; i < 6; i++) expect(await allowed.sql(CONNINFO, 'another', 'SELECT current_user')).toBe(`${NAME}\n`);
  expect(await starts()).toEqual(before);
});

test('only clients that were let in reach the pooler, and it reaches nothing but PostgreSQL', async () => {
  const stranger = await Client.start(subject, 'stranger', { 'e2e-client': 'stranger' });
  await sleep(2); // a policy takes about a second to hold for a new pod
  const { ip } = await subject.database.leader();
  for (const { metadata, status } of await poolers()) {
    const pooler = new Client(subject, metadata.name, 'pgbouncer');
    expect([
      await allowed.connects(status.podIP, 6432),
      await stranger.connects(status.podIP, 6432),
      await pooler.connects(ip, 5432),
      await pooler.connects(ip, 8008),
    ]).toEqual([true, false, true, false]);
  }
});

test('Patroni knows only its members, and an apply finds nothing to do', async () => {
  const { members } = await subject.healthy(60);
  expect(members.map(({ name }) => name).sort()).toEqual([0, 1, 2].map((i) => `${NAME}-${i}`));
  expect(await subject.kubectl.diff(subject.objects())).toBe('');
});

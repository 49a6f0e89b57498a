import { compare, stalls } from './support/account';
import { KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace } from './support/kubectl';
import { locked } from './support/lock';
import { Pair } from './support/pair';
import { NAME } from './support/subject';
import { sleep, until } from './support/wait';
import { prepareWriters, Writer } from './support/writer';

/** The commits of the README's "Another major version": PostgreSQL 15 becomes 17, with an application that writes ten rows a second. */

const ROWS = 20_000;
/** Twice the targets, in seconds. */
const LIMIT = { restart: 8, outage: 10, removal: 12 };

let pair: Pair;
let node: string;

beforeAll(async () => {
  pair = await Pair.create('upgrade');
  await pair.apply({});
  await pair.before.healthy(pair.members.before, 180);
  node = (await pair.before.leader()).node;
});

afterAll(async () => {
  if (!KEEP) await deleteNamespace(pair.kubectl);
});

const sql = async (database: Pair['before'], query: string) => (await database.sql((await database.view()).leader, NAME, query)).trim();
const saying = (sentence: string, seconds: number) =>
  until(sentence, seconds, async () => {
    const said = await pair.said();
    if (!said.includes(sentence)) throw new Error(said.split('\n').slice(-5).join(' / '));
    return true;
  });

test('given: a cluster of PostgreSQL 15 with rows', async () => {
  await prepareWriters(pair.target(pair.before));
  await sql(
    pair.before,
    `set role orders; create table kept (id bigint generated always as identity primary key, what text);
    insert into kept (what) select repeat('x', 100) from generate_series(1, ${ROWS})`,
  );
  await sql(pair.before, 'set role orders; create materialized view counted as select count(*) as n from kept');
  expect(await sql(pair.before, 'show server_version')).toMatch(/^15\./);
});

/** Those that do not lead: the leader comes after a switchover, which takes less time than its restart. */
async function restartReplicas(): Promise<void> {
  const { leader } = await pair.before.view();
  await pair.kubectl.exec(leader, 'patroni', ['patronictl', 'restart', NAME, '--role', 'replica', '--force'], 60);
  await pair.before.healthy(pair.members.before, 60);
}

test('commit 1: wal_level is logical, which takes a restart', async () => {
  const writer = await Writer.start(pair.target(pair.before), 'row', `${Date.now()}`, node);
  try {
    await writer.writing(60);
    const since = writer.latest();
    await pair.apply({ walLevel: 'logical' });
    const { leader } = await pair.before.view();
    const pending = ['bash', '-c', 'curl -s http://localhost:8008/patroni | grep -c pending_restart'];
    await until(
      'the parameter to wait for a restart',
      90,
      async () => (await pair.kubectl.attempt(['exec', leader, '-c', 'patroni', '--', ...pending])).code === 0 || undefined,
    );
    await restartReplicas();
    await pair.before.switchover(`${NAME}-${leader.endsWith('0') ? 1 : 0}`);
    await pair.before.healthy(pair.members.before, 60);
    await restartReplicas();
    expect(await sql(pair.before, 'show wal_level')).toBe('logical');
    await writer.writing(60);
    const { gap } = stalls((await writer.acks()).filter(({ sequence }) => sequence >= since));
    figure('upgrade restart for wal_level gap row', gap, 's');
    expect(gap).toBeLessThanOrEqual(LIMIT.restart);
  } finally {
    await writer.stop();
  }
});

test('commit 2: the new cluster says what stands in the way, and once it is gone copies, and goes on after a switchover of its own', async () => {
  await pair.apply({ walLevel: 'logical', phase: 'copy' });
  await pair.after.healthy(pair.members.after, 180);
  await saying('! table public.e2e_rows has neither a primary key nor REPLICA IDENTITY FULL', 60);
  await sql(pair.before, 'alter table e2e_rows replica identity full');
  await saying('ready for the switch', 120);
  await pair.after.switchover((await pair.after.healthy(pair.members.after, 60)).synchronous[0]);
  await pair.after.healthy(pair.members.after, 60);
  await sql(pair.before, "insert into kept (what) values ('after the switchover')");
  await until('the row', 60, async () => (await sql(pair.after, 'select count(*) from kept')) === `${ROWS + 1}` || undefined);
  expect(await pair.diff()).toBe('');
});

test('commit 3: the switch. Writers of both clusters: the old one accepts its last row, the new one its first, and none is lost', async () => {
  const run = `${Date.now()}`;
  const writers: Writer[] = [];
  try {
    const outage = await locked('shared', async () => {
      writers.push(await Writer.start(pair.target(pair.before), 'row', `${run}-old`, node));
      await writers[0].writing(60);
      await pair.apply({ walLevel: 'logical', phase: 'switch' });
      // The application, rolled out by the same commit: it waits for a database that lets it in.
      writers.push(await Writer.start(pair.target(pair.after), 'row', `${run}-new`, node));
      await writers[1].writing(180);
      await sleep(3);
      const [before, after] = await Promise.all(writers.map((writer) => writer.acks()));
      const rows = (await sql(pair.after, `select id from e2e_rows where id like '${run}-%'`)).split('\n');
      expect(before.length).toBeGreaterThan(20);
      expect(after.length).toBeGreaterThan(20);
      expect(compare([...before, ...after], rows)).toMatchObject({ lost: [], twice: [] });
      figure('upgrade lost', 0, `of ${before.length + after.length} rows`);
      return after[0].monotonic - before[before.length - 1].monotonic;
    });
    figure('upgrade outage', outage, 's');
    expect(outage).toBeGreaterThan(0); // never two that accept rows
    expect(outage).toBeLessThanOrEqual(LIMIT.outage);
  } finally {
    await Promise.all(writers.map((writer) => writer.stop()));
  }
  expect(await sql(pair.after, 'show server_version')).toMatch(/^17\./);
  const id = await sql(pair.after, "insert into kept (what) values ('next') returning id");
  expect(Number(id.split('\n')[0])).toBeGreaterThan(ROWS + 1); // its sequence went on
  expect(await sql(pair.after, 'select n from counted')).toBe(`${ROWS + 1}`);
  expect(await sql(pair.after, "select tableowner from pg_tables where tablename = 'kept'")).toBe(NAME);
  expect(await sql(pair.before, "select count(*) from pg_replication_slots where slot_type = 'logical'")).toBe('0');
});

test('commit 4: the upgrade is taken out, and nothing of it is left in the new cluster', async () => {
  const writer = await Writer.start(pair.target(pair.after), 'row', `${Date.now()}`, node);
  try {
    await writer.writing(60);
    const since = writer.latest();
    await pair.apply({ walLevel: 'logical', phase: 'over' });
    await pair.kubectl.run(['rollout', 'status', `statefulset/${pair.after.name}`, '--timeout=180s'], undefined, 190);
    await pair.after.healthy(pair.members.after, 60);
    await writer.writing(60);
    const { gap } = stalls((await writer.acks()).filter(({ sequence }) => sequence >= since));
    figure('upgrade taken out gap row', gap, 's');
    expect(gap).toBeLessThanOrEqual(LIMIT.removal);
  } finally {
    await writer.stop();
  }
  expect(await pair.diff()).toBe('');
});

import { Size } from 'cdk8s';
import { type Account, account, overlap } from './support/account';
import { Authority } from './support/certificates';
import { CERTIFICATE, type Commit, commitOf, WRITER } from './support/commit';
import { containers as containersOf } from './support/containers';
import { reconnectReplicas } from './support/declared';
import { KEEP } from './support/environment';
import { figure, spread } from './support/figures';
import { type InForce, inForce } from './support/in-force';
import { deleteNamespace, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { patroniObjects } from './support/patroni-objects';
import { NAME, Subject, type SubjectOptions } from './support/subject';
import { monotonic, sleep } from './support/wait';
import { Writer } from './support/writer';

/** Thirty times several changes at once by manifests alone, each time with a switchover. */
const LOOPS = Number(process.env.E2E_LOOPS ?? 30);
const CLUSTERS: readonly SubjectOptions[] = [
  { label: 'gitops', writer: WRITER, props: { durability: 'sync', walStorage: { size: Size.gibibytes(1) } } },
];

/** Seconds until a change is in force on every member: the kubelet's refresh of files, and the former leader's knowledge until then. */
const LIMIT = 90;

let authority: Authority;
const authorities: Authority[] = [];
let clusters: Subject[] = [];
const each = <T>(work: (cluster: Subject) => Promise<T>): Promise<T[]> => Promise.all(clusters.map(work));

beforeAll(async () => {
  await locked('shared', requireReadyNodes);
  await anotherAuthority();
  clusters = await Promise.all(CLUSTERS.map((options) => Subject.create(options)));
});

afterAll(async () => {
  for (const one of authorities) one.remove();
  if (!KEEP) await each((cluster) => deleteNamespace(cluster.kubectl));
});

test('a cluster of manifests starts', async () => {
  await locked('shared', () =>
    each(async (cluster) => {
      await applyCommit(cluster, await nextCommit(cluster, 0));
      await cluster.healthy(120);
      await cluster.prepareWriters();
    }),
  );
});

describe('several changes at once and a switchover: all are in force on every member, and nothing else has changed', () => {
  const loops = Array.from({ length: LOOPS }, (_, i) => i + 1);

  test.each(loops)(
    'loop %i',
    async (loop) => {
      if (loop % 10 === 0) await anotherAuthority();
      const run = (cluster: Subject) => runLoop(cluster, loop).catch((error) => said(cluster, loop, error));
      await locked('shared', () => each(run));
    },
    600_000,
  );
});

test('how long each kind of change took', () => {
  for (const [name, values] of measured) {
    const { min, median, max } = spread(values);
    figure(`${name}, min of ${values.length}`, min, 's');
    figure(`${name}, median of ${values.length}`, median, 's');
    figure(`${name}, max of ${values.length}`, max, 's');
  }
  expect(measured.size).toBeGreaterThan(0);
});

/** At once, since jest says it only when the last loop has ended. */
function said({ label }: Subject, loop: number, error: Error): never {
  process.stdout.write(`${label} loop ${loop} failed: ${error.message}\n`);
  throw error;
}

async function runLoop(cluster: Subject, loop: number): Promise<void> {
  // GIVEN
  const { leader, synchronous, timeline } = await cluster.healthy(120);
  const [candidate] = synchronous;
  const commit = await nextCommit(cluster, loop);
  const before = await state(cluster);
  // WHEN
  const { seen, written } = await whileOneWrites(cluster, async () => {
    const begin = monotonic();
    await applyCommit(cluster, commit);
    const [found] = await Promise.all([
      inForce(cluster.database, commit.changes, begin, 2 * LIMIT), // beyond the limit too, to say by how much
      switchover(cluster, candidate, loop),
    ]);
    return found;
  });
  print(cluster, loop, seen, written, commit);
  // THEN
  expect(seen.missing).toBe('');
  const after = await cluster.healthy(LIMIT);
  expect({ leader: after.leader, promotions: after.timeline - timeline }).toEqual({ leader: candidate, promotions: 1 });
  await reconnectReplicas(cluster); // they log in with the new password, and verify the new certificate
  const { containers, patroni, started } = await state(cluster);
  for (const [kind, seconds] of Object.entries(seen.seconds)) expect({ kind, late: seconds > LIMIT }).toEqual({ kind, late: false });
  expect(await cluster.kubectl.diff([...cluster.objects(), ...commit.secrets])).toBe('');
  expect(containers).toEqual(before.containers);
  expect(patroni).toMatchObject(before.patroni); // the first switchover makes one more
  expect(restarted(before.started, started)).toEqual(commit.restarts ? Object.keys(started) : [leader]);
  expect(written.acknowledged).toBeGreaterThan(20); // else the rest would say nothing
  expect({ lost: written.lost, twice: written.twice, overlap: overlap(written.acks) }).toEqual({ lost: [], twice: [], overlap: 0 });
}

/** One writer, which keeps its connection: a new one for each row, encrypted, would take much of two cores. */
async function whileOneWrites(cluster: Subject, act: () => Promise<InForce>): Promise<{ seen: InForce; written: Account }> {
  const { node } = await cluster.database.leader();
  const writer = await Writer.start(cluster, 'kept', Date.now().toString(36), node);
  try {
    await writer.writing(120);
    const since = writer.latest();
    const seen = await act();
    await writer.writing(120);
    return { seen, written: await account(writer, cluster.database, since) };
  } finally {
    await writer.stop();
  }
}

/** Right after the apply in one loop; in the next ten seconds later, when some members know of the changes and others do not. */
async function switchover(cluster: Subject, candidate: string, loop: number): Promise<void> {
  if (loop % 2 === 0) await sleep(10);
  await cluster.database.switchover(candidate);
}

async function anotherAuthority(): Promise<void> {
  authority = await Authority.create(`orders-ca-${authorities.length}`);
  authorities.push(authority);
}

async function nextCommit({ kubectl }: Subject, loop: number): Promise<Commit> {
  return commitOf(loop, await authority.secret(CERTIFICATE, [NAME, `${NAME}.${kubectl.namespace}.svc`]));
}

async function applyCommit(cluster: Subject, { props, secrets }: Commit): Promise<void> {
  await Promise.all([cluster.kubectl.apply(secrets), cluster.apply(props)]);
}

const STARTED = 'SELECT pg_postmaster_start_time()';

/** What a change by manifests must leave alone. */
async function state(cluster: Subject) {
  const { database } = cluster;
  const times = (await database.pods()).map(async ({ name }) => [name, await database.sql(name, 'postgres', STARTED)] as const);
  const started = Object.fromEntries(await Promise.all(times));
  const patroni = Object.fromEntries(Object.entries(await patroniObjects(cluster)).map(([name, { uid }]) => [name, uid]));
  return { containers: await containersOf(database), patroni, started };
}

/** Members whose PostgreSQL began anew. A switchover alone does that to the former leader: it goes on as a replica. */
function restarted(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}

const measured = new Map<string, number[]>();

function note(name: string, seconds: number): void {
  measured.set(name, [...(measured.get(name) ?? []), seconds]);
}

function print(
  { label }: Subject,
  loop: number,
  { seconds, undone }: InForce,
  { gap, lost, acknowledged }: Account,
  { restarts }: Commit,
): void {
  for (const [kind, value] of Object.entries(seconds)) {
    figure(`${label} loop ${loop} ${kind} in force`, value, 's');
    note(`${label} ${kind} in force`, value);
  }
  if (undone.length > 0) process.stdout.write(`${label} loop ${loop}: in force everywhere, and then not: ${undone.join('; ')}\n`);
  figure(`${label} loop ${loop} gap`, gap, 's');
  figure(`${label} loop ${loop} lost`, lost.length, `of ${acknowledged} rows`);
  note(`${label} gap${restarts ? ' with restarts' : ''}`, gap);
}

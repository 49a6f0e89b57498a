import { KEEP, PREFIX, TOOLS } from './support/environment';
import { control, cordoned, FAULTS } from './support/faults';
import { figure } from './support/figures';
import { deleteNamespace, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { Readiness, starts } from './support/readiness';
import { MODES, type Outcome, report, Session, whileWriting } from './support/session';
import { Stream } from './support/stream';
import { NAME, Subject } from './support/subject';
import { nodeOtherThan, trial } from './support/trial';
import { monotonic, sleep, until } from './support/wait';

/** What a leader's end, a drain, a cold start on fewer nodes and a long absence of the API cost. */

/** Limits in seconds; Patroni's ttl is 30. */
const LIMIT = { drain: 5, handover: 10, anotherLeads: 60, undisturbed: 2 };
const AWAY = 300;

const LABEL = 'checks';
/** Only this cluster's pods are drained: others, with the same names, may be at work on the node. */
const OWN = { 'e2e-checks': `${PREFIX}-${LABEL}` };
const OWN_SELECTOR = Object.entries(OWN)[0].join('=');

if (!TOOLS) process.stdout.write('No CLUSTER_TOOLS: the absence of the API server is left out.\n');
const withTools = TOOLS ? test : test.skip;

let cluster: Subject;

beforeAll(async () => {
  cluster = await Subject.create({ label: LABEL, props: { pod: { labels: OWN } } });
  await locked('shared', async () => {
    await requireReadyNodes();
    await cluster.apply();
    await cluster.healthy(120);
  });
  await cluster.prepareWriters();
});

afterAll(async () => {
  if (!KEEP) await deleteNamespace(cluster.kubectl);
});

const NONE_LOST = { lost: [], twice: [] };

function losesNothing({ through, overlap }: Outcome): void {
  for (const mode of MODES) {
    expect(through[mode].acknowledged).toBeGreaterThan(20); // else the rest would say nothing
    expect(through[mode]).toMatchObject(NONE_LOST);
  }
  expect(overlap).toBe(0);
}

/** Deletes a member's pod, and returns what the pod said until its end. */
async function lastWords({ kubectl }: Subject, pod: string, meanwhile: () => Promise<unknown>): Promise<string> {
  const log = new Stream(kubectl, ['logs', '--follow', '--tail=1', pod, '-c', 'patroni']);
  await until(`the log of ${pod}`, 30, async () => log.lines.length > 0 || undefined, 0.2);
  await kubectl.run(['delete', 'pod', pod, '--wait=false']);
  await meanwhile();
  await log.ended(90);
  return log.text;
}

const SHUTDOWN = /LOG: +checkpoint starting: shutdown.*LOG: +checkpoint complete.*LOG: +database system is shut down/s;
// Patroni's way (its single-user server says nothing itself) and PostgreSQL's.
const CRASHED = /crash recovery in a single user mode|was not properly shut down|database system was interrupted/;

test("the leader's deleted pod ends with a shutdown checkpoint and lets go of the lock; it comes back without crash recovery", () =>
  locked('shared', async () => {
    const { kubectl, database } = cluster;
    const leader = await database.leader();
    await database.sql(leader.name, NAME, 'CREATE TABLE load (text text)');
    // Every page of it has to reach the disk in the checkpoint; it is in no hurry to end.
    const load = 'INSERT INTO load SELECT md5(g::text) FROM generate_series(1, 20000000) g';
    let words = '';
    const outcome = await whileWriting(cluster, await nodeOtherThan(cluster, leader.node), async () => {
      const loading = kubectl.attempt(['exec', leader.name, '-c', 'patroni', '--', 'psql', '-d', NAME, '-c', load]);
      await sleep(2);
      const begin = monotonic();
      words = await lastWords(cluster, leader.name, async () => {
        const another = async () => (await database.view()).leader !== leader.name || undefined;
        await until('another leader', LIMIT.handover, another, 0.3);
        figure('leader deleted under load: another leads after', monotonic() - begin, 's');
      });
      expect((await loading).code).not.toBe(0); // it was at work until the end
    });
    report('leader deleted under load', outcome);
    expect(words).toMatch(SHUTDOWN);
    expect(words).toMatch(/Leader key released/);
    const next = await kubectl.run(['logs', leader.name, '-c', 'patroni']);
    expect(next).toMatch(/database system was shut down/);
    expect(next).not.toMatch(CRASHED);
    losesNothing(outcome);
    expect(outcome.promotions).toBe(1);
  }));

test('so does the only member of a cluster, which has nobody to hand over to', async () => {
  const alone = await Subject.create({ label: 'alone', props: { members: 1 } });
  const { kubectl } = alone;
  try {
    await locked('shared', async () => {
      await alone.apply();
      await alone.healthy(120);
      const [{ name, uid }] = await alone.database.pods();
      const words = await lastWords(alone, name, () => Promise.resolve());
      expect(words).toMatch(SHUTDOWN);
      await until('the new pod', 60, async () => (await alone.database.pod(name)).uid !== uid || undefined);
      await alone.healthy(120);
      const next = await kubectl.run(['logs', name, '-c', 'patroni']);
      expect(next).toMatch(/database system was shut down at/);
      expect(next).not.toMatch(CRASHED);
    });
  } finally {
    if (!KEEP) await deleteNamespace(kubectl);
  }
});

test('with durability quorum no acknowledged row is lost, neither when the leader is deleted nor when its Patroni is killed', async () => {
  const subject = await Subject.create({ label: 'quorum', props: { durability: 'quorum' } });
  try {
    await locked('shared', async () => {
      await subject.apply();
      await subject.healthy(120);
    });
    await subject.prepareWriters();
    for (const fault of FAULTS.filter(({ name }) => name === 'graceful' || name === 'patroni-kill')) {
      const { leader } = await subject.healthy(120);
      expect(await subject.database.sql(leader, 'postgres', 'SHOW synchronous_standby_names')).toMatch(/^ANY 1 \(/);
      for (const outcome of await trial(fault, [subject])) losesNothing(outcome);
    }
  } finally {
    if (!KEEP) await deleteNamespace(subject.kubectl);
  }
});

/** What `kubectl drain` asks the API server for. */
const evict = ({ kubectl }: Subject, pod: string) =>
  kubectl.attempt(
    ['create', '-f', '-', '--raw', `/api/v1/namespaces/${kubectl.namespace}/pods/${pod}/eviction`],
    JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod, namespace: kubectl.namespace } }),
  );

const phase = async (pod: string) => (await cluster.kubectl.get('pod', pod)).status.phase;

test("a drain of the leader's node ends, moves the leader once, and no second member may go until the first is back", () =>
  locked('exclusive', async () => {
    const { kubectl, database } = cluster;
    const { streaming } = await cluster.healthy(120);
    const leader = await database.leader();
    const readiness = new Readiness(cluster);
    const drain = [
      'drain',
      leader.node,
      '--ignore-daemonsets',
      '--delete-emptydir-data',
      `--pod-selector=${OWN_SELECTOR}`,
      '--timeout=90s',
    ];
    const outcome = await whileWriting(cluster, await nodeOtherThan(cluster, leader.node), (session) =>
      cordoned(leader.node, async () => {
        const begin = monotonic();
        await kubectl.run(drain, undefined, 100);
        figure('drain ended after', monotonic() - begin, 's');
        await session.writing(60);
        // Its volume is on the drained node.
        await until('the member to wait for its node', 30, async () => (await phase(leader.name)) === 'Pending' || undefined);
        expect((await evict(cluster, streaming[0])).stderr).toContain('disruption budget');
      }),
    );
    report('drain', outcome);
    const least = readiness.least(3);
    figure('drain: members up at the worst moment', least, '');
    losesNothing(outcome);
    expect(outcome.promotions).toBe(1);
    for (const mode of MODES) expect(outcome.through[mode].gap).toBeLessThanOrEqual(LIMIT.drain);
    expect(least).toBe(2);
  }));

test("all pods are deleted while the former leader's node takes none: another leads, and the former one joins when it may", () =>
  locked('exclusive', async () => {
    const { kubectl, database } = cluster;
    await cluster.healthy(120);
    const former = await database.leader();
    const before = (await database.pods()).map(({ uid }) => uid);
    const outcome = await whileWriting(cluster, await nodeOtherThan(cluster, former.node), (session) =>
      cordoned(former.node, async () => {
        const begin = monotonic();
        await kubectl.run(['delete', 'pods', '-l', database.selector, '--wait=false']);
        await until('a leader in a new pod', LIMIT.anotherLeads, async () => !before.includes((await database.leader()).uid) || undefined);
        figure('all deleted, the node of the former leader cordoned: another leads after', monotonic() - begin, 's');
        await session.writing(60);
        expect(await phase(former.name)).toBe('Pending');
      }),
    );
    report('all deleted, former node cordoned', outcome);
    expect(outcome.overlap).toBe(0);
    for (const mode of MODES) expect(outcome.through[mode].twice).toEqual([]);
  }));

/** When the members' servers and first processes began, from inside: the kubelet's counts come by the API server. */
async function began({ database, kubectl }: Subject): Promise<string[]> {
  const ask = 'psql -XAtc "SELECT pg_postmaster_start_time()"; stat -c %Y /proc/1';
  const pods = await database.pods();
  return Promise.all(pods.map(async ({ name }) => `${name} ${await kubectl.exec(name, 'patroni', ['bash', '-c', ask])}`));
}

withTools(
  'the API server is away for five minutes: writes go on, probes restart nothing, and all is well again by itself',
  () =>
    locked('exclusive', async () => {
      await cluster.healthy(120);
      await cluster.database.failsafeIsCurrent(60);
      const before = [...(await starts(cluster)), ...(await began(cluster))];
      const session = await Session.begin(cluster, { node: (await cluster.database.leader()).node });
      try {
        await control('stop', 'apiserver');
        await sleep(AWAY).finally(() => control('start', 'apiserver'));
        const begin = monotonic();
        await cluster.healthy(180);
        figure('API server away for five minutes: healthy after its return', monotonic() - begin, 's');
        const outcome = await session.outcome();
        report('API server away for five minutes', outcome);
        losesNothing(outcome);
        expect(outcome.through.row.acknowledged).toBeGreaterThan(AWAY * 8);
        expect(outcome.promotions).toBe(0);
        for (const mode of MODES) expect(outcome.through[mode].gap).toBeLessThanOrEqual(LIMIT.undisturbed);
        expect([...(await starts(cluster)), ...(await began(cluster))]).toEqual(before);
      } finally {
        await session.end();
      }
    }),
  900_000,
);

import { type HaPostgresProps, SecretKey } from '../lib';
import { backupLabels, backupProps, backupSecrets, jobEnd, startJob } from './support/backups';
import { imageOf, KEEP, TOOLS } from './support/environment';
import { buildExporterImage, EXPORTER_IMAGE } from './support/exporter';
import { figure, spread } from './support/figures';
import { deleteNamespace, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { NAME, Subject } from './support/subject';
import { monotonic, sleep, until } from './support/wait';

/** Who is a member and who is not, how one comes back without its volume, and how often a new cluster comes about. */

/** Seconds. How long Jobs and cold starts take is judged elsewhere: here they only have to come to their end. */
const LIMIT = { copied: 120, job: 300, started: 240 };
const STARTS = 10;

if (!TOOLS) process.stdout.write('No CLUSTER_TOOLS: what needs the store of the backups is left out.\n');
const withStore = TOOLS ? describe : describe.skip;

beforeAll(() => locked('shared', requireReadyNodes));

withStore('with backups, a pooler and an exporter', () => {
  let cluster: Subject;

  beforeAll(async () => {
    cluster = await Subject.create({ label: 'members', props: everything(`/members-${Date.now()}`) });
    const { kubectl } = cluster;
    await locked('shared', async () => {
      await buildExporterImage();
      await backupSecrets(kubectl);
      await kubectl.apply([
        { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-pooler' }, stringData: { password: 'of "the" pooler' } },
      ]);
      await cluster.apply();
      await cluster.healthy(120);
      await kubectl.run(['rollout', 'status', `deployment/${NAME}-pooler`, '--timeout=60s'], undefined, 70);
      const { leader } = await cluster.database.view();
      const archived = async () =>
        (await sql(leader, 'SELECT archived_count > 0 FROM pg_stat_archiver WHERE pg_switch_wal() IS NOT NULL')) === 't';
      await until('the stanza', 60, async () => (await archived()) || undefined);
      await cluster.database.sql(leader, NAME, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id'); // what the drill asks for
    });
  });

  afterAll(async () => {
    if (!KEEP) await deleteNamespace(cluster.kubectl);
  });

  const sql = async (pod: string, query: string) => (await cluster.database.sql(pod, 'postgres', query)).trim();

  test('a member that lost its volume while there is no backup yet is copied from the leader', () =>
    locked('shared', async () => {
      const { kubectl, database } = cluster;
      expect(await backupLabels(cluster)).toEqual([]);
      const { streaming } = await database.view();
      const { name, uid } = await database.pod(streaming[0]);
      const { metadata } = await kubectl.get('pvc', `data-${name}`);
      const begin = monotonic();
      await kubectl.run(['delete', 'pvc', `data-${name}`, '--wait=false']);
      await kubectl.run(['delete', 'pod', name]);
      await cluster.healthy(LIMIT.copied);
      figure('member without its volume and without a backup: healthy after', monotonic() - begin, 's');
      expect(monotonic() - begin).toBeLessThanOrEqual(LIMIT.copied);
      expect((await database.pod(name)).uid).not.toBe(uid);
      expect((await kubectl.get('pvc', `data-${name}`)).metadata.uid).not.toBe(metadata.uid);
      const log = await kubectl.run(['logs', name, '-c', 'patroni']);
      expect(log).toMatch(/method repository/); // it was tried, and failed
      expect(log).toContain('replica has been created using basebackup');
    }));

  test.each(['backup-full', 'backup-incr', 'verify', 'drill'])(
    'while %s runs, and after, Patroni knows its three members, and the leader has a slot for each other one',
    (job) =>
      locked('shared', async () => {
        const { database, kubectl } = cluster;
        const { leader } = await cluster.healthy(60);
        const seen = new Set<string>();
        const look = async () => {
          const members = JSON.parse(await database.patroni(leader, 'GET', 'cluster')).members as { name: string }[];
          const slots = await sql(leader, "SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots");
          seen.add(`${members.map(({ name }) => name).sort()}; ${slots}`);
        };
        const name = await startJob(kubectl, `${NAME}-${job}`);
        const end = await during(jobEnd(kubectl, name, LIMIT.job), look);
        expect(end).toMatchObject({ succeeded: true });
        await sleep(12); // one of Patroni's loops
        await look();
        const names = [0, 1, 2].map((i) => `${NAME}-${i}`);
        const slots = names.filter((each) => each !== leader).map((each) => each.replace('-', '_'));
        expect([...seen]).toEqual([`${names}; ${slots.join(' ')}`]);
      }),
    500_000,
  );
});

/** Looks again and again while something goes on. */
async function during<T>(work: Promise<T>, look: () => Promise<unknown>): Promise<T> {
  let ended = false;
  const [result] = await Promise.all([
    work.finally(() => {
      ended = true;
    }),
    (async () => {
      for (; !ended; await sleep(2)) await look();
    })(),
  ]);
  return result;
}

function everything(path: string): Partial<HaPostgresProps> {
  return {
    ...backupProps(path),
    pooler: { login: { password: SecretKey.of('orders-pooler', 'password') } },
    monitoring: { scrapedBy: { podLabels: { 'e2e-client': 'scraper' } }, exporter: { image: imageOf(EXPORTER_IMAGE) } },
  };
}

/** A new cluster from nothing, its objects in any order; seconds until all of it is healthy. */
async function start(i: number): Promise<number> {
  const subject = await Subject.create({ label: `start-${i}` });
  try {
    const begin = monotonic();
    await subject.apply();
    await subject.healthy(LIMIT.started);
    const seconds = monotonic() - begin;
    expect(await subject.kubectl.diff(subject.objects())).toBe('');
    return seconds;
  } finally {
    if (!KEEP) await deleteNamespace(subject.kubectl);
  }
}

test('ten new clusters, two at a time, their objects in ten random orders, all become healthy', async () => {
  const seconds: number[] = [];
  for (let i = 0; i < STARTS; i += 2) seconds.push(...(await locked('shared', () => Promise.all([start(i), start(i + 1)]))));
  for (const [which, value] of Object.entries(spread(seconds))) figure(`cold start, two at once, ${which} of ${STARTS}`, value, 's');
  expect(seconds).toHaveLength(STARTS);
}, 1_500_000);

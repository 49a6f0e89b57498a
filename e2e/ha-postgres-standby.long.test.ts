import type { HaPostgresProps } from '../lib';
import { archived, backupLabels, backupProps, backupSecrets, ENCRYPTION, newFolder, runJob, store } from './support/backups';
import type { Member } from './support/database';
import { KEEP, PREFIX, TOOLS } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace, type Json } from './support/kubectl';
import { locked } from './support/lock';
import { MEMBERS, NAME, Subject } from './support/subject';
import { monotonic, until } from './support/wait';

/** A cluster that lives, and two that follow it: by its Service and its repository, and by its repository alone. */
const withStore = TOOLS ? describe : describe.skip;
const WAYS = ['host', 'repository'] as const;

/** Rows of each batch. */
const BATCH = 100;

/** Seconds; those of the restore are those of a machine that others use too. */
const LIMIT = { born: 600, host: 10, repository: 60, promoted: 120 };
const TIMEOUT = 900_000;

withStore('a standby cluster', () => {
  let source: Subject;
  let sourcePath: string;
  const standbys = {} as Record<(typeof WAYS)[number], Subject>;

  const write = (batch: string) => `INSERT INTO kept SELECT '${batch}' FROM generate_series(1, ${BATCH})`;
  const sql = async (query: string, database = NAME) =>
    (await source.database.sql((await source.database.view()).leader, database, query)).trim();
  /** The batches that a member has, each of them whole. */
  const batches = async ({ database }: Subject, member = `${NAME}-0`) =>
    (await database.sql(member, NAME, `SELECT batch FROM kept GROUP BY batch HAVING count(*) = ${BATCH} ORDER BY batch`))
      .trim()
      .split('\n');

  beforeAll(async () => {
    const clients = WAYS.map((way) => ({ podLabels: MEMBERS, namespace: `${PREFIX}-standby-${way}` }));
    source = await Subject.create({ label: 'standby-source', clients });
    sourcePath = newFolder(source.kubectl);
    await backupSecrets(source.kubectl);
    await locked('shared', async () => {
      await source.apply({ ...backupProps(sourcePath), members: 1 });
      await source.healthy(120);
      await until(`database ${NAME}`, 60, async () => sql('CREATE TABLE kept (batch text)'));
      await sql(write('1 before'));
      await archived(source);
      expect(await runJob(source, `${NAME}-backup-full`, 120)).toMatchObject({ succeeded: true });
    });
  });

  afterAll(async () => {
    if (KEEP) return;
    for (const { kubectl } of [source, ...Object.values(standbys)]) await deleteNamespace(kubectl);
  });

  const follow = (way: (typeof WAYS)[number]): Partial<HaPostgresProps> => ({
    ...backupProps(`${sourcePath}-${way}`),
    members: way === 'host' ? 2 : 1,
    standbyOf: {
      ...(way === 'host' && { host: `${NAME}.${source.kubectl.namespace}.svc` }),
      repository: store(sourcePath),
      encryptionKey: ENCRYPTION,
    },
  });

  test(
    'by either way has the rows',
    () =>
      locked('shared', async () => {
        await Promise.all(
          WAYS.map(async (way) => {
            const standby = await Subject.create({ label: `standby-${way}`, props: follow(way) });
            standbys[way] = standby;
            await backupSecrets(standby.kubectl);
            const begin = monotonic();
            await standby.apply();
            await following(standby);
            figure(`standby by ${way}: follows with members: ${standby.members}, both at once, after`, monotonic() - begin, 's');
            expect(await batches(standby)).toEqual(['1 before']);
          }),
        );
      }),
    TIMEOUT,
  );

  test.each(WAYS)('by %s gets the rows that come later', (way) =>
    locked('shared', async () => {
      await sql(write(`2 ${way}`));
      if (way === 'repository') await archived(source);
      const begin = monotonic();
      const arrived = async () => (await batches(standbys[way])).includes(`2 ${way}`) || undefined;
      await until('the new rows', LIMIT[way], arrived, 0.1);
      figure(`standby by ${way}: rows arrived after`, monotonic() - begin, 's');
    }),
  );

  test.each(WAYS)('by %s is read-only, its schedules are suspended, and it may stay so', async (way) => {
    const { kubectl, database } = standbys[way];
    for (const { name } of await database.pods()) {
      await expect(database.sql(name, NAME, write('a mistake'))).rejects.toThrow('read-only transaction');
    }
    expect(await suspended(standbys[way])).toEqual([true]);
    expect(await kubectl.diff(standbys[way].objects())).toBe('');
  });

  test('given: the old leader is lost, with rows that reached the one by host and never the archive', () =>
    locked('shared', async () => {
      await sql(write('3 archived'));
      await archived(source);
      await source.kubectl.exec(`${NAME}-0`, 'patroni', ['pkill', '-STOP', '-f', '^postgres: .*archiver']);
      await sql(write('4 streamed'));
      await until('the rows by host', LIMIT.host, async () => (await batches(standbys.host)).includes('4 streamed') || undefined, 0.1);
      await until('the segment by repository', 60, async () => (await batches(standbys.repository)).includes('3 archived') || undefined);
      await source.kubectl.run(['delete', 'statefulset', NAME, '--cascade=orphan']);
      await source.kubectl.run(['delete', 'pod', `${NAME}-0`, '--grace-period=0', '--force', '--wait=false']);
      await until('its end', 60, async () => (await reachable()) === false || undefined);
    }));

  test.each(WAYS)('by %s is promoted when standbyOf is taken out, with all rows that could have come', (way) =>
    locked('shared', async () => {
      const standby = standbys[way];
      const before = await batches(standby);
      const begin = monotonic();
      await standby.apply({ standbyOf: undefined });
      const writes = async () => standby.database.sql((await standby.database.view()).leader, NAME, write('5 promoted'));
      await until('a write', LIMIT.promoted, writes, 0.2);
      figure(`standby by ${way}: promoted after`, monotonic() - begin, 's');
      await standby.healthy(120);
      expect(before).toEqual(['1 before', '2 host', '2 repository', '3 archived', ...(way === 'host' ? ['4 streamed'] : [])]);
      for (const { name } of await standby.database.pods()) expect(await batches(standby, name)).toEqual([...before, '5 promoted']);
      expect(await suspended(standby)).toEqual([false]);
      await archived(standby);
      expect(await runJob(standby, `${NAME}-backup-full`, 120)).toMatchObject({ succeeded: true });
      expect(await backupLabels(standby)).toHaveLength(1);
      expect(await standby.kubectl.diff(standby.objects())).toBe('');
    }),
  );

  /** Waits until every member is Ready and follows. */
  function following({ kubectl, database, members }: Subject): Promise<true> {
    return until(`${kubectl.namespace}: ${members} members that follow`, LIMIT.born, async () => {
      const pods = await database.pods();
      const text = await database.patroni(pods[0].name, 'GET', 'cluster');
      const seen: Member[] = JSON.parse(text).members;
      const leads = seen.filter(({ role }) => role === 'standby_leader').length === 1;
      const follow = seen.every(({ state }) => state === 'streaming' || state === 'in archive recovery');
      if (!leads || !follow || seen.length !== members || !pods.every(({ ready }) => ready)) throw new Error(text);
      return true as const;
    });
  }

  async function suspended({ kubectl }: Subject): Promise<boolean[]> {
    const { items } = await kubectl.get('cronjobs');
    return [...new Set<boolean>(items.map((job: Json) => job.spec.suspend))];
  }

  async function reachable(): Promise<boolean> {
    const { kubectl } = standbys.host;
    const host = `${NAME}.${source.kubectl.namespace}.svc`;
    return (await kubectl.attempt(['exec', `${NAME}-0`, '-c', 'patroni', '--', 'pg_isready', '-t', '2', '-h', host])).code === 0;
  }
});

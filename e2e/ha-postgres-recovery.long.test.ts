import { type HaPostgresProps, RecoveryTarget } from '../lib';
import {
  archived,
  backupLabels,
  backupProps,
  backupSecrets,
  ENCRYPTION,
  newFolder,
  repositoryFiles,
  runJob,
  store,
} from './support/backups';
import { cutOff, keptFolders } from './support/cut-off';
import { KEEP, TOOLS } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace } from './support/kubectl';
import { locked } from './support/lock';
import { NAME, Subject } from './support/subject';
import { monotonic, sleep, until } from './support/wait';

/** New clusters from the repository of another, as it was at each kind of target. */
const withStore = TOOLS ? describe : describe.skip;

/** Rows of each batch; there is one for each target, in this order. */
const BATCH = 100;
const BATCHES = ['immediate', 'time', 'lsn', 'xid', 'name', 'latest'] as const;
type Batch = (typeof BATCHES)[number];

/** What is cut off where in a restore: pg_control comes last. Nothing is kept of either, since the repository has it. */
const CUTS = [
  {
    label: 'cut-off-in-copy',
    when: '[ -e "$PGDATA/backup.manifest" ] && [ ! -e "$PGDATA/global/pg_control" ]',
    halts: 'pgbackrest',
  },
  { label: 'cut-off-in-recovery', when: '[ -e "$PGDATA/global/pg_control" ]', halts: 'postgres' },
];

/** Seconds until all are healthy: on a machine that others use, pgBackRest waits for the store with every small file. */
const LIMIT = 600;
const TIMEOUT = 900_000;

withStore('a new cluster is born from the repository of another, which is only read:', () => {
  let source: Subject;
  let path: string;
  let set: string;
  let files: Map<string, string>;
  let generation = 0;
  const targets = {} as Record<Batch, RecoveryTarget>;
  const born = {} as Record<Batch, Subject>;
  const others: Subject[] = [];

  const ask = async ({ database }: Subject, query: string, name = NAME) =>
    (await database.sql((await database.view()).leader, name, query)).trim();
  const sql = (query: string, database?: string) => ask(source, query, database);
  const insert = (batch: string) => `INSERT INTO kept SELECT '${batch}' FROM generate_series(1, ${BATCH})`;
  /** Lines `batch|rows` of what is there. */
  const rows = async (cluster: Subject) =>
    (await ask(cluster, 'SELECT batch, count(*) FROM kept GROUP BY batch ORDER BY batch')).split('\n').sort();
  const batchesUntil = (last: Batch) => BATCHES.slice(0, BATCHES.indexOf(last) + 1).map((batch) => `${batch}|${BATCH}`);

  beforeAll(async () => {
    source = await Subject.create({ label: 'recovery' });
    path = newFolder(source.kubectl);
    await backupSecrets(source.kubectl);
    await locked('shared', async () => {
      await source.apply({ ...backupProps(path), members: 1 });
      await source.healthy(120);
      await until(`database ${NAME}`, 60, async () => sql('CREATE TABLE kept (batch text)'));
    });
  });

  afterAll(async () => {
    if (KEEP) return;
    for (const { kubectl } of [source, ...Object.values(born), ...others]) await deleteNamespace(kubectl);
  });

  test('given: a full backup, rows for each target after it, then a backup that no target may start from but the last', () =>
    locked('shared', async () => {
      await sql(insert('immediate'));
      await archived(source);
      expect(await runJob(source, `${NAME}-backup-full`, 120)).toMatchObject({ succeeded: true });
      [set] = await backupLabels(source);
      targets.immediate = RecoveryTarget.immediate();
      await sql(insert('time'));
      targets.time = RecoveryTarget.time(await sql('SELECT clock_timestamp()'));
      await sleep(1.5);
      await sql(insert('lsn'));
      targets.lsn = RecoveryTarget.lsn(await sql('SELECT pg_current_wal_insert_lsn()'));
      const answer = await sql(`BEGIN; ${insert('xid')}; SELECT pg_current_xact_id(); COMMIT`);
      targets.xid = RecoveryTarget.xid(/^\d+$/m.exec(answer)?.[0] ?? answer);
      await sql(insert('name'));
      await sql("SELECT pg_create_restore_point('before the migration')");
      targets.name = RecoveryTarget.restorePoint('before the migration');
      expect(await runJob(source, `${NAME}-backup-incr`, 120)).toMatchObject({ succeeded: true });
      expect(await backupLabels(source)).toHaveLength(2);
      await sql(insert('latest'));
      targets.latest = RecoveryTarget.latest();
      await archived(source);
      files = await repositoryFiles(source);
    }));

  test(
    'when: a cluster is born for each target, all at once',
    () =>
      locked('shared', async () => {
        await Promise.all(
          BATCHES.map(async (batch) => {
            const members = batch === 'time' ? 3 : 1;
            const cluster = await Subject.create({ label: `recovery-${batch}`, props: recovered(batch, members) });
            born[batch] = cluster;
            await backupSecrets(cluster.kubectl);
            const begin = monotonic();
            await cluster.apply();
            await cluster.healthy(LIMIT);
            figure(`recovery: ${batch}, members: ${members}, six clusters at once`, monotonic() - begin, 's');
          }),
        );
      }),
    TIMEOUT,
  );

  test.each(BATCHES)(
    'up to %s it has exactly the rows until then, and backups of its own; recovery may stay in Git',
    (batch) =>
      locked('shared', async () => {
        expect(await rows(born[batch])).toEqual(batchesUntil(batch).sort());
        await archived(born[batch]);
        expect(await runJob(born[batch], `${NAME}-backup-full`, 240)).toMatchObject({ succeeded: true });
        expect(await backupLabels(born[batch])).toHaveLength(1);
        await staysAsItIs(born[batch]);
      }),
    TIMEOUT,
  );

  test('nothing in the repository of the source has changed', isOnlyRead);

  test(
    'a restore that is cut off, while files are copied and while PostgreSQL recovers, begins anew by itself',
    () =>
      locked('shared', async () => {
        await Promise.all(
          CUTS.map(async ({ label, ...moment }) => {
            const cluster = await Subject.create({ label, props: recovered('time', 1) });
            others.push(cluster);
            await backupSecrets(cluster.kubectl);
            figure(`recovery: ${label}, healthy after`, await cutOff(cluster, moment, LIMIT), 's');
            expect(await rows(cluster)).toEqual(batchesUntil('time').sort());
            expect(await keptFolders(cluster)).toEqual([]);
          }),
        );
        await isOnlyRead();
      }),
    TIMEOUT,
  );

  /** For all but the end, the newest backup is too new: for a time or an LSN pgBackRest finds the one before by itself. */
  function recovered(batch: Batch, members: number): Partial<HaPostgresProps> {
    const chosen = batch === 'immediate' || batch === 'xid' || batch === 'name' ? { set } : {};
    return {
      ...backupProps(`${path}-${batch}/${++generation}`),
      members,
      recovery: { source: store(path), encryptionKey: ENCRYPTION, target: targets[batch], ...chosen },
    };
  }

  /** A second apply, and a start of every pod. */
  async function staysAsItIs(born: Subject): Promise<void> {
    const { kubectl, database, members } = born;
    const system = 'SELECT system_identifier FROM pg_control_system()';
    await ask(born, insert('written since'));
    const before = [await ask(born, system), await rows(born)];
    expect(await kubectl.diff(born.objects())).toBe('');
    await born.apply();
    const pods = (await database.pods()).map(({ name }) => name);
    await kubectl.run(['delete', 'pod', ...pods], undefined, 120);
    await until('every pod again', 60, async () => (await database.pods()).length === members || undefined);
    await born.healthy(LIMIT);
    expect([await ask(born, system), await rows(born)]).toEqual(before);
    for (const pod of pods) expect(await kubectl.run(['logs', pod, '-c', 'patroni'])).not.toMatch(/restore command begin|begins anew/);
  }

  /** Nothing is changed, and nothing is new but what the source itself archived: segments of its first timeline. */
  async function isOnlyRead(): Promise<void> {
    const after = await repositoryFiles(source);
    expect([...files].filter(([file, written]) => after.get(file) !== written)).toEqual([]);
    const segment = new RegExp(`^archive/${NAME}/17-1/0{7}1[0-9A-F]{8}(/|$)`);
    expect([...after.keys()].filter((file) => !files.has(file) && !segment.test(file))).toEqual([]);
  }
});

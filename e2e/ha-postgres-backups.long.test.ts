import { Size } from 'cdk8s';
import {
  archived,
  backupLabels,
  backupProps,
  backupSecrets,
  copiedFrom,
  type JobEnd,
  jobEnd,
  newFolder,
  runJob,
  startJob,
  storeSecret,
} from './support/backups';
import { Authority } from './support/certificates';
import { KEEP, TOOLS } from './support/environment';
import { GRACEFUL, POSTGRES_KILL } from './support/faults';
import { figure } from './support/figures';
import { deleteNamespace, type Json } from './support/kubectl';
import { locked } from './support/lock';
import { NAME, Subject } from './support/subject';
import { monotonic, sleep, until } from './support/wait';

/** Backups by the real pgBackRest into the test cluster's S3 store. */
const withStore = TOOLS ? describe : describe.skip;

withStore('backups', () => {
  let cluster: Subject;
  let path: string;
  const sql = async (query: string, database = NAME) =>
    (await cluster.database.sql((await cluster.database.view()).leader, database, query)).trim();

  beforeAll(async () => {
    cluster = await Subject.create({ label: 'backups' });
    path = newFolder(cluster.kubectl);
    await backupSecrets(cluster.kubectl);
  });

  afterAll(async () => {
    if (!KEEP) await deleteNamespace(cluster.kubectl);
  });

  test('the repository knows the cluster, and archiving works, without a step by hand', () =>
    locked('shared', async () => {
      await cluster.apply(backupProps(path));
      await cluster.healthy(120);
      const begin = monotonic();
      await until(
        'the stanza',
        60,
        async () =>
          (await sql('SELECT pg_switch_wal() IS NULL; SELECT archived_count > 0 FROM pg_stat_archiver', 'postgres')).endsWith('t') ||
          undefined,
      );
      figure('backups: first archived segment after healthy', monotonic() - begin, 's');
      await sql('CREATE TABLE kept AS SELECT g AS id, md5(g::text) AS text, now() AS at FROM generate_series(1, 1000) g');
      expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
    }));

  test('a Job that succeeds has made a backup: full, then incremental; both are verified, and a drill restores them', () =>
    locked('shared', async () => {
      for (const [job, seconds] of [
        ['backup-full', 90],
        ['backup-incr', 60],
      ] as const) {
        const before = await backupLabels(cluster);
        const begin = monotonic();
        const { succeeded, log } = await runJob(cluster, `${NAME}-${job}`, seconds);
        figure(`backups: ${job}`, monotonic() - begin, 's');
        expect({ succeeded, log }).toMatchObject({ succeeded: true });
        expect(await backupLabels(cluster)).toHaveLength(before.length + 1);
        expect(log).toContain('replay on the standby reached'); // preferStandby took one
      }
      for (const job of ['verify', 'drill']) {
        const begin = monotonic();
        const { succeeded, log } = await runJob(cluster, `${NAME}-${job}`, 120);
        figure(`backups: ${job}`, monotonic() - begin, 's');
        expect({ succeeded, log }).toMatchObject({ succeeded: true });
        if (job === 'drill') expect(log).toMatch(/the query answered: 1000/);
      }
    }));

  test('a Job that cannot make a backup fails, and says so: wrong keys of the store; with the right ones it succeeds, and no pod restarts', () =>
    locked('shared', async () => {
      const uids = async () => (await cluster.database.pods()).map(({ uid }) => uid).sort();
      const [before, pods] = [await backupLabels(cluster), await uids()];
      await cluster.kubectl.apply([storeSecret('wrong')]);
      expect(await runJob(cluster, `${NAME}-backup-incr`, 60)).toMatchObject({ succeeded: false });
      await cluster.kubectl.apply([storeSecret()]);
      await archived(cluster); // a backup waits for its WAL, and members see a changed Secret a minute later than new pods do
      expect(await runJob(cluster, `${NAME}-backup-incr`, 60)).toMatchObject({ succeeded: true });
      expect(await backupLabels(cluster)).toHaveLength(before.length + 1);
      expect(await uids()).toEqual(pods);
    }));

  test(
    'a certificate of the backups with the key of another is said, and takes no member out of service; with the right one backups go on',
    () =>
      locked('shared', async () => {
        const { kubectl, database } = cluster;
        const name = `${NAME}-pgbackrest-tls`;
        const { data } = await kubectl.get('secret', name);
        const other = await Authority.create('other');
        const { data: wrong } = await other.secret(name, [name]);
        other.remove();
        const put = (key: string) => kubectl.run(['patch', 'secret', name, '--patch', JSON.stringify({ data: { 'tls.key': key } })]);
        const logs = (pod: string) => kubectl.run(['logs', pod, '-c', 'pgbackrest', '--tail=20']);
        await put(wrong['tls.key']);
        for (const { name: pod } of await database.pods()) {
          const said = async () => (await logs(pod)).includes('tls.key is not the key of tls.crt') || undefined;
          await until(`${pod} to see the wrong key`, 180, said, 2); // the kubelet looks once a minute or so
        }
        const { name: first } = await database.leader();
        await kubectl.exec(first, 'pgbackrest', ['pkill', '-x', 'pgbackrest']); // nothing starts it until the certificate is right
        await sleep(15);
        for (const { name: pod } of await database.pods()) {
          const { conditions, containerStatuses } = (await kubectl.get('pod', pod)).status;
          expect(conditions.find((c: Json) => c.type === 'Ready').status).toBe('True');
          expect(containerStatuses.map((c: Json) => c.restartCount)).toEqual(containerStatuses.map(() => 0));
        }
        await put(data['tls.key']);
        await until(
          'the server to listen again',
          180,
          async () => (await kubectl.attempt(['exec', first, '-c', 'pgbackrest', '--', 'pgrep', '-x', 'pgbackrest'])).stdout || undefined,
          2,
        );
        expect(await runJob(cluster, `${NAME}-backup-incr`, 120)).toMatchObject({ succeeded: true });
      }),
    900_000,
  );

  /** A full backup to which something happens in the middle; whether its Job succeeded, and whether there is a new backup. */
  async function disturbed(disturb: (job: string) => Promise<unknown>): Promise<{ end: JobEnd; isNew: boolean }> {
    const { kubectl } = cluster;
    const before = await backupLabels(cluster);
    const job = await startJob(kubectl, `${NAME}-backup-full`);
    const copies = async () => (await kubectl.run(['logs', `job/${job}`])).includes('replay on the standby reached') || undefined;
    await until('the backup to copy', 60, copies, 0.2);
    await disturb(job);
    expect(await kubectl.run(['logs', `job/${job}`])).not.toContain('completed successfully'); // else it was not the middle
    const end = await jobEnd(kubectl, job, 240);
    await cluster.healthy(180);
    return { end, isNew: (await backupLabels(cluster)).some((label) => !before.includes(label)) };
  }

  const DISTURBANCES: Record<string, (job: string) => Promise<unknown>> = {
    'the leader hands over': async () => GRACEFUL.inject(cluster.database, await until('the leader', 60, () => cluster.database.leader())),
    'the pod of the member that is copied is gone without a word': async (job) =>
      cluster.kubectl.run(['delete', 'pod', (await copiedFrom(cluster, job)).name, '--grace-period=0', '--force', '--wait=false']),
    'PostgreSQL of the member that is copied is killed': async (job) =>
      POSTGRES_KILL.inject(cluster.database, await copiedFrom(cluster, job)),
  };

  test.each(Object.entries(DISTURBANCES))(
    'in mid-backup %s: the Job succeeds exactly when there is a new backup, and the next does',
    (what, disturb) =>
      locked('shared', async () => {
        await ballast();
        const { end, isNew } = await disturbed(disturb);
        figure(`backups: in mid-backup ${what}, succeeded`, Number(end.succeeded), '');
        expect({ ...end, isNew }).toMatchObject({ succeeded: isNew });
        expect(await runJob(cluster, `${NAME}-backup-full`, 240)).toMatchObject({ succeeded: true });
      }),
    600_000,
  );

  test('a full and an incremental backup at once: as many succeed as there are new backups, and the next does', () =>
    locked('shared', async () => {
      const before = await backupLabels(cluster);
      const pair = await Promise.all(['full', 'incr'].map((type) => startJob(cluster.kubectl, `${NAME}-backup-${type}`)));
      const ends = await Promise.all(pair.map((name) => jobEnd(cluster.kubectl, name, 180)));
      const succeeded = ends.filter((end) => end.succeeded).length;
      figure('backups: succeeded of two at once', succeeded, '');
      // Two full ones are kept: what expired with an older one is no longer listed.
      const news = (await backupLabels(cluster)).filter((label) => !before.includes(label)).length;
      expect({ news, log: ends.map((end) => end.log) }).toMatchObject({ news: succeeded });
      expect(await runJob(cluster, `${NAME}-backup-full`, 180)).toMatchObject({ succeeded: true }); // of the two each may hold a lock that the other needs
      await sql('DROP TABLE ballast');
    }));

  /** Random text does not compress: some seconds of copying. */
  async function ballast(): Promise<void> {
    const text = "SELECT string_agg(md5(random()::text), '') AS text FROM generate_series(1, 3000000) g GROUP BY g % 100000";
    const make = ['psql', '-d', NAME, '-c', `CREATE TABLE IF NOT EXISTS ballast AS ${text}`];
    await cluster.kubectl.exec((await cluster.database.view()).leader, 'patroni', make, 240);
  }

  test('a member that lost its volume is made from the repository', () =>
    locked('shared', async () => {
      const { kubectl, database } = cluster;
      const { leader } = await database.view();
      const lost = (await database.pods()).find((pod) => pod.name !== leader)?.name ?? '';
      await kubectl.run(['delete', 'pvc', `data-${lost}`, '--wait=false']);
      await kubectl.run(['delete', 'pod', lost]);
      await cluster.healthy(120);
      expect(await kubectl.run(['logs', lost, '-c', 'patroni'])).toContain('replica has been created using repository');
    }));

  test('the store is out of reach until the WAL volume is four fifths full: writes go on, and it heals when the store is back', () =>
    locked('shared', async () => {
      // GIVEN a log of 512 MiB, the size that the class enforces
      const full = await Subject.create({ label: 'pressure' });
      const { kubectl, database } = full;
      try {
        await backupSecrets(kubectl);
        const backups = backupProps(`${path}-pressure`);
        // That class is memory, which counts as the pod's that writes to it.
        const resources = { memory: { request: Size.mebibytes(512), limit: Size.mebibytes(1536) } };
        await full.apply({ ...backups, resources, walStorage: { size: Size.mebibytes(512), storageClassName: 'small' } });
        await full.healthy(120);
        const { leader } = await database.view();
        const ask = async (query: string) => (await database.sql(leader, 'postgres', query)).trim();
        const used = async () =>
          Number(/(\d+)%/.exec(await kubectl.exec(leader, 'patroni', ['df', '--output=pcent', '/home/postgres/wal']))?.[1]);
        await until(
          'the stanza',
          60,
          async () =>
            (await ask('SELECT pg_switch_wal() IS NULL; SELECT archived_count > 0 FROM pg_stat_archiver')).endsWith('t') || undefined,
        );
        // WHEN
        await full.apply({ networkPolicy: { storePorts: [1] } });
        await sleep(5);
        await ask('CREATE TABLE ballast (text text)');
        const write = () =>
          ask(
            "INSERT INTO ballast SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 300000) g GROUP BY g % 3000; SELECT 1",
          );
        const archived = await ask('SELECT archived_count FROM pg_stat_archiver');
        for (let i = 0; i < 60 && (await used()) < 80; i++) await write();
        figure('pressure: WAL volume with the store out of reach', await used(), '%');
        expect(await used()).toBeGreaterThanOrEqual(80);
        expect(Number(await ask('SELECT archived_count FROM pg_stat_archiver')) - Number(archived)).toBeLessThan(3); // it was out of reach
        await write();
        // THEN
        await full.apply({ networkPolicy: { storePorts: [443, 8443] } });
        const begin = monotonic();
        await until('the archive to catch up', 120, async () => {
          await ask('CHECKPOINT');
          return (await used()) < 75 || undefined;
        });
        figure('pressure: healed after', monotonic() - begin, 's');
        await write();
        await full.healthy(60);
        expect(await ask('SELECT count(*) > 3000 FROM ballast')).toBe('t');
      } finally {
        if (!KEEP) await deleteNamespace(kubectl);
      }
    }));
});

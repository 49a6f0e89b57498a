import { Size } from 'cdk8s';
import { METRICS } from '../test/ha-postgres/monitoring/metrics';
import { Client } from './support/client';
import { IMAGE_OLD, imageOf, KEEP } from './support/environment';
import { buildExporterImage, EXPORTER_IMAGE, HAS_EXPORTER, seriesIn } from './support/exporter';
import { figure } from './support/figures';
import { deleteNamespace, type Json, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { Subject, type SubjectOptions } from './support/subject';
import { monotonic, until } from './support/wait';

const SCRAPER = { 'e2e-client': 'scraper' };
const monitoring = { scrapedBy: { podLabels: SCRAPER }, exporter: { image: imageOf(EXPORTER_IMAGE) }, dashboard: {} };

/** Today's versions with all three members, and the oldest. */
const CLUSTERS: readonly SubjectOptions[] = [
  { label: 'monitoring', props: { durability: 'quorum', walStorage: { size: Size.gibibytes(1) }, monitoring } },
  {
    label: 'monitoring-old',
    image: IMAGE_OLD,
    props: { postgresVersion: 15, patroniVersion: '3.0', dcs: 'configMaps', members: 2, durability: 'sync', monitoring },
  },
];

if (!HAS_EXPORTER) process.stdout.write('No CLUSTER_TOOLS and no E2E_EXPORTER_IMAGE: monitoring is left out.\n');
const suite = HAS_EXPORTER ? describe : describe.skip;

suite('monitoring', () => {
  let clusters: Subject[] = [];
  const scrapers = new Map<Subject, Client>();
  const first = () => clusters[0];
  const each = <T>(work: (cluster: Subject) => Promise<T>): Promise<T[]> => Promise.all(clusters.map(work));
  const scrape = async (cluster: Subject, port: number) => {
    const pods = await cluster.database.pods();
    const texts = await Promise.all(pods.map(({ ip }) => scrapers.get(cluster)?.get(`http://${ip}:${port}/metrics`) ?? ''));
    return texts.map(seriesIn);
  };

  /** Waits until every member gives these metrics. */
  const givesEach = (cluster: Subject, port: number, names: readonly string[]) =>
    until(`${cluster.label}: the metrics of port ${port}`, 30, async () => {
      const members = await scrape(cluster, port);
      const missing = members.map((series) => names.filter((name) => !series.has(name)));
      if (missing.some((list) => list.length > 0)) throw new Error(JSON.stringify(missing));
      const counts = members.map((series) => [...series.values()].reduce((sum, n) => sum + n, 0));
      figure(`${cluster.label} series of port ${port}, most of a member`, Math.max(...counts), 'series');
      return true as const;
    });

  beforeAll(async () => {
    await locked('shared', async () => {
      await requireReadyNodes();
      await buildExporterImage();
      clusters = await Promise.all(CLUSTERS.map((options) => Subject.create(options)));
      await each(async (cluster) => {
        cluster.members = cluster.label === 'monitoring' ? 3 : 2;
        await cluster.kubectl.apply(cluster.objects());
        await cluster.healthy(120);
        scrapers.set(cluster, await Client.start(cluster, 'scraper', SCRAPER));
      });
    });
  });

  afterAll(async () => {
    if (!KEEP) await each((cluster) => deleteNamespace(cluster.kubectl));
  });

  test('the API server accepts PodMonitor, PrometheusRule and dashboard, and a second apply finds nothing to do', () =>
    each(async (cluster) => {
      const kinds = cluster.objects().map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(['PodMonitor', 'PrometheusRule']));
      expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
    }));

  test('every metric of the alerts and the dashboard is given by the members', () =>
    each(async (cluster) => {
      const [{ ip }] = await cluster.database.pods();
      await scrapers.get(cluster)?.connected(ip, 9187);
      const quorum = cluster.durability === 'quorum' ? METRICS.patroniQuorum : [];
      await givesEach(cluster, 8008, [...METRICS.patroni, ...quorum]);
      await givesEach(cluster, 9187, ['pg_up', 'pg_wal_size_bytes', 'pg_settings_max_connections']); // it can log in everywhere
      const [leader] = (await scrape(cluster, 9187)).sort((a, b) => b.size - a.size); // the old Patroni keeps no slots on replicas
      expect(METRICS.exporter.filter((name) => !leader.has(name) && !NEEDS_AN_ARCHIVE.includes(name))).toEqual([]);
    }));

  test('a stranger cannot scrape, and who scrapes cannot reach PostgreSQL', async () => {
    const [{ ip }] = await first().database.pods();
    const scraper = scrapers.get(first());
    const stranger = await Client.start(first(), 'stranger', {});
    expect(await scraper?.connected(ip, 8008)).toBe(true);
    expect(await scraper?.connects(ip, 5432)).toBe(false);
    for (const port of [8008, 9187]) expect(await stranger.connects(ip, port)).toBe(false);
  });

  test('the exporter may read statistics, and is neither the superuser nor sees the passwords', () =>
    each(async ({ database, kubectl }) => {
      const { leader } = await database.view();
      const role = `select rolsuper or rolcreaterole or rolcreatedb or rolreplication, rolpassword is null,
        (select string_agg(roleid::regrole::text, ',') from pg_auth_members where member = a.oid) from pg_authid a where rolname = 'monitor'`;
      expect((await database.sql(leader, 'postgres', role)).trim()).toBe('f|t|pg_monitor');
      const psql = ['psql', '-XAt', '-h', '/var/run/postgresql', '-d', 'postgres', '-c', 'select 1', '-U'];
      const inExporter = (...command: string[]) => kubectl.attempt(['exec', leader, '-c', 'exporter', '--', ...command]);
      expect((await inExporter(...psql, 'monitor')).stdout.trim()).toBe('1');
      expect((await inExporter(...psql, 'postgres')).stderr).toContain('Peer authentication failed');
      expect((await inExporter('ls', '/var/run/postgresql/patroni')).stderr).toContain('Permission denied');
      expect((await inExporter('touch', '/var/run/postgresql/x')).stderr).toContain('Read-only file system');
    }));

  test('an exporter that dies comes back, and the member is in service all the while', async () => {
    const { kubectl, database } = first();
    const { name } = await database.leader();
    const status = async () => (await kubectl.get('pod', name)).status;
    const begin = monotonic();
    await kubectl.exec(name, 'exporter', ['pkill', 'postgres_expo']);
    for (let back = false; !back; ) {
      const now: Json = await status();
      expect(now.conditions.find((c: Json) => c.type === 'Ready').status).toBe('True');
      expect(now.containerStatuses.map((c: Json) => c.restartCount)).toEqual([0, 0, 0]);
      back = (await scrape(first(), 9187).catch(() => [])).length > 0;
      expect(monotonic() - begin).toBeLessThan(30);
    }
    figure('monitoring exporter back', monotonic() - begin, 's');
  });

  test('the exporter keeps to its resources', async () => {
    const { kubectl, database } = first();
    const { name, ip } = await database.leader();
    const script = "p=$(pgrep postgres_expo); awk '/VmHWM/ { print $2 }' /proc/$p/status; awk '{ print $14 + $15 }' /proc/$p/stat";
    const before = (await kubectl.exec(name, 'exporter', ['sh', '-c', script])).trim().split('\n').map(Number);
    await scrapers.get(first())?.get(`http://${ip}:9187/metrics?[1-10]`); // curl asks ten times
    const after = (await kubectl.exec(name, 'exporter', ['sh', '-c', script])).trim().split('\n').map(Number);
    figure('monitoring exporter most memory', after[0] / 1024, 'MiB');
    figure('monitoring exporter processor time of a scrape', ((after[1] - before[1]) * 10) / 10, 'ms');
    expect(after[0] / 1024).toBeLessThan(56);
  });
});

/** Until a segment has been archived there is no age of the last one. */
const NEEDS_AN_ARCHIVE = ['pg_stat_archiver_last_archive_age'];

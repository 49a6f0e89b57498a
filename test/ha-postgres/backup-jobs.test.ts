import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { BackupOptions, HaPostgresProps } from '../../lib';
import { INVARIANTS } from '../invariants';
import { chartWith, type Json, namesOf, objectOf, objectsOf, planOf } from '../support';
import { withBackups } from './backup-support';

const DRILL = { drill: { storage: { size: Size.gibibytes(50) } } };
const JOBS = ['backup-full', 'backup-incr', 'verify', 'drill'];

const cronJob = (name: string, changes: Partial<BackupOptions> = {}, props: Partial<HaPostgresProps> = {}): Json =>
  objectOf(chartWith(withBackups(changes, props)), 'CronJob', `orders-${name}`).spec;

describe('CronJobs', () => {
  test('are a full and an incremental backup and a verification; a drill where one is described', () => {
    const kinds = (changes: Partial<BackupOptions>) =>
      namesOf(chartWith(withBackups(changes))).filter((name) => name.startsWith('CronJob'));
    expect(kinds({})).toEqual(['CronJob/orders-backup-full', 'CronJob/orders-backup-incr', 'CronJob/orders-verify']);
    expect(kinds(DRILL)).toContain('CronJob/orders-drill');
    expect(kinds({ schedules: { full: false, incremental: false, verify: false } })).toEqual([]);
    expect(kinds({ ...DRILL, schedules: { drill: false, incremental: false } })).toEqual([
      'CronJob/orders-backup-full',
      'CronJob/orders-verify',
    ]);
  });

  test.each([
    ['backup-full', '12 2 * * 0', ['backup.sh', 'full']],
    ['backup-incr', '12 2 * * 1-6', ['backup.sh', 'incr']],
    ['verify', '42 4 * * 6', ['verify.sh']],
    ['drill', '42 5 1 * *', ['drill.sh']],
  ])('%s runs at %s', (name, schedule, [script, ...args]) => {
    const spec = cronJob(name, DRILL);
    expect(spec).toMatchObject({
      schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    expect(spec.jobTemplate.spec).toMatchObject({ backoffLimit: 2, activeDeadlineSeconds: 86400 });
    expect(spec.jobTemplate.spec.template.spec.containers[0].command).toEqual(['bash', `/scripts/${script}`, ...args]);
  });

  test.each(JOBS)('%s: schedule, time zone, deadline and resources are those of the props', (name) => {
    const schedules = { full: '1 1 * * 0', incremental: '2 1 * * 1', verify: '3 1 * * 2', drill: '4 1 * * 3', timeZone: 'Europe/Berlin' };
    const resources = { cpu: { request: kplus.Cpu.millis(10) }, memory: { limit: Size.mebibytes(64) } };
    const spec = cronJob(name, { schedules, deadline: Duration.hours(2), resources, drill: { ...DRILL.drill, resources } });
    expect(spec).toMatchObject({ schedule: Object.values(schedules)[JOBS.indexOf(name)], timeZone: 'Europe/Berlin' });
    expect(spec.jobTemplate.spec.activeDeadlineSeconds).toBe(7200);
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect(container.resources).toEqual({ requests: { cpu: '10m', memory: '64Mi' }, limits: { memory: '64Mi' } });
  });

  test.each<[string, Partial<BackupOptions>, Partial<HaPostgresProps>]>([
    ['asked to', { suspended: true }, {}],
    ['no member runs', {}, { hibernated: true }],
    ['another cluster leads', {}, { standbyOf: { host: 'shop.example' } }],
  ])('none runs where %s', (_, changes, props) => {
    for (const name of JOBS) expect(cronJob(name, { ...DRILL, ...changes }, props).suspend).toBe(true);
  });

  test.each(JOBS)('%s: restricted Pod Security, no token of the API, no other attempt in the same pod', (name) => {
    const { spec } = cronJob(name, DRILL).jobTemplate.spec.template;
    expect(spec).toMatchObject({
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      serviceAccountName: 'orders',
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const c of spec.containers) {
      expect(c.securityContext).toEqual({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true });
    }
    expect(cronJob(name, DRILL, { openShift: true }).jobTemplate.spec.template.spec.securityContext).not.toHaveProperty('runAsUser');
  });

  test('6.6/23: none is found by Patroni, whatever its labels are', () => {
    for (const labels of [undefined, { application: 'spilo', team: 'a' }]) {
      const objects = objectsOf(chartWith(withBackups(DRILL, { patroni: { ...(labels && { labels }) }, pod: { labels: { team: 'a' } } })));
      expect(INVARIANTS["nothing but the members carries Patroni's labels"]?.(objects)).toEqual([]);
      for (const o of objects.filter((x) => x.kind === 'CronJob')) {
        const { labels: own } = o.spec.jobTemplate.spec.template.metadata;
        expect(own['app.kubernetes.io/component']).toBe('backup'); // nor by the selector of the members' Services and budgets
      }
    }
  });

  test('6.6/1: the longest name leaves room for the longest ending', () => {
    const name = 'o'.repeat(40);
    const names = objectsOf(chartWith(withBackups(DRILL, { name })))
      .filter((o) => o.kind === 'CronJob')
      .map((o) => o.metadata.name);
    expect(names).toHaveLength(4);
    expect(Math.max(...names.map((n) => n.length))).toBe(52); // what Kubernetes allows
  });

  test('a schedule, a policy or a budget that is taken out of Git goes; nothing else of the instance may be pruned', () => {
    for (const o of objectsOf(chartWith(withBackups(DRILL)))) {
      const goes = ['CronJob', 'NetworkPolicy', 'PodDisruptionBudget'].includes(o.kind);
      expect([o.kind, 'kustomize.toolkit.fluxcd.io/prune' in (o.metadata.annotations ?? {})]).toEqual([o.kind, !goes]);
    }
  });

  test('a drill has a volume of its own, which goes with its pod', () => {
    const storage = { size: Size.gibibytes(50), storageClassName: 'fast' };
    const { volumes, containers } = cronJob('drill', { drill: { storage, query: 'SELECT 1 FROM orders', database: 'shop' } }).jobTemplate
      .spec.template.spec;
    expect(volumes.find((v: Json) => v.name === 'scratch').ephemeral.volumeClaimTemplate.spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '50Gi' } },
    });
    const env = Object.fromEntries(containers[0].env.map((e: Json) => [e.name, e.value]));
    expect(env).toMatchObject({
      PGBIN: '/usr/lib/postgresql/17/bin',
      DRILL_DATABASE: 'shop',
      DRILL_QUERY: 'SELECT 1 FROM orders',
      SUPERUSER: 'postgres',
    });
  });

  test('they run where the members may, from where their image comes', () => {
    const placement = { nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'database' }], priorityClassName: 'low' };
    const { spec } = cronJob('verify', {}, { pod: { imagePullSecrets: ['registry'] }, placement }).jobTemplate.spec.template;
    expect(spec).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'database', operator: 'Exists' }],
      priorityClassName: 'low',
    });
    expect(spec).not.toHaveProperty('affinity'); // a Job takes no member's place
    expect(spec.containers[0].image).toBe(planOf().image.toString());
  });
});

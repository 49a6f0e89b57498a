// One database with every part on, in a warm process: milliseconds to build and synthesize it, each time in an app of its own. Prints JSON.
const { mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { ApiObject, App, Chart, Size, Yaml } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
const { BackupTarget, CertificateSource, HaPostgres, SecretKey } = require('cdk8s-stateful');
const { database } = require('./database.cjs');

const RUNS = 41;
const outdir = process.env.CDK8S_OUTDIR ?? mkdtempSync(join(tmpdir(), 'bench-')); // never the dist/ that is reviewed
process.removeAllListeners('warning').on('warning', () => {});

const key = (name) => SecretKey.of('orders-backup', name);
const password = (name) => ({ password: SecretKey.of('orders-postgres', name) });
const certificate = CertificateSource.certManager({ issuer: 'internal' });

function full(chart) {
  return new HaPostgres(chart, 'orders', {
    credentials: { superuser: password('superuser'), replication: password('replication'), rewind: password('rewind') },
    roles: [{ name: 'orders', ...password('orders') }, { name: 'readers' }],
    databases: [{ name: 'orders', owner: 'orders' }],
    storage: { size: Size.gibibytes(20) },
    walStorage: { size: Size.gibibytes(5) },
    resources: { cpu: { request: kplus.Cpu.millis(500) }, memory: { limit: Size.gibibytes(2) } },
    durability: 'sync',
    postgresql: {
      parameters: { log_min_duration_statement: '1s' },
      pgHba: ['hostssl orders readers 10.0.0.0/8 scram-sha-256'],
      tablespaces: [{ name: 'archive', storage: { size: Size.gibibytes(50) } }],
      extensions: [{ databases: ['orders'], name: 'pg_stat_statements' }],
    },
    patroni: { restApi: password('restapi') },
    tls: { certificate },
    backups: {
      repository: BackupTarget.s3({
        path: '/orders/1',
        bucket: 'backups',
        region: 'eu-central-1',
        credentials: { accessKey: key('access-key'), secretKey: key('secret-key') },
      }),
      certificate,
      retention: { full: 2 },
      encryptionKey: key('passphrase'),
      drill: { storage: { size: Size.gibibytes(50) } },
    },
    pooler: { login: password('pooler') },
    monitoring: { scrapedBy: { namespace: 'monitoring' } },
  });
}

const objectsOf = (fill) => {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  fill(chart);
  return chart.toJson();
};
const objects = objectsOf(full);

/** What timescaledb-single 0.33.2 has with all of its parts on. */
const alike = {
  backups: {
    repository: BackupTarget.s3({ path: '/orders/1', bucket: 'backups', region: 'eu-central-1', credentials: 'auto' }),
    certificate: CertificateSource.secret('orders-pgbackrest'),
    retention: { full: 2 },
    schedules: { verify: false },
  },
  pooler: { login: password('pooler') },
  monitoring: { scrapedBy: { namespace: 'monitoring' }, rules: false },
};

/** How much there is to review, with and without the scripts. */
function sizeOf(all) {
  const bytes = (some) => some.reduce((sum, object) => sum + Yaml.stringify(object).length, 0);
  const isScripts = ({ kind, data = {} }) => kind === 'ConfigMap' && Object.keys(data).some((name) => name.endsWith('.sh'));
  return { objects: all.length, bytes: bytes(all), withoutScripts: bytes(all.filter((object) => !isScripts(object))) };
}

/** The same objects as plain data: what cdk8s itself takes. */
function plain(chart) {
  for (const [i, object] of objects.entries()) new ApiObject(chart, `object-${i}`, structuredClone(object));
}

function run(fill) {
  const start = performance.now();
  const app = new App({ outdir });
  fill(new Chart(app, 'shop', { namespace: 'shop' }));
  app.synth();
  return performance.now() - start;
}

const times = { full: [], plain: [] };
for (let i = 0; i < 2 * RUNS; i++) {
  for (const [name, fill] of Object.entries({ full, plain })) {
    const time = run(fill);
    if (i >= RUNS) times[name].push(time); // the first half warms up
  }
}
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(RUNS / 2)];
console.log(
  JSON.stringify({
    full: median(times.full),
    plain: median(times.plain),
    objects: objects.length,
    sizes: {
      'as in the README': sizeOf(objectsOf(database)),
      'with what the chart has': sizeOf(objectsOf((chart) => database(chart, alike))),
      'with every part': sizeOf(objects),
    },
  }),
);

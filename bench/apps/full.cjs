// One database with every part on, in a warm process: milliseconds to build and synthesize it, each time in an app of its own. Prints JSON.
const { ApiObject, App, Chart, Size } = require('cdk8s');
const kplus = require('cdk8s-plus-27');
const { BackupTarget, CertificateSource, HaPostgres, SecretKey } = require('cdk8s-stateful');

const RUNS = 41;
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

const render = new Chart(new App(), 'shop', { namespace: 'shop' });
full(render);
const objects = render.toJson();

/** The same objects as plain data: what cdk8s itself takes. */
function plain(chart) {
  for (const [i, object] of objects.entries()) new ApiObject(chart, `object-${i}`, structuredClone(object));
}

function run(fill) {
  const start = performance.now();
  const app = new App();
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
console.log(JSON.stringify({ full: median(times.full), plain: median(times.plain), objects: objects.length }));

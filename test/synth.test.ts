import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(__dirname, '..');
const SYNTH = join(REPOSITORY, 'tools', 'synth.mjs');
const REGISTER = join(REPOSITORY, 'e2e', 'register.js'); // the app loads lib/*.ts: compiled files may be stale, or not there

/** An app of one database, as a user's: what varies is a prop, and a line at the end. */
const app = (members: number, last = '') => `
  const { App, Chart, Size, YamlOutputType } = require('${REPOSITORY}/node_modules/cdk8s');
  const { HaPostgres, SecretKey } = require('${REPOSITORY}/lib');
  const app = new App({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
  const login = (key) => ({ password: SecretKey.of('orders-postgres', key) });
  const database = (id, members) => new HaPostgres(new Chart(app, id), 'orders', {
    members,
    credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind') },
    storage: { size: Size.gibibytes(20) },
    resources: { memory: { limit: Size.gibibytes(2) } },
  });
  database('shop', ${members});
  app.synth();
  ${last}`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synth-test-'));
  writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: node --require ${REGISTER} app.js\n`);
  mkdirSync(join(folder, 'dist', 'shop'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'shop', 'Service.removed.k8s.yaml'), 'kind: Service\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

function synth(source: string) {
  writeFileSync(join(folder, 'app.js'), source);
  const env = { ...process.env, CDK8S_RECORD_CONSTRUCT_METADATA: 'true' }; // as the CLI sets it where there are validations
  return spawnSync(process.execPath, [SYNTH], { cwd: folder, env, encoding: 'utf8' });
}

/** Every file below dist/, with its content. */
function dist(): Record<string, string> {
  const root = join(folder, 'dist');
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(files.map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8')]));
}

test('a synth replaces dist/ by one file an object, and shows the warnings', () => {
  const result = synth(app(3));

  expect(result.status).toBe(0);
  expect(readdirSync(join(folder, 'dist'))).toEqual(['shop']);
  expect(dist()['StatefulSet.orders.k8s.yaml']).toContain('kind: StatefulSet');
  expect(dist()).not.toHaveProperty(['Service.removed.k8s.yaml']);
  expect(result.stdout).toContain('  - dist/shop/StatefulSet.orders.k8s.yaml\n');
  expect(result.stderr).toMatch(/\[WalOnDataVolume\] cdk8s-stateful: shop\/orders: walStorage is missing/);
  expect(readdirSync(join(folder, 'build'))).toEqual([]);
});

test('a synth that fails half-way says why in one sentence, and leaves dist/ as it was', () => {
  const before = dist();
  const result = synth(app(3, "setImmediate(() => database('second', 0))")); // later: Node prints warnings once the script has run

  expect(result.status).not.toBe(0);
  expect(dist()).toEqual(before);
  expect(readdirSync(join(folder, 'build'))).toEqual([]);
  const lines = result.stderr.trimEnd().split('\n');
  expect(lines.filter((line) => !line.startsWith('(node:'))).toEqual([
    'ConstructError: second/orders: members is 0, but must be a whole number of at least 1; 3 is usual [MembersNotPositive]',
    'synth failed, dist/ is as it was',
  ]);
  expect(result.stderr).toMatch(/\[WalOnDataVolume\]/);
});

test('where commands mend it, they are printed too', () => {
  const backups = `repository: BackupTarget.volume({ path: '/orders/1', claimName: 'backups' }), retention: { full: 2 }`;
  const source = app(3)
    .replace('HaPostgres, SecretKey', 'BackupTarget, HaPostgres, SecretKey')
    .replace('members,', `members, backups: { ${backups} },`);
  const lines = synth(source).stderr.split('\n');
  const at = lines.findIndex((line) => line.startsWith('ConstructError: shop/orders: backups.certificate is missing'));
  expect(lines[at]).toMatch(/\[CertificateMissing\]$/);
  expect(lines.slice(at + 1, at + 5).map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
    '  openssl ecparam',
    '  openssl req',
    '  kubectl create',
    'synth failed, dist/ is',
  ]);
});

test("an app's own error keeps its stack", () => {
  const before = dist();
  const result = synth("throw new TypeError('mine')");

  expect(result.status).not.toBe(0);
  expect(dist()).toEqual(before);
  expect(result.stderr).toMatch(/TypeError: mine\n {4}at .*app\.js/);
});

test('an app that writes nothing does not empty dist/', () => {
  const before = dist();
  const result = synth(`const { App } = require('${REPOSITORY}/node_modules/cdk8s'); new App().synth();`);

  expect(result.status).toBe(1);
  expect(dist()).toEqual(before);
});

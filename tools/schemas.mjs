// Makes lib/checks/schema/data/ from ../shared/schemas: `npm run schemas`. With `--check` it writes nothing, and fails where the
// committed data are other bytes than these. What the data look like is said in lib/checks/schema/{definitions,crds}.ts.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crdFiles } from './schemas/crds.mjs';
import { kubernetesFile } from './schemas/kubernetes.mjs';
import { sourcesFile } from './schemas/sources.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FROM = join(ROOT, '../shared/schemas');
const TO = join(ROOT, 'lib/checks/schema/data');

if (!existsSync(FROM)) fail('../shared/schemas, which the schema data are made from, is not beside this repository');
const sources = readFileSync(join(FROM, 'SOURCES.md'), 'utf8');
const files = new Map([['kubernetes.json', kubernetesFile(join(FROM, 'kubernetes'))], ...crdFiles(join(FROM, 'crds'), sources)]);
files.set('SOURCES.md', sourcesFile(sources));

if (process.argv.includes('--check')) check();
else write();

function check() {
  const committed = readdirSync(TO, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const extra = committed.map((entry) => join(entry.parentPath, entry.name).slice(TO.length + 1)).filter((name) => !files.has(name));
  const stale = [...files].filter(([name, text]) => !existsSync(join(TO, name)) || readFileSync(join(TO, name), 'utf8') !== text);
  const names = [...extra, ...stale.map(([name]) => name)];
  if (names.length > 0) fail(`stale in lib/checks/schema/data: ${names.join(', ')}; run npm run schemas`);
}

function write() {
  rmSync(TO, { recursive: true, force: true });
  for (const [name, text] of files) {
    mkdirSync(dirname(join(TO, name)), { recursive: true });
    writeFileSync(join(TO, name), text);
  }
  console.log(`${files.size} files, ${[...files.values()].reduce((sum, text) => sum + text.length, 0)} bytes`);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

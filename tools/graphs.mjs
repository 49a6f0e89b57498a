// Draws dist/<name>/ into examples/<name>/README.md, between its two markers. Run after `npm run synth` (npm run graphs).
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const require = createRequire(import.meta.url);
const { manifestsOf } = require('../build/lib/checks/check.js');
const { graph } = require('../build/lib/checks/graph');
const { settingsOf } = require('../build/lib/checks/settings.js');

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MARKED = /(<!-- graph: start -->\n)[\s\S]*(<!-- graph: end -->)/;

for (const { name } of readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  const readme = join(ROOT, 'examples', name, 'README.md');
  const text = readFileSync(readme, 'utf8');
  if (!MARKED.test(text)) throw new Error(`examples/${name}/README.md has no lines <!-- graph: start --> and <!-- graph: end -->`);
  const picture = graph(manifestsOf(objects(join(ROOT, 'dist', name)), settingsOf({})));
  writeFileSync(
    readme,
    text.replace(MARKED, (_, start, end) => `${start}\`\`\`mermaid\n${picture}\`\`\`\n${end}`),
  );
}

function objects(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS()));
}

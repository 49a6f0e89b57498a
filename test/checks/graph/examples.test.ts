import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { picture } from './support';

const ROOT = join(__dirname, '../../..');
const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((entry) => entry.isDirectory());

function objectsOf(name: string): unknown[] {
  const folder = join(ROOT, 'dist', name);
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
  return files.flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS()));
}

test.each(examples.map(({ name }) => name))('the README of %s has its picture as it is now', (name) => {
  const readme = readFileSync(join(ROOT, 'examples', name, 'README.md'), 'utf8');
  const [, block] = /<!-- graph: start -->\n([\s\S]*)<!-- graph: end -->/.exec(readme) ?? [];
  const fresh = block === `\`\`\`mermaid\n${picture(objectsOf(name))}\`\`\`\n`;
  expect({ fresh, remedy: 'npm run graphs' }).toEqual({ fresh: true, remedy: 'npm run graphs' });
});

// Trees of manifests as large as wanted: the example's objects, renamed for each chart, a folder a chart and a file an object.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const EXAMPLE = join(import.meta.dirname, '../../dist/orders-postgres');

/**
 * @param folder where to; made here
 * @param objects how many
 * @param change of a file's text, e.g. for a second tree
 */
export function writeTree(folder, objects, change = (text) => text) {
  const files = readdirSync(EXAMPLE).sort();
  const texts = files.map((file) => readFileSync(join(EXAMPLE, file), 'utf8'));
  for (let i = 0; i < objects; i++) {
    const chart = String(Math.floor(i / files.length)).padStart(4, '0');
    const rename = (text) => text.replaceAll(/\borders\b/g, `orders${chart}`).replaceAll(/\bshop\b/g, `shop${chart}`);
    const to = join(folder, `chart-${chart}`);
    if (i % files.length === 0) mkdirSync(to, { recursive: true });
    writeFileSync(join(to, rename(files[i % files.length])), change(rename(texts[i % files.length]), i));
  }
}

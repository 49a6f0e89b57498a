// Schemas in the layout that kubeconform wants, a file a kind with all that it refers to, from the same definitions that the
// checks are made from; closed, as its own `-strict` schemas are.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SHARED = join(import.meta.dirname, '../../../shared/schemas/kubernetes');

/** @returns the value of `-schema-location` */
export function writeSchemas(folder, version) {
  const { definitions } = JSON.parse(readFileSync(join(SHARED, `v${version}.json`), 'utf8'));
  mkdirSync(folder, { recursive: true });
  for (const [name, definition] of Object.entries(definitions)) {
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
      const file = `${[kind, group.split('.')[0], version].filter(Boolean).join('-').toLowerCase()}.json`;
      writeFileSync(join(folder, file), JSON.stringify({ $ref: `#/definitions/${name}`, definitions: closure(name, definitions) }));
    }
  }
  return join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json');
}

function closure(name, definitions, found = {}) {
  if (found[name]) return found;
  const { 'x-kubernetes-group-version-kind': _, ...definition } = definitions[name];
  found[name] = closed(definition);
  for (const [, inner] of JSON.stringify(definition).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) closure(inner, definitions, found);
  return found;
}

/** Objects whose fields are known have no others. */
function closed(node) {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  return typeof node.properties === 'object' && !node.additionalProperties && node.type === 'object'
    ? { ...copy, additionalProperties: false }
    : copy;
}

// CustomResourceDefinitions with what a check of their objects needs: the schemas of served versions, equal parts once.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What changes nothing in what is allowed; CEL rules are not evaluated. */
const DROPPED = new Set([
  'example',
  'title',
  'externalDocs',
  'x-kubernetes-validations',
  'x-kubernetes-map-type',
  'x-kubernetes-list-type',
]);

const MAPS = ['properties'];
const LISTS = ['oneOf', 'anyOf', 'allOf'];

/** `crds/<group>_<kind>.json` for each, and `crds/index.json` with what is asked of all of them. */
export function crdFiles(folder, sources) {
  const files = new Map();
  const index = {};
  for (const file of readdirSync(folder).sort()) {
    const { spec } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const served = spec.versions.filter((version) => version.served);
    index[`${spec.group}/${spec.names.kind}`] = {
      file: `crds/${file}`,
      scope: spec.scope,
      versions: served.map(({ name }) => name),
      from: origin(file, sources),
    };
    files.set(`crds/${file}`, shared(Object.fromEntries(served.map(({ name, schema }) => [name, root(schema.openAPIV3Schema)]))));
  }
  const entries = Object.entries(index).map(([kind, entry]) => `${JSON.stringify(kind)}:${JSON.stringify(entry)}`);
  files.set('crds/index.json', `{\n${entries.join(',\n')}\n}\n`);
  return files;
}

/** `cert-manager v1.21.1`, from the table in SOURCES.md. */
function origin(file, sources) {
  const row = sources.split('\n').find((line) => line.startsWith(`| crds/${file} |`));
  const [, , , repository, , commit] = row.split('|').map((cell) => cell.trim());
  return `${repository.split('/')[1]} ${commit.split(' ')[0]}`;
}

/** Without what every object has, and without the status: the API server takes none from a manifest. */
function root(schema) {
  const { apiVersion, kind, metadata, status, ...properties } = schema.properties;
  const required = schema.required?.filter((field) => field in properties);
  return strip({ ...schema, properties, ...(required && { required }) });
}

function strip(schema) {
  const intOrString = schema['x-kubernetes-int-or-string'];
  const kept = Object.entries(schema).filter(([key]) => !DROPPED.has(key) && !(intOrString && LISTS.includes(key)));
  return inside(Object.fromEntries(kept), strip);
}

/** Large schemas hold the same parts again and again: each such part becomes a definition that is referred to. */
function shared(versions) {
  const uses = new Map();
  for (const schema of Object.values(versions)) count(schema, uses);
  const definitions = {};
  const names = new Map();
  const replace = (schema) => {
    const text = JSON.stringify(schema);
    if (uses.get(text) < 2 || text.length < 80) return inside(schema, replace);
    if (!names.has(text)) {
      names.set(text, String(names.size));
      definitions[names.get(text)] = inside(schema, replace);
    }
    return { $ref: names.get(text) };
  };
  return `${JSON.stringify({ versions: Object.fromEntries(Object.entries(versions).map(([name, schema]) => [name, replace(schema)])), definitions })}\n`;
}

function count(schema, uses) {
  const text = JSON.stringify(schema);
  uses.set(text, (uses.get(text) ?? 0) + 1);
  if (uses.get(text) > 1) return;
  inside(schema, (part) => {
    count(part, uses);
    return part;
  });
}

/** A schema with each schema directly in it changed. */
function inside(schema, change) {
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (MAPS.includes(key)) return [key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, change(inner)]))];
      if (LISTS.includes(key)) return [key, value.map(change)];
      return [key, ['items', 'not', 'additionalProperties'].includes(key) && typeof value === 'object' ? change(value) : value];
    }),
  );
}

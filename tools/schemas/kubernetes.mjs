// The definitions of all versions of Kubernetes in one: each type and each of its fields once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LISTED } from './enums.mjs';

export const VERSIONS = ['1.27', '1.29', '1.32', '1.34', '1.36'];

/** Kinds that nobody applies: what the API server answers with, and what is sent to a subresource. */
const NOT_APPLIED = /List$|^(APIGroup|APIVersions|Binding|ComponentStatus|DeleteOptions|Eviction|Scale|Status|TokenRequest|WatchEvent)$/;

/** Types that hold anything: in their schema nothing is said, or (JSONSchemaProps) all that a schema can say. */
const OPEN = /\.(FieldsV1|RawExtension|Patch|JSON|JSONSchemaProps|JSONSchemaPropsOr\w+)$/;

const REF = '#/definitions/';

export function kubernetesFile(folder) {
  const definitions = VERSIONS.map((version) => JSON.parse(readFileSync(join(folder, `v${version}.json`), 'utf8')).definitions);
  const enums = JSON.parse(readFileSync(join(folder, 'enums.json'), 'utf8'));
  const kinds = kindsOf(definitions);
  const types = new Map();
  const queue = [
    ...new Set(Object.values(kinds).flatMap((ofVersion) => Object.values(ofVersion).map(({ type }) => type))),
    'meta.v1.ObjectMeta',
  ];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (types.has(name)) continue;
    types.set(
      name,
      typeOf(name, definitions, enums, (used) => queue.push(used)),
    );
  }
  return lines({ versions: VERSIONS, kinds, types: sorted(Object.fromEntries(types)) });
}

/** `apiVersion` → kind → its type, and the versions that have it. */
function kindsOf(definitions) {
  const found = {};
  definitions.forEach((ofVersion, index) => {
    for (const [id, definition] of Object.entries(ofVersion)) {
      for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
        if (NOT_APPLIED.test(kind)) continue;
        const apiVersion = group ? `${group}/${version}` : version;
        found[apiVersion] ??= {};
        found[apiVersion][kind] ??= { type: short(id), has: [] };
        found[apiVersion][kind].has[index] = true;
      }
    }
  });
  const withRange = ({ type, has }) => ({
    type,
    ...range(
      has,
      VERSIONS.map(() => true),
      type,
    ),
  });
  return sorted(mapValues(found, (kinds) => sorted(mapValues(kinds, withRange))));
}

function typeOf(name, definitions, enums, use) {
  const id = [...new Set(definitions.flatMap((ofVersion) => Object.keys(ofVersion)))].find((candidate) => short(candidate) === name);
  const forms = definitions.map((ofVersion) => ofVersion[id]);
  const here = forms.map((form) => form !== undefined);
  const fields = {};
  for (const field of [...new Set(forms.flatMap((form) => Object.keys(form?.properties ?? {})))].sort()) {
    const schemas = forms.map((form) => form?.properties?.[field]);
    const newest = schemas.findLast((schema) => schema !== undefined); // they differ in one place, where the newest says more
    if (field === 'status') {
      fields[field] = 'any'; // the API server takes none from a manifest
      continue;
    }
    const { type, keys } = fieldType(newest, use);
    const has = schemas.map((schema) => schema !== undefined);
    const required = range(
      forms.map((form) => form?.required?.includes(field)),
      has,
      `${name}.${field}`,
    );
    const allowed = enums[id]?.[field] ?? LISTED[name]?.[field];
    const described = {
      type,
      ...range(has, here, `${name}.${field}`),
      ...(required && { required: Object.keys(required).length > 0 ? required : true }),
      ...(allowed && { enum: [...allowed].sort() }),
      ...(keys && { keys }),
    };
    fields[field] = Object.keys(described).length === 1 ? described.type : described;
  }
  return fields;
}

/** The type as one text: `int32`, `[]core.v1.Container`, `{}string`. */
function fieldType(schema, use) {
  if (schema.$ref) return { type: referred(schema.$ref.slice(REF.length), use) };
  if (schema.type === 'array') {
    const keys = schema['x-kubernetes-list-map-keys'];
    return { type: `[]${fieldType(schema.items, use).type}`, keys };
  }
  if (schema.type === 'object')
    return { type: `{}${schema.additionalProperties ? fieldType(schema.additionalProperties, use).type : 'any'}` };
  return { type: schema.format ?? schema.type ?? 'any' };
}

function referred(id, use) {
  const name = short(id);
  if (name === 'Quantity') return 'quantity';
  if (name === 'IntOrString') return 'int-or-string';
  if (name === 'meta.v1.Time' || name === 'meta.v1.MicroTime') return 'date-time';
  if (OPEN.test(id)) return 'any';
  use(name);
  return name;
}

/** `io.k8s.api.apps.v1.StatefulSet` is `apps.v1.StatefulSet`. */
function short(id) {
  return id
    .replace(/^io\.k8s\.(api|kube-aggregator\.pkg\.apis|apiextensions-apiserver\.pkg\.apis|apimachinery\.pkg\.apis)\./, '')
    .replace(/^io\.k8s\.apimachinery\.pkg\.(api\.resource|util\.intstr|runtime)\./, '');
}

/** From when until when something is there, where that is not always; undefined where it never is. */
function range(has, always, name) {
  const first = has.indexOf(true);
  const last = has.lastIndexOf(true);
  if (first < 0) return undefined;
  if (has.slice(first, last + 1).some((there) => !there)) throw new Error(`${name} is there, then not, then there again`);
  return {
    ...(first > always.indexOf(true) && { since: VERSIONS[first] }),
    ...(last < always.lastIndexOf(true) && { until: VERSIONS[last] }),
  };
}

const mapValues = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

/** JSON with one type a line, so that a diff shows which has changed. */
function lines({ versions, kinds, types }) {
  const block = (object) =>
    `{\n${Object.entries(object)
      .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
      .join(',\n')}\n}`;
  return `{"versions":${JSON.stringify(versions)},\n"kinds":${block(kinds)},\n"types":${block(types)}}\n`;
}

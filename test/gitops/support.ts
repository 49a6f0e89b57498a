import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../support';

const CRDS = join(__dirname, '../../../shared/schemas/crds');

/** The schema of a custom resource where this machine has it: it is no part of the repository. */
export function schemaOf(crd: string, version: string): Json | undefined {
  const file = join(CRDS, `${crd}.json`);
  if (!existsSync(file)) return undefined;
  const { versions } = JSON.parse(readFileSync(file, 'utf8')).spec;
  return versions.find((v: Json) => v.name === version && v.served).schema.openAPIV3Schema;
}

/** Sentences about what in a value is not as its schema says: unknown, missing, of another type, or not among what is allowed. */
export function violations(value: Json, schema: Json, path = ''): string[] {
  const type = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  if (schema.type && schema.type !== type && !(schema.type === 'number' && type === 'integer'))
    return [`${path} is ${type}, not ${schema.type}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${path} is ${value}, not one of ${schema.enum}`];
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) return [`${path} is ${value}, which ${schema.pattern} does not take`];
  if (type === 'array') return value.flatMap((item: Json, i: number) => violations(item, schema.items ?? {}, `${path}[${i}]`));
  if (type !== 'object') return [];
  const { properties, additionalProperties, required = [] } = schema;
  const missing = required.filter((key: string) => !(key in value)).map((key: string) => `${path}.${key} is missing`);
  if (!properties && !additionalProperties) return missing; // open, as metadata is
  const below = Object.entries(value).flatMap(([key, inner]) => {
    const known = properties?.[key] ?? additionalProperties;
    return known ? violations(inner, known, `${path}.${key}`) : [`${path}.${key} is unknown`];
  });
  return [...missing, ...below];
}

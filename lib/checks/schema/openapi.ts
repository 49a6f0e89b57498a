import { at, type Fields, fields, isFields, list, text } from '../manifests/look';
import { objectMeta } from './definitions';
import { Pattern } from './pattern';
import { type Also, ANY, type Field, type Limits, once, type Shape } from './shape';
import { EVERY_VERSION } from './versions';

/** How the parts of one schema are read. */
interface Reading {
  /** Written by someone else: its patterns may take for ever. */
  readonly foreign: boolean;
  /** What its `$ref`s mean; Kubernetes allows none, the files of this package hold some. */
  readonly definitions: Fields;
  readonly shapes: Map<unknown, Shape>;
}

/**
 * The shape of a custom resource, by the structural schema of its CustomResourceDefinition.
 *
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export function resourceShape(schema: unknown, foreign: boolean, definitions: Fields = {}): Shape {
  const shape = read(schema, { foreign, definitions, shapes: new Map() });
  return shape.type === 'object' ? { ...shape, ...withIdentity(shape), name: undefined } : ANY;
}

const IDENTITY = ['apiVersion', 'kind', 'metadata', 'status'];

/** `apiVersion`, `kind` and `metadata` are in every object, whatever its schema says of them. */
function withIdentity(shape: Shape): Pick<Shape, 'fields' | 'required'> {
  const identity = (make: () => Shape, required: number): Field => ({ versions: EVERY_VERSION, required, shape: make });
  const name = () => ({ type: 'string', nulls: 'unset' }) as const;
  return {
    fields: new Map([
      ...(shape.fields ?? []),
      ['apiVersion', identity(name, EVERY_VERSION)],
      ['kind', identity(name, EVERY_VERSION)],
      ['metadata', identity(objectMeta, 0)],
      ['status', identity(() => ANY, 0)], // the API server takes none from a manifest
    ]),
    required: [...(shape.required ?? []).filter((name) => !IDENTITY.includes(name)), 'apiVersion', 'kind'],
  };
}

function read(schema: unknown, reading: Reading): Shape {
  const target = resolve(schema, reading);
  const known = reading.shapes.get(target);
  if (known) return known;
  const shape = isFields(target) ? shapeOf(target, reading, true) : ANY;
  reading.shapes.set(target, shape);
  return shape;
}

function resolve(schema: unknown, { definitions }: Reading): unknown {
  const name = text(schema, '$ref');
  return name === undefined ? schema : at(definitions, name);
}

/** @param closed unknown fields are refused; not in `oneOf` and the like, which only add conditions */
function shapeOf(schema: Fields, reading: Reading, closed: boolean): Shape {
  const nulls = schema.nullable === true ? 'allowed' : closed ? 'refused' : 'unset';
  const common = { nulls, limits: limitsOf(schema, reading), also: alsoOf(schema, reading) } as const;
  if (schema['x-kubernetes-int-or-string'] === true) return { type: 'int-or-string', nulls, limits: common.limits };
  switch (schema.type) {
    case 'object':
      return { type: 'object', ...common, ...objectOf(schema, reading, closed) };
    case 'array':
      return { type: 'list', ...common, ...listOf(schema, reading, closed) };
    case 'string':
    case 'boolean':
    case 'integer':
    case 'number':
      return { type: schema.type, ...common };
    default:
      return { type: 'any', ...common, ...(isFields(schema.properties) || schema.required ? objectOf(schema, reading, closed) : {}) };
  }
}

function objectOf(schema: Fields, reading: Reading, closed: boolean): Partial<Shape> {
  const properties = Object.entries(fields(schema, 'properties'));
  const withDefault = (name: string) => at(resolve(at(schema, 'properties', name), reading), 'default') !== undefined;
  const required = list(schema, 'required').filter((name): name is string => typeof name === 'string' && !withDefault(name));
  const field = (name: string, inner: unknown): Field => ({
    versions: EVERY_VERSION,
    required: required.includes(name) ? EVERY_VERSION : 0,
    shape: once(() => part(inner, reading, closed)),
  });
  const known = new Map(properties.map(([name, inner]) => [name, field(name, inner)]));
  for (const name of required) if (!known.has(name)) known.set(name, field(name, true));
  const shape = { fields: known, required, ...othersOf(schema, reading, closed) };
  return schema['x-kubernetes-embedded-resource'] === true
    ? { ...shape, ...withIdentity({ type: 'object', nulls: 'unset', ...shape }) }
    : shape;
}

function othersOf(schema: Fields, reading: Reading, closed: boolean): Pick<Shape, 'others'> {
  const others = schema.additionalProperties;
  if (isFields(others)) return { others: () => part(others, reading, closed) };
  const open = !closed || others === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return open ? { others: () => ANY } : {};
}

function listOf(schema: Fields, reading: Reading, closed: boolean): Partial<Shape> {
  const names = list(schema, 'x-kubernetes-list-map-keys').filter((name): name is string => typeof name === 'string');
  const items = once(() => part(schema.items, reading, closed));
  const properties = () => fields(resolve(schema.items, reading), 'properties');
  const keys = names.map((name) => ({ name, otherwise: at(resolve(properties()[name], reading), 'default') }));
  return { items, ...(keys.length > 0 && { keys }) };
}

function part(schema: unknown, reading: Reading, closed: boolean): Shape {
  if (closed) return read(schema, reading);
  const target = resolve(schema, reading);
  return isFields(target) ? shapeOf(target, reading, false) : ANY;
}

function alsoOf(schema: Fields, reading: Reading): Also | undefined {
  const parts = (word: string) => list(schema, word).map((inner) => once(() => part(inner, reading, false)));
  const [all, some, one] = [parts('allOf'), parts('anyOf'), parts('oneOf')];
  const not = isFields(schema.not) ? once(() => part(schema.not, reading, false)) : undefined;
  return all.length + some.length + one.length > 0 || not ? { all, some, one, not } : undefined;
}

const NUMBERS = [
  ...['minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
] as const;

function limitsOf(schema: Fields, { foreign }: Reading): Limits | undefined {
  const found: Record<string, unknown> = {};
  for (const name of NUMBERS) if (typeof schema[name] === 'number') found[name] = schema[name];
  for (const name of ['exclusiveMinimum', 'exclusiveMaximum']) if (schema[name] === true) found[name] = true;
  if (Array.isArray(schema.enum)) found.values = schema.enum;
  if (typeof schema.format === 'string') found.format = schema.format;
  if (typeof schema.pattern === 'string') found.pattern = new Pattern(schema.pattern, foreign);
  return Object.keys(found).length > 0 ? found : undefined;
}

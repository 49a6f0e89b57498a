import { read } from './data';
import { ANY, type Field, once, type Shape } from './shape';
import { EVERY_VERSION, versions } from './versions';

/** Some versions of those that have the type; those before `since` and after `until` do not have the field. */
interface Range {
  readonly since?: string;
  readonly until?: string;
}

interface Described extends Range {
  /** `int32`, `core.v1.PodSpec`, `[]string`, `{}byte`: what Go calls a slice, and a map with texts as keys. */
  readonly type: string;
  readonly required?: true | Range;
  /** The texts allowed; of a list, in it. */
  readonly enum?: readonly string[];
  readonly keys?: readonly string[];
}

/** The file: every kind by its apiVersion, every type with its fields; a field of which only the type is to be said is a text. */
interface Definitions {
  readonly kinds: Readonly<Record<string, Readonly<Record<string, Range & { readonly type: string }>>>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string | Described>>>>;
}

const definitions = once(() => read<Definitions>('kubernetes.json'));

/** A kind of Kubernetes itself. */
export interface BuiltIn {
  readonly apiVersion: string;
  readonly kind: string;
  readonly versions: number;
  readonly shape: () => Shape;
}

/** By `apiVersion`, then by kind. */
export const builtIns = once(
  () =>
    new Map(
      Object.entries(definitions().kinds).map(([apiVersion, kinds]) => [
        apiVersion,
        new Map(
          Object.entries(kinds).map(([kind, { type, since, until }]): [string, BuiltIn] => [
            kind,
            { apiVersion, kind, versions: versions(since, until), shape: () => typeShape(type) },
          ]),
        ),
      ]),
    ),
);

/** What `metadata` is, of custom resources too. */
export function objectMeta(): Shape {
  return typeShape('meta.v1.ObjectMeta');
}

const SCALARS: Readonly<Record<string, Shape>> = {
  any: ANY,
  string: scalar('string'),
  boolean: scalar('boolean'),
  double: scalar('number'),
  int32: scalar('integer', 'int32'),
  int64: scalar('integer', 'int64'),
  byte: scalar('string', 'byte'),
  'date-time': scalar('string', 'date-time'),
  quantity: scalar('quantity'),
  'int-or-string': scalar('int-or-string'),
};

function scalar(type: Shape['type'], format?: string): Shape {
  return { type, nulls: 'unset', ...(format && { limits: { format } }) };
}

const shapes = new Map<string, Shape>(Object.entries(SCALARS));

function typeShape(type: string): Shape {
  const known = shapes.get(type);
  if (known) return known;
  const made = makeShape(type);
  shapes.set(type, made);
  return made;
}

function makeShape(type: string): Shape {
  const inner = () => typeShape(type.slice(2));
  if (type.startsWith('[]')) return { type: 'list', nulls: 'unset', items: inner };
  if (type.startsWith('{}')) return { type: 'object', nulls: 'unset', others: inner };
  const described = Object.entries(definitions().types[type] ?? {});
  const fields = new Map(described.map(([name, field]) => [name, fieldOf(field)]));
  const required = described.filter(([, field]) => typeof field !== 'string' && field.required).map(([name]) => name);
  return { type: 'object', nulls: 'unset', name: type.split('.').at(-1), fields, required };
}

function fieldOf(field: string | Described): Field {
  if (typeof field === 'string') return { versions: EVERY_VERSION, required: 0, shape: () => typeShape(field) };
  const { required, since, until } = field;
  const demanded = required === true ? {} : required;
  return {
    versions: versions(since, until),
    required: demanded ? versions(demanded.since ?? since, demanded.until ?? until) : 0,
    waived: demanded?.until !== undefined,
    shape: once(() => describedShape(field)),
  };
}

function describedShape({ type, enum: values, keys }: Described): Shape {
  const shape = typeShape(type);
  if (shape.type === 'list' && keys) return { ...shape, keys: keys.map((name) => ({ name, otherwise: DEFAULTS[name] })) };
  if (!values) return shape;
  if (shape.type === 'list') return { ...shape, items: once(() => ({ ...(shape.items?.() ?? ANY), limits: { values } })) };
  return { ...shape, limits: { values } };
}

/** Defaults of what tells entries of a list apart: a port without a protocol is one of TCP. */
const DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

import { isFields } from '../manifests/look';
import type { Shape } from './shape';

/** Words for what a shape wants. */
const WANTED: Readonly<Record<Shape['type'], string>> = {
  any: 'anything',
  object: 'an object',
  list: 'a list',
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  'int-or-string': 'a whole number or a text',
  quantity: 'a quantity',
};

export function wanted(type: Shape['type']): string {
  return WANTED[type];
}

/** A value as a sentence names it, and not more of it than fits into one. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return 'a list';
  if (isFields(value)) return 'an object';
  return String(value);
}

/** The same with its type, where that is what is wrong with it. */
export function typed(value: unknown): string {
  if (typeof value === 'string') return `the text ${shown(value)}`;
  return typeof value === 'number' || typeof value === 'bigint' ? `the number ${value}` : shown(value);
}

/** The type alone: of a value that must not be shown. */
export function typeOnly(value: unknown): string {
  if (typeof value === 'string') return 'a text';
  return typeof value === 'number' || typeof value === 'bigint' ? 'a number' : shown(value);
}

/** How to write a value so that it has the type; the value is shown only where it may be. */
export function rewritten(type: Shape['type'], value: unknown, secret: boolean): string {
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')) {
    return secret ? 'write it in quotes' : `write it in quotes: "${value}"`;
  }
  const bare = secret || typeof value !== 'string' ? '' : `: ${value}`;
  if ((type === 'integer' || type === 'number') && typeof value === 'string' && /^-?\d+(\.0*)?$/.test(value)) {
    return `write it without quotes${bare}`;
  }
  if (type === 'boolean' && (value === 'true' || value === 'false')) return `write it without quotes${bare}`;
  if (type === 'list' && value !== null)
    return isFields(value) ? 'write a list: put a dash before the entry' : 'write a list, each entry after a dash';
  return `write ${wanted(type)}`;
}

/** `spec.containers[0].name`; a key that is not a word is quoted. */
export function pathText(steps: readonly (string | number)[]): string {
  return steps.reduce<string>(below, '');
}

/** The path of what is one step below another. */
export function below(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[\w-]+$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
  return path ? `${path}.${step}` : step;
}

import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';
import { nearest } from './nearest';
import { mebibytes, millicores } from './quantity';
import type { Refuse } from './refuse';

/** Refuses a value that is not what its type says, which callers in plain JavaScript hear from nobody else. */
export type Check = (refuse: Refuse, prop: string, value: unknown) => void;

/** A check for every member of an interface: a new one does not compile until it has one. */
export type Shape<T> = { readonly [K in keyof T]-?: Check };

/** For what has a rule of its own. */
export const own: Check = () => undefined;

export const text: Check = (refuse, prop, value) => {
  if (typeof value !== 'string') refuse('TextInvalid', prop, value, 'a text, in quotes');
};

export const flag: Check = (refuse, prop, value) => {
  if (typeof value !== 'boolean') refuse('BooleanInvalid', prop, value, 'true or false, without quotes');
};

export const size: Check = (refuse, prop, value) => {
  if (typeof (value as Size | null)?.toMebibytes !== 'function') refuse('SizeInvalid', prop, value, 'a Size, as Size.gibibytes(2)');
};

export const duration: Check = (refuse, prop, value) => {
  if (typeof (value as Duration | null)?.toMilliseconds !== 'function')
    refuse('DurationInvalid', prop, value, 'a Duration, as Duration.seconds(30)');
};

const cpu: Check = (refuse, prop, value) => {
  const amount = (value as kplus.Cpu | null)?.amount;
  if (typeof amount !== 'string' || !/^\d+(\.\d+)?m?$/.test(amount)) refuse('CpuInvalid', prop, value, 'a Cpu, as Cpu.millis(500)');
};

/** What it holds may be a password. */
export const envValue: Check = (refuse, prop, value) => {
  const { value: literal, valueFrom } = (value ?? {}) as kplus.EnvValue;
  if (literal === undefined && valueFrom === undefined)
    refuse('EnvValueInvalid', prop, '(not shown)', "an EnvValue of cdk8s-plus, as EnvValue.fromValue('UTC')");
};

export function list(element: Check): Check {
  return (refuse, prop, value) => {
    if (!Array.isArray(value)) refuse('ListInvalid', prop, shown(value), 'a list, in brackets');
    for (const [i, entry] of (value as unknown[]).entries()) element(refuse, `${prop}[${i}]`, entry);
  };
}

/** An object whose keys are the user's. */
export function record(entry: Check): Check {
  return (refuse, prop, value) => {
    if (!isObject(value)) refuse('RecordInvalid', prop, shown(value), 'an object of names and values, in braces');
    for (const [key, inner] of Object.entries(value as object)) entry(refuse, `${prop}.${key}`, inner);
  };
}

/**
 * An object whose keys are those of an interface.
 *
 * @param otherNames what people call a key who know it from elsewhere
 */
export function group<T>(shape: Shape<T>, otherNames: Record<string, string> = {}): Check {
  const known = Object.keys(shape);
  return (refuse, prop, value) => {
    if (!isObject(value)) refuse('OptionsInvalid', prop, shown(value), `an object, in braces, with ${known.join(', ')}`);
    for (const [key, inner] of Object.entries(value as object)) {
      if (inner === undefined) continue;
      const path = prop === '' ? key : `${prop}.${key}`;
      const check = known.includes(key) ? shape[key as keyof T] : undefined;
      if (!check) unknown(refuse, path, inner, otherNames[key] ?? nearest(key, known), known);
      check?.(refuse, path, inner);
    }
  };
}

/** Left out by `false`. */
export function orFalse(check: Check): Check {
  return (refuse, prop, value) => {
    if (value !== false) check(refuse, prop, value);
  };
}

function unknown(refuse: Refuse, path: string, value: unknown, near: string | undefined, known: string[]): void {
  const cure = near ? `written ${near}` : `one of ${known.join(', ')}`;
  refuse('OptionUnknown', path, shown(value), `${cure}: there is no option of that name, and it would have no effect`);
}

/** What may be a password, misplaced, is not repeated. */
function shown(value: unknown): unknown {
  return value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean' ? value : '(not shown)';
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const shapeOfResources = group<kplus.ContainerResources>({
  cpu: group<kplus.CpuResources>({ request: cpu, limit: cpu }),
  memory: group<kplus.MemoryResources>({ request: size, limit: size }),
  ephemeralStorage: group<kplus.EphemeralStorageResources>({ request: size, limit: size }),
});

/** Of a container; Kubernetes takes no request above its limit. */
export const resources: Check = (refuse, prop, value) => {
  shapeOfResources(refuse, prop, value);
  const given = value as kplus.ContainerResources;
  const { request, limit } = given.cpu ?? {};
  if (request && limit && millicores(request) > millicores(limit))
    refuse('CpuRequestTooLarge', `${prop}.cpu.request`, request.amount, `at most the limit, ${limit.amount}`);
  for (const kind of ['memory', 'ephemeralStorage'] as const) {
    const { request: least, limit: most } = given[kind] ?? {};
    if (least && most && mebibytes(least) > mebibytes(most))
      refuse('MemoryRequestTooLarge', `${prop}.${kind}.request`, least, `at most the limit, ${mebibytes(most)} MiB`);
  }
};

/** Looks at data of unknown shape, and never throws: what is not there, or is something else, counts as empty. */

export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = Object.freeze({});

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What lies below `value` at a path, e.g. `at(object, 'spec', 'template')`. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let inner = value;
  for (const step of path) {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, step)) return undefined;
    inner = (inner as Record<string | number, unknown>)[step];
  }
  return inner;
}

export function fields(value: unknown, ...path: (string | number)[]): Fields {
  const found = at(value, ...path);
  return isFields(found) ? found : NONE;
}

export function list(value: unknown, ...path: (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function text(value: unknown, ...path: (string | number)[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** Of the entries of an object those that are texts: labels, annotations. */
export function texts(value: unknown, ...path: (string | number)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields(value, ...path)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

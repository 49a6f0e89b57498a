import type { Pattern } from './pattern';

/**
 * What a value may be. Made from a definition of Kubernetes or from the schema of a custom resource, part by part as the
 * walk gets there: a Pod alone is two hundred types, of which a manifest uses twenty.
 */
export interface Shape {
  readonly type: 'any' | 'object' | 'list' | 'string' | 'boolean' | 'integer' | 'number' | 'int-or-string' | 'quantity';
  /** As Kubernetes calls it, e.g. `PodSpec`; none in a custom resource. */
  readonly name?: string;
  /** Of an object. */
  readonly fields?: ReadonlyMap<string, Field>;
  /** What a field that is not among `fields` may hold; where undefined there must be none. */
  readonly others?: () => Shape;
  /** Names of those of `fields` that some version demands. */
  readonly required?: readonly string[];
  /** Of a list. */
  readonly items?: () => Shape;
  /** What tells entries of a list apart, with the value that counts where an entry has none. */
  readonly keys?: readonly { readonly name: string; readonly otherwise?: unknown }[];
  /**
   * What null does. `unset`: as if the field were not written, which is what Go makes of it. `refused`: in a list; as a field it is
   * dropped before anything looks at it. `allowed`: it is a value.
   */
  readonly nulls: 'unset' | 'refused' | 'allowed';
  readonly limits?: Limits;
  /** What must hold besides; these say nothing about which fields there are. */
  readonly also?: Also;
}

/** A field of an object; the versions are bits, see ./versions. */
export interface Field {
  readonly versions: number;
  /** Versions that demand it. */
  readonly required: number;
  /** A later version stopped to demand it: the API server never insisted. */
  readonly waived?: boolean;
  readonly shape: () => Shape;
}

export interface Limits {
  readonly values?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: Pattern;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

export interface Also {
  readonly all: readonly (() => Shape)[];
  readonly some: readonly (() => Shape)[];
  readonly one: readonly (() => Shape)[];
  readonly not?: () => Shape;
}

/** Anything at all, and nothing is said about it. */
export const ANY: Shape = { type: 'any', nulls: 'allowed' };

/** Makes something when it is first asked for, and once. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

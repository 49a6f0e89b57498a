import type { Fields } from '../manifests/look';

/** A map without some of its fields. */
export function without(object: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

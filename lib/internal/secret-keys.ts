import { Construct } from 'constructs';
import { ConfigMapKey, SecretKey } from '../platform';

/** Every Secret that some props refer to, however deep, and its keys, both in the order of their names. Constructs are not looked into. */
export function secretKeysOf(props: object): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const { secretName, key } of secretKeyPlaces(props).values()) found.set(secretName, (found.get(secretName) ?? new Set()).add(key));
  return new Map([...found].sort(byName).map(([name, keys]) => [name, [...keys].sort()]));
}

/** Every reference to a Secret by the place where it is first met, as the user wrote that. */
export function secretKeyPlaces(props: object): Map<string, SecretKey> {
  const found = new Map<string, SecretKey>();
  look(props, (value, place) => SecretKey.isSecretKey(value) && found.set(place, value));
  return found;
}

/** Every ConfigMap that some props refer to, in the order of their names. */
export function configMapsOf(props: object): string[] {
  const found = new Set<string>();
  look(props, (value) => ConfigMapKey.isConfigMapKey(value) && found.add(value.configMapName));
  return [...found].sort();
}

/** Every text by its place, likewise; not those of references. */
export function textPlaces(props: object): Map<string, string> {
  const found = new Map<string, string>();
  look(props, (value, place) => typeof value === 'string' && found.set(place, value));
  return found;
}

/** Meets every value once, however deep; not what lies in a reference to a Secret. */
function look(props: object, meet: (value: unknown, place: string) => unknown): void {
  const seen = new Set<unknown>();
  const go = (value: unknown, place: string): void => {
    meet(value, place);
    if (typeof value !== 'object' || value === null || seen.has(value) || Construct.isConstruct(value) || SecretKey.isSecretKey(value))
      return;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) go(inner, within(place, key, Array.isArray(value)));
  };
  go(props, '');
}

function within(place: string, key: string, isList: boolean): string {
  if (isList) return `${place}[${key}]`;
  if (key === 'config') return place; // where a BackupTarget keeps what it was given
  return place === '' ? key : `${place}.${key}`;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

import { Construct } from 'constructs';
import { SecretKey } from '../platform';

/** Every Secret that some props refer to, however deep, and its keys, both in the order of their names. Constructs are not looked into. */
export function secretKeysOf(props: object): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const seen = new Set<unknown>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || Construct.isConstruct(value)) return;
    seen.add(value);
    if (SecretKey.isSecretKey(value)) found.set(value.secretName, (found.get(value.secretName) ?? new Set()).add(value.key));
    else Object.values(value).forEach(look);
  };
  look(props);
  return new Map([...found].sort(byName).map(([name, keys]) => [name, [...keys].sort()]));
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

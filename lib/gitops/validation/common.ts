import type { Duration } from 'cdk8s';
import { isDnsName } from '../../internal/names';
import type { Refuse } from '../../internal/refuse';

/** Name of the object: the id where none is given. */
export function name(refuse: Refuse, given: string | undefined, id: string): void {
  const prop = given === undefined ? 'the construct id, which is the default of name,' : 'name';
  if (!isDnsName(given ?? id)) refuse('NameInvalid', prop, given ?? id, 'a DNS name of at most 253 characters: a-z, 0-9, - and .');
}

export function dnsName(refuse: Refuse, prop: string, value: string | undefined): void {
  if (value !== undefined && !isDnsName(value))
    refuse('NameInvalid', prop, value, 'a DNS name of at most 253 characters: a-z, 0-9, - and .');
}

/** A folder in a repository, from its root. */
export function folder(refuse: Refuse, path: string | undefined): void {
  const parts = path === '.' ? ['root'] : (path?.split('/') ?? []);
  if (!path || parts.some((part) => part === '' || part === '.' || part === '..') || /[\\\s]/.test(path))
    refuse(
      'PathInvalid',
      'path',
      path,
      "a folder from the repository's root, without / at either end and without .., as 'dist/orders-postgres', or '.' for the root",
    );
}

export function duration(refuse: Refuse, prop: string, value: Duration | undefined, leastSeconds: number): void {
  const milliseconds = value?.toMilliseconds({ integral: false });
  if (milliseconds === undefined) return;
  if (milliseconds < leastSeconds * 1000 || milliseconds % 1000 !== 0)
    refuse('DurationUnsuitable', prop, value, `a whole number of seconds, at least ${leastSeconds}`);
}

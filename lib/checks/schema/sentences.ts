import type { Severity } from '../finding';
import { at } from '../manifests/look';
import type { Wrong } from './limits';
import { nearest } from './nearest';
import { pathText, shown } from './say';
import type { Field, Shape } from './shape';
import { haveText, oldest, versionsText } from './versions';
import type { Walker } from './walk';

/** A field that no version knows; the fix names where it belongs, or what it was most likely to be. */
export function unknownField(name: string, walker: Walker): Wrong {
  const { steps, passed, asked } = walker;
  const shape = passed.at(-1)?.shape;
  const owner = shape?.name ?? (pathText(steps.slice(0, -1)) || 'the object');
  const place = elsewhere(name, walker);
  const meant = place === undefined ? nearest(name, shape?.fields?.keys() ?? []) : undefined;
  const other = asked.from ? ', or give the CustomResourceDefinition of your cluster' : '';
  return {
    message: `${owner} has no field ${name} (${asked.from ?? versionsText(asked.range)})`,
    fix: place !== undefined ? `move it to ${place}` : meant ? `write ${meant}` : `remove it${other}`,
  };
}

/** In every object, so that one somewhere else says nothing about where it was meant to be. */
const COMMON = new Set(['apiVersion', 'kind', 'metadata', 'name', 'spec', 'status']);

/** Where the field would be right, and is not yet: in what its object lies in, or in something directly below. */
function elsewhere(name: string, { steps, passed }: Walker): string | undefined {
  if (COMMON.has(name)) return undefined;
  for (let up = passed.length - 2; up >= 0; up--) {
    const outer = passed[up];
    if (outer?.shape.fields?.has(name) && outer.value[name] === undefined) {
      return pathText(outward(steps, passed.length - 1 - up)) || 'the top of the object';
    }
  }
  const here = passed.at(-1);
  for (const [field, { shape }] of here?.shape.fields ?? []) {
    const free = at(here?.value, field, name) === undefined;
    if (field !== 'metadata' && free && shape().fields?.has(name)) return pathText([...steps.slice(0, -1), field]);
  }
  return undefined;
}

/** The path of the object that many objects further out; entries of lists are no objects of their own. */
function outward(steps: readonly (string | number)[], objects: number): (string | number)[] {
  const path = steps.slice(0, -1);
  for (let left = objects; left > 0; left--) {
    while (typeof path.at(-1) === 'number') path.pop();
    path.pop();
  }
  return path;
}

/** A field that some versions of the range do not have. */
export function unavailable(name: string, { name: owner }: Shape, field: Field, without: number): Wrong {
  const begins = oldest(field.versions);
  const later = begins !== undefined && begins !== oldest(without | field.versions);
  return {
    message: `${haveText(without)} no field ${name} in ${owner ?? 'it'}`,
    fix: later ? `leave it out, or raise the floor to ${begins}` : 'leave it out: newer versions no longer have it',
  };
}

/** @param demanding the versions that demand it, where not all do */
export function missing(name: string, { name: owner }: Shape, demanding: number | undefined): Wrong {
  const who = owner ? `${owner} needs ${name}` : `${name} is missing`;
  return { message: demanding === undefined ? who : `${who} in ${versionsText(demanding)}`, fix: `write ${name}` };
}

/** Lists whose repeated entries the API server takes as long as they do not come by server-side apply. */
const TOLERATED = new Set(['env', 'imagePullSecrets', 'hostAliases', 'secrets', 'ownerReferences']);

/**
 * Two entries with the same key. By server-side apply, as Flux does it, every such list is refused; otherwise an update may lose an
 * entry, https://github.com/kubernetes/kubernetes/issues/58477.
 */
export function repeated(key: readonly (readonly [string, unknown])[], earlier: number, walker: Walker): Wrong & { severity?: Severity } {
  const { steps, asked } = walker;
  const tolerated = TOLERATED.has(String(steps.at(-1))) || key.some(([name]) => name === 'containerPort');
  const mild = tolerated && !asked.settings.gitops.includes('flux');
  const named = key.map(([name, value]) => `${name} ${typeof value === 'string' ? value : shown(value)}`).join(' and ');
  return {
    message: `entry ${earlier} has ${named} already${tolerated ? ', which server-side apply refuses' : ''}`,
    fix: 'remove one of the two, or name it otherwise',
    ...(mild && { severity: 'warning' as const }),
  };
}

import { isA } from '../../compare/kinds';
import { comparisonOf, type Pair } from '../../compare/pairs';
import { claimOf } from '../../compare/workload';
import { quantity } from '../../manifests/quantity';
import type { ChangeRule, Found } from '../../rule';
import { type ClaimChange, claimChanges } from './claim-changes';

/** STS-2: a claim keeps its name and its class, and does not shrink: what it holds would be left behind. */
export const claimsStay: ChangeRule = {
  id: 'STS-2',
  severity: 'error',
  title: 'a claim template or claim does not shrink, and keeps its name and StorageClass',
  runs: ['review'],
  source: 'https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims, kubernetes#69041',
  *compare(before, after) {
    for (const pair of comparisonOf(before, after).changed) {
      if (isA(pair.after, 'apps', 'StatefulSet')) yield* claimChanges(pair).flatMap((change) => ofTemplate(pair, change));
      if (isA(pair.after, 'core', 'PersistentVolumeClaim')) yield* ofClaim(pair);
    }
  },
};

const FIELD = 'spec.volumeClaimTemplates';
const COPY = 'make a second StatefulSet as you want it, copy or replicate the data, and remove this one when that serves';

function ofTemplate({ after: manifest }: Pair, change: ClaimChange): Found[] {
  const say = (message: string): Found[] => [{ manifest, field: FIELD, message, fix: `take the change back; or ${COPY}` }];
  switch (change.kind) {
    case 'shrinks':
      return say(
        `the claim template ${change.after.name} shrinks from ${change.before.storage} to ${change.after.storage}: the API server refuses it, and volumes never shrink`,
      );
    case 'class':
      return say(
        `the claim template ${change.after.name} changes its StorageClass from ${className(change.before.storageClass)} to ${className(change.after.storageClass)}: the API server refuses it, and claims that exist keep their volumes`,
      );
    case 'renamed':
      return say(
        `the claim template ${change.before.name} is now ${change.after.name}: the API server refuses it, and a set made anew would begin with empty volumes beside the old ones`,
      );
    case 'removed':
      return say(
        `the claim template ${change.before.name} is gone: the API server refuses it, and a set made anew would leave its volumes behind`,
      );
    default:
      return [];
  }
}

function ofClaim({ before, after: manifest }: Pair): Found[] {
  const [old, next] = [claimOf(before.object), claimOf(manifest.object)];
  const [was, is] = [quantity(old.storage), quantity(next.storage)];
  const found: Found[] = [];
  const fix = 'make a claim with another name, copy the data, and change what mounts it';
  if (was !== undefined && is !== undefined && is < was) {
    const message = `the claim shrinks from ${old.storage} to ${next.storage}, which the API server refuses: volumes never shrink`;
    found.push({ manifest, field: 'spec.resources.requests.storage', message, fix: `keep ${old.storage}; or ${fix}` });
  }
  if (old.storageClass !== next.storageClass) {
    const message = `the claim changes its StorageClass from ${className(old.storageClass)} to ${className(next.storageClass)}, which the API server refuses`;
    const unknown = { severity: 'warning', message: `${message} unless that is the class it has` } as const;
    const refused = { manifest, field: 'spec.storageClassName', message, fix: `take the change back; or ${fix}` };
    found.push(old.storageClass === undefined ? { ...refused, ...unknown } : refused);
  }
  return found;
}

function className(name: string | undefined): string {
  return name === undefined ? 'the default' : name || 'none';
}

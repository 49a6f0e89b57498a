import { comparisonOf } from '../../compare/pairs';
import { counted } from '../../compare/words';
import { ordinalsOf, outside } from '../../compare/workload';
import type { Manifest } from '../../manifests/manifests';
import type { ChangeRule } from '../../rule';

/**
 * How a system that shards its data gets smaller: in two commits. A StatefulSet that holds shards says so for ever:
 *
 *     cdk8s-stateful/scale-in: retire-first
 *
 * The first commit leaves `replicas` as it is and says how many of the highest pods are to be emptied; whatever drains them reads it:
 *
 *     cdk8s-stateful/retiring: "2"
 *
 * The second lowers `replicas` by that many, or fewer, and takes `retiring` out. Without the first, the second is refused.
 */
export const SCALE_IN = 'cdk8s-stateful/scale-in';
export const RETIRE_FIRST = 'retire-first';
export const RETIRING = 'cdk8s-stateful/retiring';

/** STS-6: pods that hold shards are emptied before they go. */
export const retiredFirst: ChangeRule = {
  id: 'STS-6',
  severity: 'error',
  title: 'a StatefulSet that shards its data loses only pods that a commit before has retired',
  runs: ['review'],
  source: 'design rule 8: what one apply cannot do safely is two commits',
  *compare(before, after) {
    const comparison = comparisonOf(before, after);
    for (const pair of [...comparison.changed, ...comparison.renamed]) {
      if (pair.before.kind !== 'StatefulSet' || !sharded(pair.before, pair.after)) continue;
      const gone = outside(ordinalsOf(pair.before, before), ordinalsOf(pair.after, after));
      const fewer = gone.reduce((sum, { start, end }) => sum + end - start, 0);
      const retiring = retired(pair.before);
      if (fewer <= retiring) continue;
      const ready = retiring === 0 ? 'none is retired' : `only ${retiring} ${retiring === 1 ? 'is' : 'are'} retired`;
      yield {
        manifest: pair.after,
        field: 'spec.replicas',
        message: `${counted(fewer, 'pod')} would go with the shards on them, and ${ready} before this commit`,
        fix: `keep the replicas and set the annotation ${RETIRING}: "${fewer}" in a commit of its own; lower them when the drain has ended`,
      };
    }
  },
};

function sharded(...sets: readonly Manifest[]): boolean {
  return sets.some(({ annotations }) => annotations[SCALE_IN] === RETIRE_FIRST);
}

function retired({ annotations }: Manifest): number {
  const count = annotations[RETIRING] ?? '';
  return /^\d{1,9}$/.test(count) ? Number(count) : 0;
}

import { isA } from '../../compare/kinds';
import { comparisonOf, type Pair } from '../../compare/pairs';
import { type ClaimTemplate, ordinalsOf } from '../../compare/workload';
import type { Manifests } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { ChangeRule, Found } from '../../rule';
import { type ClaimChange, claimChanges, differingField } from './claim-changes';
import { refusals } from './refusals';
import { growClaims, orphan } from './remedies';

/** STS-1: what the API server does not let change is not changed, or in the way that it takes. */
export const immutableFields: ChangeRule = {
  id: 'STS-1',
  severity: 'error',
  title: 'no field changes that the API server does not let change',
  runs: ['review'],
  source: 'kubernetes/kubernetes pkg/apis/*/validation, by the rows of immutable.ts; kubernetes#130263, flux2#3573',
  *compare(before, after, { floor }) {
    for (const pair of comparisonOf(before, after).changed) {
      yield* refusals(pair, floor);
      if (isA(pair.after, 'apps', 'StatefulSet')) yield* claimChanges(pair).flatMap((change) => claimRefusal(pair, change, after));
    }
  },
};

/** Those that STS-2 does not tell, since no data is at stake. */
function claimRefusal(pair: Pair, change: ClaimChange, all: Manifests): Found[] {
  const field = 'spec.volumeClaimTemplates';
  const say = (message: string, fix = orphan(pair, field)): Found[] => [{ manifest: pair.after, field, message, fix }];
  switch (change.kind) {
    case 'grows':
      return say(
        `the claim template ${change.after.name} grows from ${change.before.storage} to ${change.after.storage}, which the API server refuses: claims can grow, templates cannot change`,
        growth(pair, change, all),
      );
    case 'other':
      return say(
        `the claim template ${change.after.name} changes (${differingField(change)}), which the API server refuses`,
        `${orphan(pair, field)}; what changes with each release, such as a chart's version, has no place in a claim template`,
      );
    case 'added':
      return say(`the claim template ${change.after.name} is new, which the API server refuses`);
    case 'reordered':
      return say(`the claim templates stand in another order (${listed(change.names)}), which the API server refuses`, 'keep their order');
    default:
      return [];
  }
}

/** https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims */
function growth(pair: Pair, { before, after }: Record<'before' | 'after', ClaimTemplate>, all: Manifests): string {
  const { start, end } = ordinalsOf(pair.before, all);
  const ordinals = Array.from({ length: Math.max(0, Math.min(end - start, 100)) }, (_, index) => start + index);
  const command = growClaims(pair, after.name, ordinals, String(after.storage));
  const ours = pair.after.labels['app.kubernetes.io/managed-by'] === 'cdk8s-stateful';
  const how = ours ? ` (\`initialSize: ${before.storage}\` beside the new size)` : '';
  return `keep the template as it was${how}, and run \`${command}\`, where the StorageClass allows expansion; pods that come later begin with the template's size`;
}

import { at, type Fields, fields } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { mayMeet } from '../../manifests/namespaces';
import { couldBothSelect } from '../../manifests/run-time-labels';
import { beside, podLabels, podsOf } from '../../manifests/selection';
import { type Scale, scaleOf } from '../../manifests/workload';
import type { Found, Rule } from '../../rule';

/** REF-5: a node can be drained, and a budget protects something. */
export const budgetsAllowDrains: Rule = {
  id: 'REF-5',
  severity: 'error',
  title: 'a pod has one PodDisruptionBudget, which lets at least one of several pods go',
  runs: ['synth', 'check'],
  source:
    'kube-linter pdb-max-unavailable, pdb-min-available; https://kubernetes.io/docs/tasks/run-application/configure-pdb/; kubernetes/kubernetes#75957',
  *find(manifests) {
    const budgets = budgetsOf(manifests);
    for (const budget of budgets) yield* neverAllows(budget, manifests);
    yield* twice(budgets);
  },
};

interface Budget {
  readonly manifest: Manifest;
  readonly pods: readonly Manifest[];
  /** Not certain where only labels that are set in the cluster make it count, and so only at times. */
  readonly certain: boolean;
}

function budgetsOf(manifests: Manifests): Budget[] {
  return manifests.ofKind('PodDisruptionBudget').flatMap((manifest) => {
    if (manifest.group !== 'policy') return [];
    const { found, certain } = podsOf(manifests).select(selectorOf(manifest), beside(manifest));
    return [{ manifest, pods: found, certain }];
  });
}

function selectorOf({ object }: Manifest): Fields {
  return fields(object, 'spec', 'selector');
}

function* neverAllows({ manifest, pods, certain }: Budget, manifests: Manifests): Iterable<Found> {
  const scales = pods.map((workload) => scaleOf(workload, manifests));
  if (!certain || scales.length === 0 || scales.some((scale) => scale === undefined)) return;
  const total = (scales as Scale[]).reduce((sum, { min, max }) => ({ min: sum.min + min, max: sum.max + max }), { min: 0, max: 0 });
  const allowed = allowedOf(manifest, total.max);
  if (total.max < 1 || allowed === undefined) return;
  const replicas = `${total.max} ${total.max === 1 ? 'pod' : 'pods'}`;
  if (allowed < 1) {
    const message = `of ${replicas} it never lets one go (${limitOf(manifest)}), so that no node which has one can be drained`;
    const fix = total.max === 1 ? 'take it away, or run more replicas' : 'write maxUnavailable: 1';
    yield { manifest, field: `spec.${limitField(manifest)}`, message, fix };
  } else if (total.max === 1) {
    const message = `it lets the one pod there is go (${limitOf(manifest)}), so it protects nothing`;
    yield { manifest, field: `spec.${limitField(manifest)}`, message, fix: 'take it away, or run more replicas', severity: 'warning' };
  }
}

function limitField({ object }: Manifest): 'minAvailable' | 'maxUnavailable' {
  return at(object, 'spec', 'maxUnavailable') === undefined ? 'minAvailable' : 'maxUnavailable';
}

function limitOf(budget: Manifest): string {
  return `${limitField(budget)}: ${at(budget.object, 'spec', limitField(budget))}`;
}

/** How many of so many pods may be away at a time; shares are rounded up, either way. None where it does not say. */
function allowedOf(budget: Manifest, replicas: number): number | undefined {
  const field = limitField(budget);
  const limit = at(budget.object, 'spec', field);
  const share = typeof limit === 'string' ? /^(\d{1,3})%$/.exec(limit)?.[1] : undefined;
  const count = share === undefined ? limit : Math.ceil((Number(share) * replicas) / 100);
  if (typeof count !== 'number') return undefined;
  return field === 'maxUnavailable' ? count : replicas - count;
}

/** The API answers an eviction of a pod under two budgets with an error, whatever either allows. */
function* twice(budgets: readonly Budget[]): Iterable<Found> {
  const byPods = new Map<Manifest, Budget[]>();
  for (const budget of budgets) for (const pods of budget.pods) byPods.set(pods, [...(byPods.get(pods) ?? []), budget]);
  const said = new Set<string>();
  for (const [workload, several] of byPods) {
    for (const [i, first] of several.entries()) {
      for (const second of several.slice(i + 1)) {
        const pair = `${first.manifest.identity} ${second.manifest.identity}`;
        if (said.has(pair) || !meet(first, second, workload)) continue;
        said.add(pair);
        yield overlap(first, second, workload);
      }
    }
  }
}

function meet({ manifest: first }: Budget, { manifest: second }: Budget, workload: Manifest): boolean {
  return mayMeet(first, second) && couldBothSelect(selectorOf(first), selectorOf(second), podLabels(workload));
}

function overlap(first: Budget, second: Budget, workload: Manifest): Found {
  const always = first.certain && second.certain;
  return {
    manifest: second.manifest,
    field: 'spec.selector',
    message: `it counts the pods of ${workload.title}${always ? '' : ', once they get its labels,'} as ${first.manifest.title} does, and pods under two budgets cannot be evicted at all`,
    fix: `select other pods in each, or take one of them away`,
    ...(!always && { severity: 'warning' as const }),
  };
}

import { at, fields, isFields, list, text } from '../../manifests/look';
import type { Manifest, Manifests, PodTemplate } from '../../manifests/manifests';
import { beside, podsOf } from '../../manifests/selection';
import { selects } from '../../manifests/selector';
import { scaleOf } from '../../manifests/workload';
import type { Found, Rule } from '../../rule';

type WithPods = Manifest & { readonly pod: PodTemplate };

/**
 * HA-2: the loss of a node is the loss of one pod.
 *
 * Asked of what has more than one and either keeps data or has a PodDisruptionBudget, by which its owner says that it shall stay up.
 */
export const podsAreSpread: Rule = {
  id: 'HA-2',
  severity: 'warning',
  title: 'pods of one set are kept apart, by a rule that is about them',
  runs: ['synth', 'check'],
  source:
    'kube-linter no-anti-affinity; kube-score statefulset-has-host-podantiaffinity, pod-topology-spread-constraints; https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/',
  *find(manifests) {
    const guarded = withBudget(manifests);
    for (const manifest of manifests.withPods) {
      const asked = manifest.kind === 'StatefulSet' || (manifest.kind === 'Deployment' && guarded.has(manifest));
      yield* strangers(manifest);
      if (!asked || (scaleOf(manifest, manifests)?.min ?? 0) < 2 || isSpread(manifest.pod)) continue;
      yield {
        manifest,
        field: `${manifest.pod.path}.spec.affinity`,
        message: 'nothing keeps its pods apart, so that one node may run them all',
        fix: 'add a podAntiAffinity on kubernetes.io/hostname, or topologySpreadConstraints, that select these pods',
      };
    }
  },
};

function withBudget(manifests: Manifests): ReadonlySet<Manifest> {
  const budgets = manifests.ofKind('PodDisruptionBudget').filter(({ group }) => group === 'policy');
  const selections = budgets.map((budget) => podsOf(manifests).select(fields(budget.object, 'spec', 'selector'), beside(budget)));
  return new Set(selections.flatMap(({ found, certain }) => (certain ? found : [])));
}

function isSpread({ spec, labels }: PodTemplate): boolean {
  const anti = ['affinity', 'podAntiAffinity'];
  const terms = [
    ...list(spec, ...anti, 'requiredDuringSchedulingIgnoredDuringExecution'),
    ...list(spec, ...anti, 'preferredDuringSchedulingIgnoredDuringExecution').map((preferred) => at(preferred, 'podAffinityTerm')),
    ...list(spec, 'topologySpreadConstraints'),
  ];
  return terms.some((term) => isAbout(term, labels));
}

/** No selector at all selects nothing, an empty one everything. */
function isAbout(term: unknown, labels: Readonly<Record<string, string>>): boolean {
  const selector = at(term, 'labelSelector');
  return isFields(selector) && selects(selector, labels);
}

/** A constraint that does not select the pods it is on counts others, and spreads nothing. */
function* strangers(manifest: WithPods): Iterable<Found> {
  const { pod } = manifest;
  for (const [i, constraint] of list(pod.spec, 'topologySpreadConstraints').entries()) {
    if (isAbout(constraint, pod.labels)) continue;
    const message = `the constraint on ${text(constraint, 'topologyKey') ?? 'no topology'} does not select the pods it is on, so it spreads nothing`;
    yield {
      manifest,
      field: `${pod.path ? `${pod.path}.` : ''}spec.topologySpreadConstraints[${i}].labelSelector`,
      message,
      fix: 'select the labels of the pod template',
    };
  }
}

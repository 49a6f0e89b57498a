import { allOf } from '../compare/kinds';
import { type Comparison, touches } from '../compare/pairs';
import { counted } from '../compare/words';
import { replicasOf, selecting, type Workload } from '../compare/workload';
import { fields } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { type Note, note } from './note';
import { share } from './rollout';

/**
 * Disruption budgets that let no pod be evicted any more, so that a drain of a node waits for ever. They hold up drains only, never a
 * rollout.
 *
 * https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export function budgetNotes(comparison: Comparison): Note[] {
  if (!touches(comparison, 'PodDisruptionBudget', 'HorizontalPodAutoscaler', ...COUNTED)) return [];
  const { before, after } = comparison;
  return allOf(after, 'policy', 'PodDisruptionBudget').flatMap((budget) => {
    const now = state(budget, after);
    const was = before.get(budget.group, 'PodDisruptionBudget', budget.namespace, budget.name);
    if (!now || now.allowed > 0 || (was && (state(was, before)?.allowed ?? 1) <= 0)) return [];
    const names = listed(now.workloads.map(({ title }) => title));
    const message = `of ${counted(now.pods, 'pod')} of ${names} none may be evicted: a drain of its node waits for ever`;
    return [note('risky', budget.title, message, { fix: 'set maxUnavailable: 1, or take the budget out where there is one pod' })];
  });
}

/** Undefined where nothing in the tree is known to be selected. */
function state(budget: Manifest, all: Manifests): { allowed: number; pods: number; workloads: readonly Workload[] } | undefined {
  const spec = fields(budget.object, 'spec');
  const takes = selecting(fields(spec, 'selector'));
  const workloads = all.withPods.filter(
    ({ kind, namespace, pod }) => COUNTED.includes(kind) && namespace === budget.namespace && takes(pod.labels),
  );
  const pods = workloads.reduce((sum, workload) => sum + replicasOf(workload, all), 0);
  if (pods === 0) return undefined;
  const allowed =
    spec.maxUnavailable !== undefined ? share(spec.maxUnavailable, pods, Math.ceil) : pods - share(spec.minAvailable ?? 1, pods, Math.ceil);
  return { allowed, pods, workloads };
}

const COUNTED = ['Deployment', 'StatefulSet', 'ReplicaSet'];

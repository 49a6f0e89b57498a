import { k8s } from 'cdk8s-plus-27';
import { BOOTSTRAP_LABELS } from './patroni';
import type { HaPostgresPlan } from './plan';

/**
 * Lets a node drain take one member at a time.
 *
 * Nothing for a single member: a budget there would block every drain for ever.
 */
export function disruptionBudget(plan: HaPostgresPlan): k8s.KubePodDisruptionBudgetProps | undefined {
  if (plan.members === 1) return undefined;
  const { minAvailable, maxUnavailable = 1 } = plan.props.disruptionBudget ?? {};
  return {
    metadata: plan.metadata(plan.names.cluster, 'database'),
    spec: {
      ...(minAvailable === undefined
        ? { maxUnavailable: k8s.IntOrString.fromNumber(maxUnavailable) }
        : { minAvailable: k8s.IntOrString.fromNumber(minAvailable) }),
      unhealthyPodEvictionPolicy: 'AlwaysAllow', // a member that never became ready must not hold a drain up
      selector: {
        matchLabels: plan.selector('database'),
        // A pod under two budgets cannot be evicted at all: the API answers with an error, not with "later".
        ...(plan.protectBootstrap && { matchExpressions: Object.keys(BOOTSTRAP_LABELS).map((key) => ({ key, operator: 'DoesNotExist' })) }),
      },
    },
  };
}

/** Makes a drain wait for a member whose data is being copied: hours of work would begin anew elsewhere. */
export function bootstrapBudget(plan: HaPostgresPlan): k8s.KubePodDisruptionBudgetProps | undefined {
  if (!plan.protectBootstrap || plan.members === 1) return undefined;
  return {
    metadata: plan.metadata(plan.names.bootstrapBudget, 'database'),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(0),
      selector: { matchLabels: { ...plan.selector('database'), ...BOOTSTRAP_LABELS } },
    },
  };
}

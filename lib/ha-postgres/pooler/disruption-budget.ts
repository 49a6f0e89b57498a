import { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from '../plan';
import type { PoolerPlan } from './plan';

/** Lets a node drain take one at a time; nothing for a single one, which would block every drain for ever. */
export function poolerDisruptionBudget(plan: HaPostgresPlan, { replicas }: PoolerPlan): k8s.KubePodDisruptionBudgetProps | undefined {
  if (replicas === 1) return undefined;
  return {
    metadata: plan.metadata(plan.names.pooler, 'pooler'),
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: plan.selector('pooler') },
    },
  };
}

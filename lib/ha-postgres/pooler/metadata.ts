import type { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from '../plan';

/** Without the annotations that keep the database's objects: a pooler holds nothing, and shall go when Git no longer has it. */
export function poolerMetadata(plan: HaPostgresPlan): k8s.ObjectMeta {
  const { name, labels } = plan.metadata(plan.names.pooler, 'pooler');
  return { name, labels };
}

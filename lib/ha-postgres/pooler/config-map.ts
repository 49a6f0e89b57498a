import type { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from '../plan';
import { poolerMetadata } from './metadata';
import type { PoolerPlan } from './plan';
import { poolerConfiguration } from './settings';

/** What Git says of PgBouncer; a running one takes changes up without a restart. */
export function poolerConfigMap(plan: HaPostgresPlan, pooler: PoolerPlan): k8s.KubeConfigMapProps {
  return { metadata: poolerMetadata(plan), data: { 'pgbouncer.ini': poolerConfiguration(plan, pooler) } };
}

import type { k8s } from 'cdk8s-plus-27';
import { WITHOUT_SUBSTITUTION } from '../config-maps';
import type { HaPostgresPlan } from '../plan';
import { poolerScripts } from '../scripts';
import type { PoolerPlan } from './plan';
import { poolerConfiguration } from './settings';

/** What Git says of PgBouncer, which a running one takes up without a restart; and the scripts beside it. */
export function poolerConfigMap(plan: HaPostgresPlan, pooler: PoolerPlan): k8s.KubeConfigMapProps {
  return {
    metadata: { ...plan.metadata(plan.names.pooler, 'pooler'), annotations: WITHOUT_SUBSTITUTION },
    data: { 'pgbouncer.ini': poolerConfiguration(plan, pooler), ...poolerScripts().files },
  };
}

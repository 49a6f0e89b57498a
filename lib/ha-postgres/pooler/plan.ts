import type { HaPostgresNames } from '../plan';
import type { HaPostgresProps } from '../props';

/** Everything that is derived from the props of the pooler. */
export interface PoolerPlan {
  readonly name: string;
}

export function planPooler(props: HaPostgresProps, names: HaPostgresNames): PoolerPlan | undefined {
  return props.pooler && { name: names.pooler };
}

export type { PoolerPlan } from './plan';
export { Pooler } from './pooler';

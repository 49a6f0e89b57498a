export { type PoolerPlan, planPooler } from './plan';
export { Pooler } from './pooler';

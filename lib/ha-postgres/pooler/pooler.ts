import { Construct } from 'constructs';
import type { HaPostgresPlan } from '../plan';
import type { PoolerPlan } from './plan';

/** PgBouncer in front of the leader. */
export class Pooler extends Construct {
  constructor(scope: Construct, id: string, _plan: HaPostgresPlan, _pooler: PoolerPlan) {
    super(scope, id);
  }
}

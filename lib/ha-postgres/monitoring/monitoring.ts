import { Construct } from 'constructs';
import type { HaPostgresPlan } from '../plan';
import type { MonitoringPlan } from './plan';

/** What Prometheus and Grafana read. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, _plan: HaPostgresPlan, _monitoring: MonitoringPlan) {
    super(scope, id);
  }
}

import type { HaPostgresProps } from '../props';

/** Everything that is derived from the props of monitoring. */
export interface MonitoringPlan {
  /** Role of the exporter. */
  readonly role: string;
}

export function planMonitoring(props: HaPostgresProps): MonitoringPlan | undefined {
  return props.monitoring && { role: 'monitor' };
}

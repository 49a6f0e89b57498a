import type { HaPostgresPlan } from '../plan';

/** Writes the selector of a metric: `series('up', 'endpoint="metrics"')` → `up{namespace="shop",cluster="orders",endpoint="metrics"}`. */
export type Series = (metric: string, ...more: string[]) => string;

/** Metrics of this instance's members. */
export function memberSeries(plan: HaPostgresPlan): Series {
  const own = namespaceSeries(plan);
  return (metric, ...more) => own(metric, `cluster="${plan.names.cluster}"`, ...more);
}

/** Metrics of other objects in the namespace; where it is not known, of all namespaces. */
export function namespaceSeries({ namespace }: HaPostgresPlan): Series {
  return (metric, ...more) => `${metric}{${[...(namespace ? [`namespace="${namespace}"`] : []), ...more].join(',')}}`;
}

/** The labels that name a member. */
export const BY_POD = 'by (namespace, cluster, pod)';

/** Seconds as Prometheus writes them: `90s`, `5m`, `26h`. */
export function promDuration(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

import type { k8s } from 'cdk8s-plus-27';
import type { Placement } from '../platform';
import type { Component, HaPostgresPlan } from './plan';

/** Hosts and zones of their own: as far as possible, or two pods of a component never on one host. */
export function scheduling(plan: HaPostgresPlan, component: Component, placement: Placement = {}): Partial<k8s.PodSpec> {
  const labelSelector = { matchLabels: plan.selector(component) };
  const term: k8s.PodAffinityTerm = { topologyKey: 'kubernetes.io/hostname', labelSelector };
  return {
    affinity: {
      podAntiAffinity:
        placement.spread === 'required'
          ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
          : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
    ],
    ...nodes(placement),
  };
}

/** On which nodes pods may be, and before which others. */
export function nodes({ nodeSelector, tolerations, priorityClassName }: Placement = {}): Partial<k8s.PodSpec> {
  return {
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && {
      tolerations: tolerations.map((t) => ({ ...t, operator: t.value === undefined ? 'Exists' : 'Equal' })),
    }),
    ...(priorityClassName && { priorityClassName }),
  };
}

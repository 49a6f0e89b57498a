/** Labels of every object of an instance: what it is, whose, and which part. */
export function standardLabels(application: string, instance: string, component: string): Record<string, string> {
  return { ...selectorLabels(application, instance, component), 'app.kubernetes.io/managed-by': 'cdk8s-stateful' };
}

/** The part of them that selectors use. It can never change: a workload's selector is immutable. */
export function selectorLabels(application: string, instance: string, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': application,
    'app.kubernetes.io/instance': instance,
    'app.kubernetes.io/component': component,
  };
}

/** Neither Argo CD nor Flux removes what carries these: with it, data or a cluster's state would go. */
export const KEEP: Record<string, string> = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};

/** Whether a pod with these labels is found by this selector. */
export function selects(selector: Record<string, string>, labels: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Labels as `kubectl get -l` takes them. */
export function keyValues(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}

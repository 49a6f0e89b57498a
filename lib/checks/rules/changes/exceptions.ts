import { settledTemplate } from '../../compare/defaults';
import type { Pair } from '../../compare/pairs';
import { same } from '../../compare/same';
import { without } from '../../compare/without';
import { at, type Fields, fields, list, text } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';

/** Changes of otherwise immutable fields that the API server takes, or that never reach it. */

/** Helm and Argo CD delete a hook before they make it anew; with force they do the same where a change is refused. */
export function recreated({ after }: Pair): boolean {
  const { annotations } = after;
  if (annotations['helm.sh/hook'] !== undefined || annotations['argocd.argoproj.io/hook'] !== undefined) return true;
  const options = (annotations['argocd.argoproj.io/sync-options'] ?? '').split(',').map((option) => option.trim());
  return options.includes('Force=true') || annotations['kustomize.toolkit.fluxcd.io/force']?.toLowerCase() === 'enabled';
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#mutable-scheduling-directives and #elastic-indexed-jobs */
export function jobTakes(pair: Pair, field: string): boolean {
  if (recreated(pair)) return true;
  const [before, after] = [fields(pair.before.object, 'spec'), fields(pair.after.object, 'spec')];
  if (field === 'spec.completions') {
    return text(after, 'completionMode') === 'Indexed' && after.completions !== undefined && after.completions === after.parallelism;
  }
  const suspended = before.suspend === true;
  const rest = (spec: Fields) => (suspended ? unscheduled(settledTemplate(spec.template)) : settledTemplate(spec.template));
  return same(rest(before), rest(after));
}

/** What may not change while a Job waits: all but where its pods may run. */
function unscheduled(template: Fields): Fields {
  const spec = without(fields(template, 'spec'), ['nodeSelector', 'tolerations', 'schedulingGates']);
  const affinity = without(fields(spec, 'affinity'), ['nodeAffinity']);
  return { spec: Object.keys(affinity).length > 0 ? { ...spec, affinity } : without(spec, ['affinity']) };
}

/** Of a pod that runs the images may change, and little else. */
export function podTakes(pair: Pair): boolean {
  const rest = ({ object }: Manifest) => {
    const { spec } = settledTemplate(object);
    const kept = without(fields({ spec }, 'spec'), ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']);
    const imageless = (name: string) => list(kept, name).map((container) => without(fields([container], 0), ['image', 'imagePullPolicy']));
    return { ...kept, containers: imageless('containers'), initContainers: imageless('initContainers') };
  };
  return recreated(pair) || same(rest(pair.before), rest(pair.after));
}

/** What is immutable once it is written, and not before. */
export function takenOnce(name: string): (pair: Pair, field: string) => boolean {
  return ({ before }, field) => field === `spec.${name}` && at(before.object, 'spec', name) === undefined;
}

/** A Secret or ConfigMap that is not marked as immutable. */
export function unsealed({ before }: Pair): boolean {
  return before.object.immutable !== true;
}

/**
 * Where a Service's address stays, or may change: the API server keeps what Git leaves out, and an address that Git writes for the
 * first time is most likely the one that is there.
 */
export function serviceTakes({ before, after }: Pair, field: string): boolean {
  const name = field.slice('spec.'.length);
  const [old, next] = [fields(before.object, 'spec'), fields(after.object, 'spec')];
  const types = [text(old, 'type') ?? 'ClusterIP', text(next, 'type') ?? 'ClusterIP'];
  if (types.includes('ExternalName')) return true;
  if (name === 'loadBalancerClass') return types.some((type) => type !== 'LoadBalancer');
  if (next[name] === undefined) return true;
  if (name === 'healthCheckNodePort') return old[name] === undefined || !needsHealthCheck(old) || !needsHealthCheck(next);
  if (name === 'ipFamilies') {
    return headless(old) || headless(next) || old[name] === undefined || at(old, name, 0) === at(next, name, 0);
  }
  if (headless(old) || headless(next)) return headless(old) && headless(next);
  return old[name] === undefined || (name === 'clusterIPs' && at(old, name, 0) === at(next, name, 0));
}

export function headless(service: Fields): boolean {
  return service.clusterIP === 'None' || at(service, 'clusterIPs', 0) === 'None';
}

function needsHealthCheck(service: Fields): boolean {
  return service.type === 'LoadBalancer' && service.externalTrafficPolicy === 'Local';
}

import { manifestsOf } from '../../../lib/checks/check';
import { type Comparison, comparisonOf } from '../../../lib/checks/compare/pairs';
import type { Manifests } from '../../../lib/checks/manifests/manifests';
import { type Review, reviewManifests } from '../../../lib/checks/review';
import { type CheckOptions, settingsOf } from '../../../lib/checks/settings';
import type { Json } from '../../support';

export function manifests(objects: readonly unknown[], options: CheckOptions = {}): Manifests {
  return manifestsOf(objects, settingsOf(options));
}

export function comparison(before: readonly unknown[], after: readonly unknown[]): Comparison {
  return comparisonOf(manifests(before), manifests(after));
}

export function review(before: readonly unknown[], after: readonly unknown[], options: CheckOptions = {}): Review {
  return reviewManifests(manifests(before, options), manifests(after, options), settingsOf(options));
}

/** An object of any kind in namespace shop; `rest` is merged into it, deeply. */
export function object(apiVersion: string, kind: string, name: string, rest: object = {}): Json {
  return merged({ apiVersion, kind, metadata: { name, namespace: 'shop' } }, rest);
}

/** Maps are merged, lists and all else replaced; undefined takes a field out. */
export function merged(base: Json, change: Json): Json {
  const both = (value: Json) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!both(base) || !both(change)) return change;
  const result = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) delete result[key];
    else result[key] = Object.hasOwn(result, key) ? merged(result[key], value) : value;
  }
  return result;
}

export const LABELS = { app: 'orders' };

export function template(container: object = {}, spec: object = {}, metadata: object = {}): Json {
  return {
    metadata: { labels: LABELS, ...metadata },
    spec: { containers: [{ name: 'app', image: 'example/app:1.0', ...container }], ...spec },
  };
}

export function deployment(rest: object = {}, pod: Json = template(), name = 'orders'): Json {
  return object('apps/v1', 'Deployment', name, merged({ spec: { replicas: 2, selector: { matchLabels: LABELS }, template: pod } }, rest));
}

export function claimTemplate(name = 'data', storage = '10Gi', rest: object = {}): Json {
  return merged({ metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } }, rest);
}

export function statefulSet(rest: object = {}, pod: Json = template(), name = 'orders'): Json {
  const spec = {
    replicas: 3,
    serviceName: 'orders-pods',
    selector: { matchLabels: LABELS },
    template: pod,
    volumeClaimTemplates: [claimTemplate()],
  };
  return object('apps/v1', 'StatefulSet', name, merged({ spec }, rest));
}

export function service(rest: object = {}, name = 'orders'): Json {
  return object('v1', 'Service', name, merged({ spec: { selector: LABELS, ports: [{ name: 'http', port: 80 }] } }, rest));
}

export function configMap(data: object, name = 'orders-settings'): Json {
  return object('v1', 'ConfigMap', name, { data });
}

/** Annotations with which neither Argo CD nor Flux deletes an object. */
export const PROTECTED = {
  metadata: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } },
};

export const messages = (notes: readonly { readonly risk: string; readonly message: string }[]) =>
  notes.map(({ risk, message }) => `${risk}: ${message}`);

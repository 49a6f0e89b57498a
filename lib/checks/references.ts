import { type Fields, fields, isFields, list, text } from './look';
import type { Manifest, PodTemplate } from './manifests';

/** One object that another names. */
export interface Reference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** Where it is named. */
  readonly field: string;
  /** It may be missing: the pod starts all the same. */
  readonly optional: boolean;
  /** The keys of a Secret or ConfigMap that are asked for; empty for all. */
  readonly keys: readonly string[];
  /** How a pod sees it: a change of content reaches mounted files without a restart, an environment only with one. */
  readonly as: 'files' | 'environment' | 'other';
}

/** What the pods of an object name: Secrets, ConfigMaps, claims, the service account. */
export function podReferences({ namespace, pod }: Manifest & { readonly pod: PodTemplate }): Reference[] {
  const at = pod.path ? `${pod.path}.spec` : 'spec';
  const account = text(pod.spec, 'serviceAccountName');
  return [
    ...(account ? [reference('ServiceAccount', account, namespace, `${at}.serviceAccountName`)] : []),
    ...list(pod.spec, 'imagePullSecrets').flatMap((entry, i) => named('Secret', entry, namespace, `${at}.imagePullSecrets[${i}]`, 'name')),
    ...list(pod.spec, 'volumes').flatMap((volume, i) => volumeReferences(fields(volume), namespace, `${at}.volumes[${i}]`)),
    ...pod.containers.flatMap(({ spec, path }) => [
      ...list(spec, 'env').flatMap((entry, i) => environment(fields(entry, 'valueFrom'), namespace, `${path}.env[${i}].valueFrom`)),
      ...list(spec, 'envFrom').flatMap((entry, i) => source(fields(entry), namespace, `${path}.envFrom[${i}]`)),
    ]),
  ];
}

function environment(from: Fields, namespace: string, field: string): Reference[] {
  const key = (entry: unknown) => [text(entry, 'key')].filter((k) => k !== undefined);
  return [
    ...named('Secret', from.secretKeyRef, namespace, `${field}.secretKeyRef`, 'name', 'environment', key(from.secretKeyRef)),
    ...named('ConfigMap', from.configMapKeyRef, namespace, `${field}.configMapKeyRef`, 'name', 'environment', key(from.configMapKeyRef)),
  ];
}

function source(from: Fields, namespace: string, field: string): Reference[] {
  return [
    ...named('Secret', from.secretRef, namespace, `${field}.secretRef`, 'name', 'environment'),
    ...named('ConfigMap', from.configMapRef, namespace, `${field}.configMapRef`, 'name', 'environment'),
  ];
}

function volumeReferences(volume: Fields, namespace: string, field: string): Reference[] {
  const items = (entry: unknown) => list(entry, 'items').flatMap((item) => text(item, 'key') ?? []);
  const files = (entry: Fields, below: string, secretName: string): Reference[] => [
    ...named('Secret', entry.secret, namespace, `${below}.secret`, secretName, 'files', items(entry.secret)),
    ...named('ConfigMap', entry.configMap, namespace, `${below}.configMap`, 'name', 'files', items(entry.configMap)),
  ];
  return [
    ...files(volume, field, 'secretName'),
    ...list(volume, 'projected', 'sources').flatMap((entry, i) => files(fields(entry), `${field}.projected.sources[${i}]`, 'name')),
    ...named('PersistentVolumeClaim', volume.persistentVolumeClaim, namespace, `${field}.persistentVolumeClaim`, 'claimName'),
  ];
}

function named(
  kind: string,
  holder: unknown,
  namespace: string,
  field: string,
  nameField: string,
  as: Reference['as'] = 'other',
  keys: readonly string[] = [],
): Reference[] {
  const name = text(holder, nameField);
  if (!isFields(holder) || !name) return [];
  return [{ ...reference(kind, name, namespace, `${field}.${nameField}`), optional: holder.optional === true, keys, as }];
}

function reference(kind: string, name: string, namespace: string, field: string): Reference {
  return { group: '', kind, name, namespace, field, optional: false, keys: [], as: 'other' };
}

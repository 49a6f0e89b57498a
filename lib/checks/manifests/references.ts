import { at, type Fields, fields, isFields, list, text } from './look';
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
  const path = pod.path ? `${pod.path}.spec` : 'spec';
  const account = text(pod.spec, 'serviceAccountName') ? 'serviceAccountName' : 'serviceAccount'; // the old name still counts
  return [
    ...named('ServiceAccount', pod.spec, namespace, path, account),
    ...list(pod.spec, 'imagePullSecrets').flatMap((entry, i) =>
      named('Secret', entry, namespace, `${path}.imagePullSecrets[${i}]`, 'name'),
    ),
    ...list(pod.spec, 'volumes').flatMap((volume, i) => volumeReferences(fields(volume), namespace, `${path}.volumes[${i}]`)),
    ...pod.containers.flatMap(({ spec, path: container }) => [
      ...list(spec, 'env').flatMap((entry, i) => environment(fields(entry, 'valueFrom'), namespace, `${container}.env[${i}].valueFrom`)),
      ...list(spec, 'envFrom').flatMap((entry, i) => source(fields(entry), namespace, `${container}.envFrom[${i}]`)),
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
    ...driverReferences(volume, namespace, field),
  ];
}

/** Drivers log in to their storage with a Secret, which they read themselves. */
const DRIVERS: readonly (readonly [driver: string, secret: string, nameField: string])[] = [
  ['azureFile', '', 'secretName'],
  ['cephfs', 'secretRef', 'name'],
  ['csi', 'nodePublishSecretRef', 'name'],
  ['flexVolume', 'secretRef', 'name'],
  ['iscsi', 'secretRef', 'name'],
  ['rbd', 'secretRef', 'name'],
  ['scaleIO', 'secretRef', 'name'],
  ['storageos', 'secretRef', 'name'],
];

function driverReferences(volume: Fields, namespace: string, field: string): Reference[] {
  return DRIVERS.filter(([driver]) => isFields(volume[driver])).flatMap(([driver, secret, nameField]) => {
    const path = secret ? [driver, secret] : [driver];
    const classes = named(
      'SecretProviderClass',
      at(volume, driver, 'volumeAttributes'),
      namespace,
      `${field}.csi.volumeAttributes`,
      'secretProviderClass',
    );
    return [
      ...named('Secret', at(volume, ...path), namespace, [field, ...path].join('.'), nameField),
      ...classes.map((found) => ({ ...found, group: 'secrets-store.csi.x-k8s.io' })),
    ];
  });
}

/** The object that a field names, if it names one; no `kind` makes none. */
export function named(
  kind: string,
  holder: unknown,
  namespace: string,
  field: string,
  nameField: string,
  as: Reference['as'] = 'other',
  keys: readonly string[] = [],
): Reference[] {
  const name = text(holder, nameField);
  if (!isFields(holder) || !name || !kind) return [];
  return [{ group: '', kind, name, namespace, field: `${field}.${nameField}`, optional: holder.optional === true, keys, as }];
}

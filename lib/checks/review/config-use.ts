import type { Comparison } from '../compare/pairs';
import { same } from '../compare/same';
import { referencesOf, type Workload } from '../compare/workload';
import { fields, list, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import type { Reference } from '../manifests/references';

/** A ConfigMap or Secret whose content changes, and how pods of a workload see it. */
export interface ConfigUse {
  readonly config: Manifest;
  /** The keys that change. */
  readonly keys: readonly string[];
  /** `files` follow by themselves; `copies` (by subPath) and `environment` are as they were when the container started. */
  readonly as: 'files' | 'copies' | 'environment';
}

/** ConfigMaps and Secrets whose content changes, by identity. */
export type ChangedConfigs = ReadonlyMap<string, { readonly config: Manifest; readonly keys: readonly string[] }>;

export function changedConfigs({ changed }: Comparison): ChangedConfigs {
  const found = new Map<string, { config: Manifest; keys: string[] }>();
  for (const { before, after } of changed) {
    if (after.group !== '' || !['ConfigMap', 'Secret'].includes(after.kind)) continue;
    const keys = changedKeys(before, after);
    if (keys.length > 0) found.set(after.identity, { config: after, keys });
  }
  return found;
}

function changedKeys(before: Manifest, after: Manifest): string[] {
  const content = ({ object }: Manifest) => ({
    ...fields(object, 'data'),
    ...fields(object, 'binaryData'),
    ...fields(object, 'stringData'),
  });
  const [old, next] = [content(before), content(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => !same(old[key], next[key]));
}

/** The changed configuration that pods of a workload use; one entry for each object and way of using it. */
export function configUses(workload: Workload, configs: ChangedConfigs): ConfigUse[] {
  if (configs.size === 0) return [];
  const found = new Map<string, ConfigUse>();
  for (const reference of referencesOf(workload)) {
    const change = configs.get(`${reference.group}/${reference.kind}/${reference.namespace}/${reference.name}`);
    if (!change || reference.as === 'other') continue;
    const keys = reference.keys.length === 0 ? change.keys : change.keys.filter((key) => reference.keys.includes(key));
    for (const as of keys.length > 0 ? ways(reference, workload) : []) {
      const id = `${as} ${change.config.identity}`;
      const all = new Set([...(found.get(id)?.keys ?? []), ...keys]);
      found.set(id, { config: change.config, keys: [...all], as });
    }
  }
  return [...found.values()];
}

/** A volume may be mounted whole in one container and by subPath in another. */
function ways(reference: Reference, { pod }: Workload): ConfigUse['as'][] {
  if (reference.as !== 'files') return ['environment'];
  const index = Number(/volumes\[(\d+)\]/.exec(reference.field)?.[1] ?? -1);
  const volume = text(pod.spec, 'volumes', index, 'name');
  const mounts = pod.containers.flatMap(({ spec }) => list(spec, 'volumeMounts')).filter((mount) => text(mount, 'name') === volume);
  const copied = (mount: unknown) => Boolean(text(mount, 'subPath') ?? text(mount, 'subPathExpr'));
  const found: ConfigUse['as'][] = [];
  if (mounts.some((mount) => !copied(mount))) found.push('files');
  if (mounts.some(copied)) found.push('copies');
  return found;
}

import type { Workload } from '../connections';
import { at, isFields, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { podReferences } from '../manifests/references';

/** Something that workloads use, and what to write of it. */
export interface Used {
  readonly key: string;
  readonly name: string;
  readonly lines: readonly string[];
}

/** What outlives a pod or lies on its node: claims, and volumes of other kinds; not what is empty at each start. */
export function volumesOf({ manifest, namespace }: Workload, manifests: Manifests): Used[] {
  const replicas = at(manifest.object, 'spec', 'replicas');
  const times = typeof replicas === 'number' && replicas !== 1 ? ` ×${replicas}` : '';
  const templates = list(manifest.object, 'spec', 'volumeClaimTemplates').map((template) => {
    const name = text(template, 'metadata', 'name') ?? '';
    return { key: `${manifest.identity} ${name}`, name, lines: [`claim ${name}${sizeOf(template)}${times}`] };
  });
  const claims = podReferences(manifest).flatMap(({ kind, name }) => {
    if (kind !== 'PersistentVolumeClaim') return [];
    const claim = manifests.get('', kind, namespace, name);
    return [{ key: `claim ${namespace}/${name}`, name, lines: [`claim ${name}${claim ? sizeOf(claim.object) : ''}`] }];
  });
  const others = list(manifest.pod.spec, 'volumes').flatMap((volume) => {
    const name = text(volume, 'name') ?? '';
    const lines = otherLines(volume, name);
    return lines ? [{ key: `${manifest.identity} ${name}`, name, lines }] : [];
  });
  return [...templates, ...claims, ...others];
}

function otherLines(volume: unknown, name: string): string[] | undefined {
  const path = text(volume, 'hostPath', 'path');
  if (path !== undefined) return [`${path} of the node`];
  const [server, share] = [text(volume, 'nfs', 'server'), text(volume, 'nfs', 'path')];
  if (server !== undefined) return [`NFS ${server} ${share ?? ''}`];
  const template = at(volume, 'ephemeral', 'volumeClaimTemplate');
  if (isFields(template)) return [`claim ${name}${sizeOf(template)}, deleted with its pod`];
  const driver = text(volume, 'csi', 'driver');
  return driver === undefined ? undefined : [`${name} of ${driver}`];
}

function sizeOf(claim: unknown): string {
  const size = at(claim, 'spec', 'resources', 'requests', 'storage');
  return typeof size === 'string' || typeof size === 'number' ? ` ${size}` : '';
}

/** The Secrets that a workload's containers see, each with what makes it where the manifests say so. */
export function secretsOf({ manifest, namespace }: Workload, manifests: Manifests): Used[] {
  const names = podReferences(manifest).flatMap(({ kind, as, name }) => (kind === 'Secret' && as !== 'other' ? [name] : []));
  return [...new Set(names)].map((name) => ({
    key: `${namespace}/${name}`,
    name,
    lines: [`${name}${originOf(name, namespace, manifests)}`],
  }));
}

function originOf(name: string, namespace: string, manifests: Manifests): string {
  if (manifests.get('', 'Secret', namespace, name)) return '';
  const maker = manifests
    .ofKind('ExternalSecret', 'SealedSecret', 'Certificate')
    .find((object) => object.namespace === namespace && secretOf(object) === name);
  if (!maker) return ' (not among these files)';
  return ` (${maker.kind}${maker.name === name ? '' : ` ${maker.name}`})`;
}

function secretOf({ object, name }: Manifest): string {
  return text(object, 'spec', 'secretName') ?? text(object, 'spec', 'target', 'name') ?? name;
}

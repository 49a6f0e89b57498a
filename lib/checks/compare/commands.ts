import { text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';

/** An object as kubectl takes it: `statefulset orders -n shop`; a custom resource with its group, `cluster.postgresql.cnpg.io orders`. */
export function resource(manifest: Manifest, kind = manifest.kind, name = manifest.name): string {
  const own = kind === manifest.kind && manifest.group.includes('.') && !manifest.group.endsWith('.k8s.io');
  const type = own ? `${kind.toLowerCase()}.${manifest.group}` : kind.toLowerCase();
  return `${quoted(type)} ${quoted(name)}${namespaceFlag(manifest)}`;
}

/** ` -n shop`; nothing where the manifest leaves its namespace to whoever applies it. */
export function namespaceFlag({ object, namespace }: Manifest): string {
  const left = text(object, 'metadata', 'namespace') === undefined && namespace === 'default';
  return namespace && !left ? ` -n ${quoted(namespace)}` : '';
}

/** What a report prints is pasted into shells, so what comes from manifests is quoted where it is not plain. */
export function quoted(word: string): string {
  return /^[\w.:/=,@%+-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

import type { Manifest, Manifests } from '../manifests/manifests';

/** API groups, since others have kinds of the same name: Knative a Service, Calico a NetworkPolicy, Crossplane a Role. */
export const GROUPS = {
  core: [''],
  apps: ['apps'],
  batch: ['batch'],
  networking: ['networking.k8s.io', 'extensions'],
  policy: ['policy'],
  rbac: ['rbac.authorization.k8s.io'],
} as const satisfies Record<string, readonly string[]>;

export type Group = keyof typeof GROUPS;

export function isA(manifest: Manifest, group: Group, ...kinds: string[]): boolean {
  const groups: readonly string[] = GROUPS[group];
  return kinds.includes(manifest.kind) && groups.includes(manifest.group);
}

export function allOf(all: Manifests, group: Group, ...kinds: string[]): readonly Manifest[] {
  return all.ofKind(...kinds).filter((manifest) => isA(manifest, group, ...kinds));
}

import type { Manifest } from '../manifests/manifests';
import type { GitOpsTool } from '../settings';

/**
 * Whether an object that is gone from Git stays in the cluster: by what it says to each tool that may apply it. Flux looks at labels
 * too (fluxcd/pkg ssa/utils AnyInMetadata).
 *
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources,
 * https://fluxcd.io/flux/components/kustomize/kustomizations/#controlling-the-apply-behavior-of-resources
 */
export function kept({ annotations, labels }: Manifest, gitops: readonly GitOpsTool[]): boolean {
  const options = (annotations['argocd.argoproj.io/sync-options'] ?? '').split(',').map((option) => option.trim());
  const by: Readonly<Record<GitOpsTool, boolean>> = {
    argocd: options.includes('Prune=false') || options.includes('Prune=confirm'),
    flux: [annotations, labels].some((metadata) => metadata['kustomize.toolkit.fluxcd.io/prune']?.toLowerCase() === 'disabled'),
  };
  return gitops.length > 0 && gitops.every((tool) => by[tool]);
}

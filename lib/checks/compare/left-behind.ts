import { Manifests } from '../manifests/manifests';
import type { GitOpsTool } from '../settings';
import type { Comparison } from './pairs';
import { kept } from './protection';

/** A comparison of what is in the cluster: what is gone from Git and protected from pruning stays there. */
export function withLeftBehind(comparison: Comparison, gitops: readonly GitOpsTool[]): Comparison {
  const left = comparison.removed.filter((manifest) => kept(manifest, gitops));
  if (left.length === 0) return comparison;
  return {
    ...comparison,
    after: new Manifests([...comparison.after, ...left]),
    removed: comparison.removed.filter((manifest) => !left.includes(manifest)),
  };
}

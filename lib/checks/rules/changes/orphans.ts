import { resource } from '../../compare/commands';
import { comparisonOf } from '../../compare/pairs';
import { kept } from '../../compare/protection';
import { claimPolicy, claimTemplates, numbered, ordinalsOf } from '../../compare/workload';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { ChangeRule, Found } from '../../rule';
import type { GitOpsTool } from '../../settings';

/** STS-3: a StatefulSet that goes does not leave its data behind unseen, nor take it along. */
export const claimsFollow: ChangeRule = {
  id: 'STS-3',
  severity: 'warning',
  title: 'a StatefulSet that has claims is neither removed nor renamed',
  runs: ['review'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#persistentvolumeclaim-retention, KEP 1847',
  *compare(before, after, { gitops }) {
    const { removed, renamed } = comparisonOf(before, after);
    for (const manifest of removed) {
      if (manifest.kind !== 'StatefulSet' || claimTemplates(manifest).length === 0) continue;
      yield gone(manifest, renamed.find((pair) => pair.before === manifest)?.after, before, gitops);
    }
  },
};

function gone(manifest: Manifest, next: Manifest | undefined, all: Manifests, gitops: readonly GitOpsTool[]): Found {
  const { names, total } = claimsOf(manifest, all);
  const claims = listed(names, 6, total);
  const moved = next !== undefined && next.namespace !== manifest.namespace;
  const name = moved ? next.title : next?.name;
  const what = next ? `is now ${name}` : 'is gone';
  const fresh = next ? `, and ${name} begins with empty ones` : '';
  const back = next ? `keep the ${moved ? `namespace ${manifest.namespace}` : `name ${manifest.name}`}, or move the data over first` : '';
  const policy = 'set persistentVolumeClaimRetentionPolicy.whenDeleted to Retain in a commit of its own first';
  if (kept(manifest, gitops)) {
    const message = `it ${what}${next ? '' : ' from Git'}; being protected from pruning it goes on, with its claims ${claims}${fresh}`;
    return {
      manifest,
      field: '',
      message,
      fix: back || `when nothing needs the data any more, run \`kubectl delete ${resource(manifest)}\``,
    };
  }
  if (claimPolicy(manifest, 'whenDeleted') === 'Delete') {
    const message = `it ${what}, and whenDeleted: Delete deletes its claims ${claims} with their data${fresh}`;
    return {
      manifest,
      field: '',
      message,
      fix: back ? `${back}; or ${policy}` : `if the data is still wanted, ${policy}`,
      severity: 'error',
    };
  }
  const message = `it ${what}; its claims ${claims} stay, used by nothing${fresh}`;
  const later =
    names.length > 0
      ? `when nothing needs the data any more, run \`kubectl delete ${resource(manifest, 'pvc', names[0])}\`, and so on`
      : '';
  return { manifest, field: '', message, fix: back || later };
}

/** Names of a set's claims as the controller makes them: `data-orders-0`. */
export function claimsOf(set: Manifest, all: Manifests): { names: string[]; total: number } {
  const ordinals = ordinalsOf(set, all);
  const templates = claimTemplates(set);
  const names = templates.flatMap(({ name }) => numbered(`${name}-${set.name}`, ordinals));
  return { names, total: templates.length * (ordinals.end - ordinals.start) };
}

import { list, text, texts } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Found, Rule } from '../../rule';
import type { GitOpsTool } from '../../settings';
import { ARGOCD_OPTIONS, fluxSetting, syncOption } from './annotations';

/**
 * GIT-2: what is gone from Git is not gone from the cluster where data would go with it.
 *
 * A StatefulSet counts where it has claims of its own.
 */
export const keepsData: Rule = {
  id: 'GIT-2',
  severity: 'warning',
  title: 'what holds data is not pruned, nor deleted with its application',
  runs: ['synth', 'check'],
  source:
    'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources, https://fluxcd.io/flux/components/kustomize/kustomizations/#prune',
  *find(manifests, { gitops }) {
    for (const manifest of manifests.ofKind('Namespace', 'PersistentVolumeClaim', 'StatefulSet')) {
      const templates = manifest.kind === 'StatefulSet' ? list(manifest.object, 'spec', 'volumeClaimTemplates') : [];
      if (manifest.kind === 'StatefulSet' && templates.length === 0) continue;
      yield* unprotected(manifest, gitops);
      if (gitops.includes('argocd')) yield* unprotectedTemplates(manifest, templates);
    }
  },
};

type Marked = Pick<Manifest, 'annotations' | 'labels'>;

function* unprotected(manifest: Manifest, gitops: readonly GitOpsTool[]): Iterable<Found> {
  const argocd = gitops.includes('argocd') ? argocdRemoves(manifest) : [];
  const flux = gitops.includes('flux') && fluxSetting(manifest, 'prune') !== 'disabled';
  if (argocd.length === 0 && !flux) return;
  const who = [...(argocd.length > 0 ? [`Argo CD ${argocd.join(' and ')}`] : []), ...(flux ? ['Flux prunes'] : [])];
  const set = [...(argocd.length > 0 ? [KEEP_ARGOCD] : []), ...(flux ? ['kustomize.toolkit.fluxcd.io/prune: disabled'] : [])];
  const message = `${who.join(', and ')} it`;
  yield { manifest, field: 'metadata.annotations', message, fix: `annotate it with ${set.join(' and ')}` };
}

const KEEP_ARGOCD = `${ARGOCD_OPTIONS}: Prune=false,Delete=false`;

/** Of `prunes` and `deletes` what is not forbidden, and needs nobody's consent. */
function argocdRemoves(marked: Marked): string[] {
  const kept = (option: string) => ['false', 'confirm'].includes(syncOption(marked, option) ?? '');
  const helm = marked.annotations['helm.sh/resource-policy']?.split(',').some((policy) => policy.trim() === 'keep'); // is Delete=false
  return [...(kept('Prune') ? [] : ['prunes']), ...(kept('Delete') || helm ? [] : ['deletes'])];
}

/** Flux removes only what it applied, and never a claim that a StatefulSet made. Argo CD does if it tracks by a label that the claim has. */
function* unprotectedTemplates(manifest: Manifest, templates: readonly unknown[]): Iterable<Found> {
  const open = templates.filter((template) => {
    const marked = { annotations: texts(template, 'metadata', 'annotations'), labels: texts(template, 'metadata', 'labels') };
    return TRACKED in marked.labels && argocdRemoves(marked).length > 0;
  });
  if (open.length === 0) return;
  const names = listed(open.map((template) => text(template, 'metadata', 'name') ?? 'one without a name'));
  const message = `Argo CD, where it tracks by label, takes claims of ${names} for its own, and prunes them`;
  const fix = `annotate the claims, and in a new set its templates, with ${KEEP_ARGOCD}: those of a set that runs are immutable`;
  yield { manifest, field: 'spec.volumeClaimTemplates', message, fix };
}

/** Argo CD's label until 3.0, and since then where it is told to. */
const TRACKED = 'app.kubernetes.io/instance';

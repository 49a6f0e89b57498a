import type { Manifest } from '../../manifests/manifests';

/** What Argo CD, Flux and Helm read from an object's metadata. */
type Marked = Pick<Manifest, 'annotations' | 'labels'>;

export const ARGOCD_OPTIONS = 'argocd.argoproj.io/sync-options';

/**
 * Argo CD's options of one object: of `Prune=false,Delete=confirm` the value `confirm` for `Delete`.
 *
 * https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
 */
export function syncOption({ annotations }: Pick<Marked, 'annotations'>, option: string): string | undefined {
  const pairs = (annotations[ARGOCD_OPTIONS] ?? '').split(',').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === option)?.[1];
}

/**
 * What Flux is told about one object, as an annotation or as a label: `disabled` for `prune`.
 *
 * https://fluxcd.io/flux/components/kustomize/kustomizations/
 */
export function fluxSetting({ annotations, labels }: Marked, setting: 'prune' | 'force' | 'substitute'): string | undefined {
  const key = `kustomize.toolkit.fluxcd.io/${setting}`;
  return (annotations[key] ?? labels[key])?.toLowerCase();
}

/** Helm's hooks by the phase in which Argo CD runs them; the others it leaves out. */
const PHASES: Readonly<Record<string, string>> = {
  'pre-install': 'PreSync',
  'pre-upgrade': 'PreSync',
  'post-install': 'PostSync',
  'post-upgrade': 'PostSync',
  'pre-delete': 'PreDelete',
  'post-delete': 'PostDelete',
};

/** The hooks that an object is, as it says so: `PreSync`, `pre-install`. Argo CD's count, and only where there are none Helm's. */
export function hooks({ annotations }: Pick<Marked, 'annotations'>): readonly string[] {
  return (annotations['argocd.argoproj.io/hook'] || annotations['helm.sh/hook'] || '')
    .split(',')
    .map((hook) => hook.trim())
    .filter((hook) => hook !== '' && hook !== 'crd-install'); // that one is applied as all others are
}

/**
 * The phases in which Argo CD applies an object; `Sync` is where all but hooks go.
 *
 * https://argo-cd.readthedocs.io/en/stable/user-guide/helm/#helm-hooks
 */
export function phases(marked: Pick<Marked, 'annotations'>): readonly string[] {
  const own = hooks(marked);
  return own.length === 0 ? ['Sync'] : own.map((hook) => PHASES[hook] ?? hook);
}

/** Argo CD's wave: the lower ones are applied first, and have to be healthy before the next. */
export function wave({ annotations }: Pick<Marked, 'annotations'>): number {
  return Number.parseInt(annotations['argocd.argoproj.io/sync-wave'] ?? annotations['helm.sh/hook-weight'] ?? '0', 10) || 0;
}

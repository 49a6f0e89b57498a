import type { Manifest, Manifests, PodTemplate } from '../../manifests/manifests';
import { podReferences, type Reference } from '../../manifests/references';
import type { Found, Rule } from '../../rule';
import { hooks, phases, wave } from './annotations';

/**
 * GIT-4: Argo CD waits until a wave is healthy before it applies the next, so that nothing may wait for what comes later.
 *
 * A claim is the other way round: most storage classes bind it when a pod uses it, so that it is not healthy before.
 */
export const wavesInOrder: Rule = {
  id: 'GIT-4',
  severity: 'error',
  title: 'no wave or hook waits for an object of a later one',
  runs: ['synth', 'check'],
  source: 'https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/, argo-cd#12840',
  *find(manifests, { gitops }) {
    if (!gitops.includes('argocd')) return;
    const users = new Map<Manifest, WithPod[]>(); // of claims
    for (const manifest of manifests.withPods) {
      for (const reference of podReferences(manifest)) {
        const needed = manifests.get(reference.group, reference.kind, reference.namespace, reference.name);
        if (!needed || reference.optional) continue;
        if (needed.kind === 'PersistentVolumeClaim') users.set(needed, [...(users.get(needed) ?? []), manifest]);
        yield* waitsForLater(manifest, needed, reference);
      }
    }
    yield* earlyClaims(manifests, users);
  },
};

type WithPod = Manifest & { readonly pod: PodTemplate };

/** A CronJob is healthy at once, whatever becomes of its pods. */
function* waitsForLater(manifest: Manifest, needed: Manifest, { field }: Reference): Iterable<Found> {
  if (phases(manifest).includes('PreSync')) {
    const early = phases(needed).includes('PreSync');
    if (early && wave(needed) <= wave(manifest)) return;
    const message = early
      ? `this hook is in wave ${wave(manifest)}, and needs ${needed.title} of wave ${wave(needed)}`
      : `this hook runs before anything is applied, and needs ${needed.title}, which is not there at the first time`;
    const fix = early ? `put ${needed.title} in wave ${wave(manifest)} or lower` : FIX_HOOK;
    // Under Helm itself one that runs at upgrades alone finds what the installation made.
    const upgrades = hooks(manifest).every((hook) => hook !== 'PreSync' && hook !== 'pre-install');
    yield { manifest, field, message, fix, ...(upgrades && { severity: 'warning' as const }) };
  } else if (manifest.kind !== 'CronJob' && bothSynced(manifest, needed) && wave(needed) > wave(manifest)) {
    const message = `it is in wave ${wave(manifest)} and needs ${needed.title} of wave ${wave(needed)}, which waits for it`;
    yield { manifest, field, message, fix: `put ${needed.title} in wave ${wave(manifest)} or lower` };
  }
}

const FIX_HOOK = 'run it in the Sync phase, in a wave of its own, or make what it needs a PreSync hook of a lower wave';

function bothSynced(a: Manifest, b: Manifest): boolean {
  return phases(a).includes('Sync') && phases(b).includes('Sync');
}

function* earlyClaims(manifests: Manifests, users: ReadonlyMap<Manifest, readonly WithPod[]>): Iterable<Found> {
  for (const manifest of manifests.ofKind('PersistentVolumeClaim')) {
    const own = (users.get(manifest) ?? []).filter((user) => bothSynced(user, manifest));
    const first = Math.min(...own.map(wave));
    if (own.length === 0 || wave(manifest) >= first) continue;
    const who = own.find((user) => wave(user) === first)?.title;
    const message = `the claim is in wave ${wave(manifest)}, and is bound only when ${who} of wave ${first} uses it`;
    yield { manifest, field: "metadata.annotations['argocd.argoproj.io/sync-wave']", message, fix: `put the claim in wave ${first}` };
  }
}

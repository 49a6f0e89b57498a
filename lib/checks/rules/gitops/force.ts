import { at, list } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { ARGOCD_OPTIONS, fluxSetting, syncOption } from './annotations';

/** What would be lost with an object of the kind. */
const LOSES: Readonly<Record<string, string>> = {
  StatefulSet: 'its pods all at once, and with a retention policy of Delete its volumes',
  PersistentVolumeClaim: 'the volume',
  PersistentVolume: 'the volume',
  Namespace: 'everything in it',
  CustomResourceDefinition: 'every object of the kind',
};

/** GIT-1: a tool that may delete and make again what it cannot change does so at the first field that is immutable. */
export const noForce: Rule = {
  id: 'GIT-1',
  severity: 'error',
  title: 'nothing that holds data is replaced by force',
  runs: ['synth', 'check'],
  source:
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#force, https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/',
  *find(manifests, { gitops }) {
    for (const manifest of manifests) {
      const lost = Object.hasOwn(LOSES, manifest.kind) ? LOSES[manifest.kind] : undefined;
      if (lost && gitops.includes('flux')) yield* fluxForce(manifest, lost);
      if (lost && gitops.includes('argocd')) yield* argoForce(manifest, lost);
      if (manifest.group === 'kustomize.toolkit.fluxcd.io' && gitops.includes('flux')) yield* forceForAll(manifest);
      if (manifest.group === 'argoproj.io' && gitops.includes('argocd')) yield* replaceForAll(manifest);
    }
  },
};

function* fluxForce(manifest: Manifest, lost: string): Iterable<Found> {
  if (fluxSetting(manifest, 'force') !== 'enabled') return;
  const key = 'kustomize.toolkit.fluxcd.io/force';
  const field = `metadata.${manifest.annotations[key] === undefined ? 'labels' : 'annotations'}['${key}']`;
  const message = `Flux deletes it when a change is refused, a mistyped one too, and with it ${lost}`;
  yield { manifest, field, message, fix: 'remove force, and make such changes by hand' };
}

function* argoForce(manifest: Manifest, lost: string): Iterable<Found> {
  const force = syncOption(manifest, 'Force') === 'true';
  // Large CustomResourceDefinitions are replaced in place, which loses nothing.
  const replace = syncOption(manifest, 'Replace') === 'true' && manifest.kind !== 'CustomResourceDefinition';
  if (!force && !replace) return;
  const message = force
    ? `Argo CD deletes it to apply a change, and with it ${lost}`
    : 'Argo CD replaces it whole: fields that others set are lost, and a change of an immutable one is refused';
  const fix = `remove ${[force && 'Force=true', replace && 'Replace=true'].filter(Boolean).join(' and ')}`;
  yield { manifest, field: `metadata.annotations['${ARGOCD_OPTIONS}']`, message, fix };
}

/** Which objects it is about is not known here: so it is for a reviewer to say. */
function* forceForAll(manifest: Manifest): Iterable<Found> {
  if (manifest.kind !== 'Kustomization' || at(manifest.object, 'spec', 'force') !== true) return;
  const message = 'Flux deletes whatever it cannot change, StatefulSets and claims too';
  const fix = 'remove it, and annotate the Jobs that need it with kustomize.toolkit.fluxcd.io/force: enabled';
  yield { manifest, field: 'spec.force', message, fix, severity: 'warning' };
}

function* replaceForAll(manifest: Manifest): Iterable<Found> {
  const path = manifest.kind === 'ApplicationSet' ? ['spec', 'template', 'spec'] : ['spec'];
  const options = list(manifest.object, ...path, 'syncPolicy', 'syncOptions');
  const index = options.findIndex((option) => option === 'Replace=true' || option === 'Force=true');
  if (index === -1) return;
  const field = `${path.join('.')}.syncPolicy.syncOptions[${index}]`;
  const message = `${options[index]} is for all objects of the application, StatefulSets and claims too`;
  yield { manifest, field, message, fix: 'remove it, and annotate the objects that need it', severity: 'warning' };
}

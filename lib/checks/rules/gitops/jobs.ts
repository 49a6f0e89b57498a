import { hashSuffix, isNamedByPath } from '../../manifests/hash-name';
import { at, text } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Found, Rule } from '../../rule';
import type { GitOpsTool, Settings } from '../../settings';
import { fluxSetting, hooks, syncOption } from './annotations';

/**
 * GIT-3: a Job cannot be changed. So another one takes its place: by a name that holds a hash of what it does, as a hook, or because
 * the tool is told to replace it.
 */
export const jobsReplaced: Rule = {
  id: 'GIT-3',
  severity: 'error',
  title: 'a changed Job has another name, or is a hook; no object leaves its name to the API server',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/workloads/controllers/job/, argo-cd#9163, https://fluxcd.io/flux/use-cases/running-jobs/',
  *find(manifests, settings) {
    for (const manifest of manifests) {
      if (manifest.name === '' && text(manifest.object, 'metadata', 'generateName')) yield* generated(manifest, settings);
      else if (manifest.kind === 'Job' && manifest.group === 'batch') yield* fixedName(manifest, settings);
      if (manifest.kind === 'Job' && manifest.group === 'batch') yield* vanishes(manifest, settings);
    }
  },
};

function* generated(manifest: Manifest, { gitops }: Settings): Iterable<Found> {
  const argoHook = manifest.annotations['argocd.argoproj.io/hook'] !== undefined;
  if (argoHook && gitops.includes('argocd')) return;
  const message = 'it has a generateName and no name, which kubectl apply and Flux refuse';
  yield { manifest, field: 'metadata.generateName', message, fix: 'give it a name, of a Job with a hash of its pod template' };
}

function* fixedName(manifest: Manifest, { gitops }: Settings): Iterable<Found> {
  if (hooks(manifest).length > 0) return;
  const hash = hashSuffix(manifest.name);
  if (hash !== undefined && !isNamedByPath(manifest.name)) return;
  const stuck = gitops.filter((tool) => !replacesIt(manifest, tool));
  if (gitops.length > 0 && stuck.length === 0) return;
  const fix = 'end its name in a hash of its pod template, and leave ttlSecondsAfterFinished out';
  const field = 'metadata.name';
  if (hash !== undefined) {
    // It may be a hash of the content all the same: one in 256 begins so.
    const message = `the hash in ${manifest.name} looks like cdk8s's, which is of the construct's path and stays when the Job changes`;
    yield { manifest, field, message, fix, severity: 'warning' };
  } else {
    const where = stuck.length === 1 && gitops.length > 1 ? ` in ${TITLES[stuck[0] as GitOpsTool]}` : '';
    const message = `a change of it would be refused${where}: the pod template of a Job is immutable, and the name ${manifest.name} stays`;
    yield { manifest, field, message, fix };
  }
}

const TITLES: Readonly<Record<GitOpsTool, string>> = { argocd: 'Argo CD', flux: 'Flux' };

/** `Replace=true` alone does nothing for a Job (argo-cd#5882). */
function replacesIt(manifest: Manifest, tool: GitOpsTool): boolean {
  if (tool === 'flux') return fluxSetting(manifest, 'force') === 'enabled';
  return syncOption(manifest, 'Force') === 'true' && syncOption(manifest, 'Replace') === 'true';
}

/** What Kubernetes deletes is missing for the tool, which makes it anew. */
function* vanishes(manifest: Manifest, { gitops }: Settings): Iterable<Found> {
  const seconds = at(manifest.object, 'spec', 'ttlSecondsAfterFinished');
  if (typeof seconds !== 'number' || hooks(manifest).length > 0 || gitops.length === 0) return;
  const message = `it is deleted ${seconds} s after it ended, and ${listed(gitops.map((tool) => TITLES[tool]))} would run it again`;
  yield { manifest, field: 'spec.ttlSecondsAfterFinished', message, fix: 'leave it out', severity: 'warning' };
}

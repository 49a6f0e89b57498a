import type { Manifest, PodTemplate } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { problemsOf } from '../../schema/problems';

/** SCH-4: entries of a list are told apart by their keys. */
export const keysUnique: Rule = {
  id: 'SCH-4',
  severity: 'error',
  title: 'no list holds two entries with the same key: ports, environment, volumes, containers',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy, kubernetes/kubernetes#58477',
  *find(manifests, settings) {
    yield* problemsOf(manifests, settings).filter(({ rule }) => rule === 'SCH-4');
    for (const manifest of manifests.withPods) yield* sharedNames(manifest);
  },
};

/** Init containers and containers are two lists, whose names must differ all the same. */
function* sharedNames(manifest: Manifest & { readonly pod: PodTemplate }): Iterable<Found> {
  const main = new Set(manifest.pod.containers.filter(({ role }) => role === 'main').map(({ name }) => name));
  for (const { name, path, role } of manifest.pod.containers) {
    if (role === 'main' || name === '' || !main.has(name)) continue;
    const message = `a container of the pod is called ${name} too`;
    yield { manifest, field: `${path}.name`, message, fix: 'give one of the two another name' };
  }
}

/** SCH-6: one object is written once. */
export const objectsUnique: Rule = {
  id: 'SCH-6',
  severity: 'error',
  title: 'no object is written twice',
  runs: ['check'],
  source: 'Argo CD RepeatedResourceWarning; cdk8s writes such objects into one file, or one over the other',
  *find(manifests) {
    const first = new Map<string, Manifest>();
    for (const manifest of manifests) {
      if (!manifest.kind || !manifest.name) continue;
      const earlier = first.get(manifest.identity);
      if (!earlier) {
        first.set(manifest.identity, manifest);
        continue;
      }
      const message = `${manifest.title} is written twice${place(earlier)}, and what is applied last stays`;
      yield { manifest, field: 'metadata.name', message, fix: 'remove one of the two, or give it another name or namespace' };
    }
  },
};

function place({ origin }: Manifest): string {
  if (origin.file !== undefined) return `, first in ${origin.file}${origin.line === undefined ? '' : `:${origin.line}`}`;
  return origin.construct === undefined ? '' : `, first by ${origin.construct}`;
}

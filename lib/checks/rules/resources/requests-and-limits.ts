import { keepsData } from '../../manifests/databases';
import { at, fields, isFields, list, text } from '../../manifests/look';
import type { Container, Manifest, PodTemplate } from '../../manifests/manifests';
import { mayMeet } from '../../manifests/namespaces';
import { quantity } from '../../manifests/quantity';
import { isTestHook } from '../../manifests/workload';
import type { Found, Rule } from '../../rule';

type WithPods = Manifest & { readonly pod: PodTemplate };

/** RES-1: a node is not promised twice, and no pod takes more of it than was said. */
export const resourcesAreBounded: Rule = {
  id: 'RES-1',
  severity: 'error',
  title: 'containers request CPU and memory and limit memory, databases all of theirs; what pods write to a node is bounded',
  runs: ['synth', 'check'],
  source:
    'kube-linter unset-cpu-requirements, unset-memory-requirements; kube-score container-resources, container-ephemeral-storage-request-and-limit; https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
  *find(manifests) {
    const ranges = manifests.ofKind('LimitRange');
    for (const manifest of manifests.withPods) {
      if (isTestHook(manifest)) continue;
      const has = given(manifest, ranges);
      for (const container of manifest.pod.containers) {
        yield* unbounded(manifest, container, has);
      }
      yield* overcommitted(manifest);
      yield* unlimitedFolders(manifest);
      yield* unlimitedDisk(manifest, has);
    }
  },
};

/** Whether something says how much of a resource a container gets: itself, its pod, or its namespace by default. */
type Given = (container: Container, kind: 'requests' | 'limits', resource: string) => boolean;

function given(manifest: WithPods, ranges: readonly Manifest[]): Given {
  const defaults = ranges.filter((range) => mayMeet(range, manifest)).flatMap(({ object }) => list(object, 'spec', 'limits'));
  const forContainers = defaults.filter((limit) => text(limit, 'type') === 'Container');
  const says = (holder: unknown, field: string, resource: string) => (at(holder, field, resource) ?? null) !== null;
  return ({ spec }, kind, resource) => {
    const kinds = kind === 'limits' ? ['limits'] : ['requests', 'limits']; // without a request, the limit is one
    const byDefault = kind === 'limits' ? ['default'] : ['default', 'defaultRequest'];
    return (
      kinds.some((field) => says(spec.resources, field, resource) || says(manifest.pod.spec.resources, field, resource)) ||
      forContainers.some((limit) => byDefault.some((field) => says(limit, field, resource)))
    );
  };
}

const WANTED = [
  { kind: 'requests', resource: 'cpu', words: 'a CPU request' },
  { kind: 'requests', resource: 'memory', words: 'a memory request' },
  { kind: 'limits', resource: 'memory', words: 'a memory limit' },
] as const;

function* unbounded(manifest: WithPods, container: Container, has: Given): Iterable<Found> {
  const missing = WANTED.filter(({ kind, resource }) => !has(container, kind, resource));
  if (missing.length === 0) return;
  const message = `container ${container.name} has no ${missing.map(({ words }) => words.replace(/^a /, '')).join(', no ')}`;
  const fix = `set ${missing.map(({ kind, resource }) => `resources.${kind}.${resource}`).join(', ')}`;
  yield { manifest, field: `${container.path}.resources`, message, fix };
}

/**
 * Under pressure a node first evicts pods that use more memory than they request, and a database grows to its limit. The database is the
 * first container with a claim of its StatefulSet; others that have it, too, serve that one.
 */
function* overcommitted(manifest: WithPods): Iterable<Found> {
  const database = manifest.pod.containers.find(({ role, spec }) => role === 'main' && keepsData(spec, manifest));
  const [request, limit] = ['requests', 'limits'].map((kind) => at(database?.spec, 'resources', kind, 'memory'));
  const [low, high] = [quantity(request), quantity(limit)];
  if (!database || low === undefined || high === undefined || low === high) return;
  const message = `it keeps data, and may use ${limit} of memory but requests ${request}: above that it is the first to be evicted`;
  yield { manifest, field: `${database.path}.resources.requests.memory`, message, fix: `request ${limit}, too`, severity: 'warning' };
}

function* unlimitedFolders(manifest: WithPods): Iterable<Found> {
  const path = manifest.pod.path ? `${manifest.pod.path}.spec` : 'spec';
  for (const [i, volume] of list(manifest.pod.spec, 'volumes').entries()) {
    if (!isFields(volume) || !Object.hasOwn(volume, 'emptyDir') || at(volume, 'emptyDir', 'sizeLimit') !== undefined) continue;
    const inMemory = text(volume, 'emptyDir', 'medium') === 'Memory';
    const message = `the folder ${text(volume, 'name') ?? i} may fill ${inMemory ? "the pod's memory, or half of the node's" : 'the disk of the node'}`;
    yield { manifest, field: `${path}.volumes[${i}].emptyDir`, message, fix: 'set a sizeLimit', severity: 'warning' };
  }
}

/** What a container writes beside its volumes lies on the disk of the node; a root file system that it only reads is limit enough. */
function* unlimitedDisk(manifest: WithPods, has: Given): Iterable<Found> {
  const writing = manifest.pod.containers.filter(
    (container) =>
      fields(container.spec, 'securityContext').readOnlyRootFilesystem !== true && !has(container, 'limits', 'ephemeral-storage'),
  );
  const [first] = writing;
  if (!first) return;
  const message = `${writing.map(({ name }) => name).join(', ')} may fill the disk of the node: the root file system is writable, without a limit`;
  const fix = 'set readOnlyRootFilesystem: true, or requests and limits of ephemeral-storage';
  yield { manifest, field: `${first.path}.resources`, message, fix, severity: 'warning' };
}

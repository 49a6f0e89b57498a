import { type Fields, fields, isFields, text } from '../manifests/look';
import { type Manifest, Manifests } from '../manifests/manifests';
import { renamed } from './rename';
import { same } from './same';
import { without } from './without';

/** One object before and after. */
export interface Pair {
  readonly before: Manifest;
  readonly after: Manifest;
}

/** What became of each object of two trees. */
export interface Comparison {
  readonly before: Manifests;
  readonly after: Manifests;
  /** Only in the new tree; those with a new name too. */
  readonly added: readonly Manifest[];
  /** Only in the old tree; those with a new name too. */
  readonly removed: readonly Manifest[];
  /** Of the added and removed those that are most likely one object with another name: to the API server they are two. */
  readonly renamed: readonly Pair[];
  /** In both, and different. */
  readonly changed: readonly Pair[];
  /** In both, different or not, in the order of the new tree. */
  readonly both: readonly Pair[];
}

const made = new WeakMap<Manifests, WeakMap<Manifests, Comparison>>();

/** Compares two trees; a second call with the same two costs nothing. */
export function comparisonOf(before: Manifests, after: Manifests): Comparison {
  const known = made.get(before)?.get(after);
  if (known) return known;
  const comparison = compare(byIdentity(before), byIdentity(after));
  const others = made.get(before) ?? new WeakMap<Manifests, Comparison>();
  made.set(before, others.set(after, comparison));
  return comparison;
}

function compare(before: ReadonlyMap<string, Manifest>, after: ReadonlyMap<string, Manifest>): Comparison {
  const both: Pair[] = [];
  const added: Manifest[] = [];
  for (const [identity, manifest] of after) {
    const old = before.get(identity);
    if (old) both.push({ before: old, after: manifest });
    else added.push(manifest);
  }
  const removed = [...before].filter(([identity]) => !after.has(identity)).map(([, manifest]) => manifest);
  return {
    before: new Manifests([...before.values()]),
    after: new Manifests([...after.values()]),
    added,
    removed,
    renamed: renamed(removed, added),
    changed: both.filter((pair) => !same(written(pair.before.object), written(pair.after.object))),
    both,
  };
}

/** Whether an object of one of these kinds comes, goes or changes. */
export function touches({ added, removed, changed }: Comparison, ...kinds: string[]): boolean {
  return [...added, ...removed, ...changed.map(({ after }) => after)].some(({ kind }) => kinds.includes(kind));
}

/** Groups that moved: the API server serves the same object under both. */
const MOVED: Readonly<Record<string, string>> = {
  'extensions/Deployment': 'apps',
  'extensions/DaemonSet': 'apps',
  'extensions/ReplicaSet': 'apps',
  'extensions/Ingress': 'networking.k8s.io',
  'extensions/NetworkPolicy': 'networking.k8s.io',
};

/** Every object once: of two with one name the last, which is what applying both leaves. Those without a name are all different. */
function byIdentity(manifests: Manifests): Map<string, Manifest> {
  const found = new Map<string, Manifest>();
  const nameless = new Map<string, number>();
  for (const manifest of manifests) {
    const { group, kind, namespace, name } = manifest;
    const moved = `${group}/${kind}`;
    const identity = `${Object.hasOwn(MOVED, moved) ? MOVED[moved] : group}/${kind}/${namespace}/`;
    if (name) {
      found.set(identity + name, manifest);
    } else {
      const stem = `${identity}${text(manifest.object, 'metadata', 'generateName') ?? ''}`;
      const count = (nameless.get(stem) ?? 0) + 1;
      nameless.set(stem, count);
      found.set(`${stem}#${count}`, manifest);
    }
  }
  return found;
}

const SERVER_METADATA = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object without what the API server and its controllers write. */
export function written(object: Fields): Fields {
  const annotations = fields(object, 'metadata', 'annotations');
  const own = SERVER_METADATA.some((field) => Object.hasOwn(fields(object, 'metadata'), field)) || Object.hasOwn(annotations, LAST_APPLIED);
  if (!own && !Object.hasOwn(object, 'status')) return object;
  const metadata = without(fields(object, 'metadata'), SERVER_METADATA);
  const rest = without(object, ['status', 'metadata']);
  const kept = isFields(metadata.annotations) ? { ...metadata, annotations: without(annotations, [LAST_APPLIED]) } : metadata;
  return { ...rest, metadata: kept };
}

import { makersNamedIn } from './custom-resources';
import { ALWAYS, CLAIMS, keysOf, type Made, madeBy } from './made';
import type { Manifest, Manifests } from './manifests';
import { mayBeIn, mayMeet, placedByApplier } from './namespaces';
import type { Reference } from './references';

interface Entry extends Made {
  /** The object among the manifests that it is, or that it is made from; none for what is in every cluster. */
  readonly from?: Manifest;
}

const indexes = new WeakMap<Manifests, Existing>();

/** What is there once the manifests are applied: they themselves, what controllers make from them, and what every cluster has. */
export class Existing {
  public static of(manifests: Manifests): Existing {
    const known = indexes.get(manifests) ?? new Existing(manifests);
    indexes.set(manifests, known);
    return known;
  }

  private readonly entries = new Map<string, Entry[]>();
  private readonly namespaces = new Set<string>();

  private constructor(private readonly manifests: Manifests) {
    for (const made of ALWAYS) this.add(made);
    for (const manifest of manifests) {
      const { group, kind, name, namespace } = manifest;
      const keys = keysOf(manifest);
      this.add({ group, kind, name, namespace, from: manifest, ...(keys && { keys }) });
      for (const made of madeBy(manifest)) this.add({ ...made, from: manifest });
      this.namespaces.add(namespace);
    }
  }

  /** Whether an object that another names is there, or may be: some controllers make what only they know. */
  public has(reference: Reference, by: Manifest): boolean {
    return this.found(reference, by).length > 0 || isSystemRole(reference) || this.mayBeMade(reference, by);
  }

  /** Those of the keys that a reference asks for which its object has not; none where only the cluster knows. */
  public missingKeys(reference: Reference, by: Manifest): readonly string[] {
    const found = this.found(reference, by);
    if (found.length === 0 || found.some(({ keys }) => keys === undefined)) return [];
    return reference.keys.filter((key) => !found.some(({ keys }) => keys?.has(key)));
  }

  /** Namespaces other than the one asked for that have an object of that kind and name. */
  public elsewhere({ group, kind, name }: Reference): readonly string[] {
    return this.named(group, kind, name).flatMap(({ namespace }) => (namespace && namespace !== '*' ? namespace : []));
  }

  /** Those among the manifests that are named so, as far as they say where they are. */
  public objects(group: string, kind: string, namespace: string, name: string, by: Manifest): readonly Manifest[] {
    return this.found({ group, kind, namespace, name }, by).flatMap(({ from }) => (from?.kind === kind ? from : []));
  }

  /** Whether anything among the manifests is in that namespace: else it belongs to someone else. */
  public knows(namespace: string): boolean {
    return this.namespaces.has(namespace);
  }

  private add(entry: Entry): void {
    const key = `${entry.group}/${entry.kind}/${entry.name}`;
    const same = this.entries.get(key);
    if (same) same.push(entry);
    else this.entries.set(key, [entry]);
  }

  private named(group: string, kind: string, name: string): readonly Entry[] {
    return this.entries.get(`${group}/${kind}/${name}`) ?? [];
  }

  private found({ group, kind, name, namespace }: Omit<Made, 'keys'>, by: Manifest): readonly Entry[] {
    const template = kind === 'PersistentVolumeClaim' ? name.replace(/-\d+$/, '') : name;
    const candidates =
      template === name ? this.named(group, kind, name) : [...this.named(group, kind, name), ...this.named('', CLAIMS, template)];
    const besideBy = namespace === by.namespace && placedByApplier(by); // wherever that is
    return candidates.filter(
      (entry) => besideBy || namespace === entry.namespace || entry.namespace === '*' || (entry.from && mayBeIn(entry.from, namespace)),
    );
  }

  private mayBeMade({ kind, name }: Reference, by: Manifest): boolean {
    return MADE_BY_OPERATORS.has(kind) && makersNamedIn(name, this.manifests).some((maker) => mayMeet(maker, by));
  }
}

const MADE_BY_OPERATORS = new Set([
  'ConfigMap',
  'PersistentVolumeClaim',
  'Secret',
  'Service',
  'ServiceAccount',
  'Deployment',
  'StatefulSet',
]);

function isSystemRole({ kind, name }: Reference): boolean {
  return kind === 'ClusterRole' && name.startsWith('system:');
}

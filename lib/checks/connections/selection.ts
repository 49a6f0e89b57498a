import { type Fields, isFields } from '../manifests/look';
import { Requirements } from './requirements';

type Labels = Readonly<Record<string, string>>;

/** The label that Kubernetes itself puts on every namespace. */
export const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Pods by their labels and those of their namespaces: one peer of a NetworkPolicy, or what it applies to. */
export class Selection {
  public static readonly EVERY_POD = new Selection(Requirements.NONE, Requirements.NONE);

  /** Pods of one namespace. */
  public static within(namespace: string, podSelector: Fields): Selection {
    return new Selection(Requirements.of({ matchLabels: { [NAMESPACE_NAME]: namespace } }), Requirements.of(podSelector));
  }

  /** Those of a peer with selectors: one a namespace where it lists their names. Without a namespaceSelector, those of the policy's own. */
  public static ofPeer(peer: Fields, namespace: string): Selection[] {
    const pods = isFields(peer.podSelector) ? peer.podSelector : {};
    if (!isFields(peer.namespaceSelector)) return [Selection.within(namespace, pods)];
    const namespaces = Requirements.of(peer.namespaceSelector);
    const names = namespaces.valuesOf(NAMESPACE_NAME) ?? [];
    if (names.length < 2) return [new Selection(namespaces, Requirements.of(pods))];
    return names.map((name) => new Selection(Requirements.of(named(peer.namespaceSelector as Fields, name)), Requirements.of(pods)));
  }

  public readonly key: string;

  private constructor(
    public readonly namespaces: Requirements,
    public readonly pods: Requirements,
  ) {
    this.key = `${namespaces.key} ${pods.key}`;
  }

  /** The one namespace that it can be about; undefined where there may be several. */
  public get namespace(): string | undefined {
    const names = this.namespaces.valuesOf(NAMESPACE_NAME);
    return names?.length === 1 ? names[0] : undefined;
  }

  /** Whether it takes all pods of its namespaces, so that what it says of a pod depends on nothing but the namespace. */
  public get isWide(): boolean {
    return this.pods.isEmpty;
  }

  public matches(namespaceLabels: Labels, podLabels: Labels): boolean {
    return this.namespaces.matches(namespaceLabels) && this.pods.matches(podLabels);
  }

  /** Whether all pods that it takes are taken by another one. `labelsOf` gives the labels of a namespace, where they are known. */
  public implies(other: Selection, labelsOf: (namespace: string) => Labels | undefined): boolean {
    if (!this.pods.implies(other.pods)) return false;
    const known = this.namespace === undefined ? undefined : labelsOf(this.namespace);
    return known ? other.namespaces.matches(known) : this.namespaces.implies(other.namespaces);
  }

  /** `pods app=web of namespace till`. */
  public toString(): string {
    const pods = this.pods.isEmpty ? 'pods' : `pods ${this.pods}`;
    if (this.namespaces.isEmpty) return `${pods} of every namespace`;
    const plain = Requirements.of({ matchLabels: { [NAMESPACE_NAME]: this.namespace ?? '' } });
    return plain.key === this.namespaces.key ? `${pods} of namespace ${this.namespace}` : `${pods} of namespaces ${this.namespaces}`;
  }
}

function named(selector: Fields, name: string): Fields {
  const expressions = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  return { ...selector, matchExpressions: [...expressions, { key: NAMESPACE_NAME, operator: 'In', values: [name] }] };
}

import type { Selection } from './selection';

type Labels = Readonly<Record<string, string>>;

/**
 * What is kept of selections, each found by a label that it asks for, so that policies with thousands of peers do not have to
 * be compared peer by peer.
 */
export class BySelection<T> {
  private readonly found = new Map<string, { readonly selection: Selection; readonly value: T }[]>();

  public add(selection: Selection, value: T): void {
    const key = place(selection);
    const same = this.found.get(key);
    if (same) same.push({ selection, value });
    else this.found.set(key, [{ selection, value }]);
  }

  /** Of the selections that take a pod with these labels. */
  public taking(namespaceLabels: Labels, podLabels: Labels): T[] {
    const near = this.at([...places('pod', pairs(podLabels)), ...places('namespace', pairs(namespaceLabels)), '']);
    return near.filter(({ selection }) => selection.matches(namespaceLabels, podLabels)).map(({ value }) => value);
  }

  /** Of the selections that take all pods of another one, itself included. */
  public around(
    inner: Selection,
    labelsOf: (namespace: string) => Labels | undefined,
  ): { readonly selection: Selection; readonly value: T }[] {
    const known = inner.namespace === undefined ? undefined : labelsOf(inner.namespace);
    const namespaces = known ? pairs(known) : inner.namespaces.pairs;
    const near = this.at([...places('pod', inner.pods.pairs), ...places('namespace', namespaces), '']);
    return near.filter(({ selection }) => inner.implies(selection, labelsOf));
  }

  private at(keys: readonly string[]) {
    return keys.flatMap((key) => this.found.get(key) ?? []);
  }
}

/** A label with the one value that a selection takes; empty where it has none. */
function place({ pods, namespaces }: Selection): string {
  return [...places('pod', pods.pairs), ...places('namespace', namespaces.pairs)][0] ?? '';
}

function places(of: 'pod' | 'namespace', pairs: readonly string[]): string[] {
  return pairs.map((pair) => `${of} ${pair}`);
}

function pairs(labels: Labels): string[] {
  return Object.entries(labels).map(([label, value]) => `${label}=${value}`);
}

/** What a node stands for; each has a shape of its own. */
export type Shape = 'workload' | 'service' | 'route' | 'volume' | 'secret' | 'outside' | 'note';

export interface GraphNode {
  /** Of letters, digits and `_`; made of the object's name, so that a new object renames no other. */
  readonly id: string;
  readonly shape: Shape;
  /** What is written in it, line by line, as it is: escaping is the printer's business. */
  readonly lines: readonly string[];
  /** Undefined for what belongs to none: the outside. */
  readonly namespace?: string;
  /** `app.kubernetes.io/instance`. */
  readonly instance?: string;
  /** A workload that no policy isolates in one direction or both. */
  readonly isOpen?: boolean;
  /** It runs to its end, and not for ever. */
  readonly isJob?: boolean;
}

/**
 * `allowed`: may open connections to. `leads`: a Service or route to what is behind it. `fills`: the same, while no selector
 * says so. `stores`: on a volume. `reads`: a Secret.
 */
export type Relation = 'allowed' | 'leads' | 'fills' | 'stores' | 'reads';

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: Relation;
  readonly label?: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Said once for the whole picture. */
  readonly remarks: readonly string[];
}

/** Gives each thing an identifier made of its words, and the same one again. */
export class Ids {
  private readonly known = new Map<string, string>();
  private readonly used = new Set<string>();

  /** @param key what tells it from all others */
  public of(key: string, ...words: string[]): string {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const base =
      words
        .join('_')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '_')
        .slice(0, 200)
        .replace(/_$/, '') || 'node';
    let [id, count] = [base, 1];
    while (this.used.has(id)) id = `${base}_${++count}`;
    this.used.add(id);
    this.known.set(key, id);
    return id;
  }
}

import { type Graph, type GraphEdge, type GraphNode, Ids, type Relation } from './model';

/** Collects nodes and edges, each once, and puts them in an order that does not depend on that of the files. */
export class Drawing {
  public readonly ids = new Ids();
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, { readonly edge: GraphEdge; readonly labels: Set<string> }>();

  public node(node: GraphNode): void {
    if (!this.nodes.has(node.id)) this.nodes.set(node.id, node);
  }

  public has(id: string): boolean {
    return this.nodes.has(id);
  }

  /** Two of the same kind between the same nodes are one, with both labels. */
  public edge(from: string, to: string, relation: Relation, label = ''): void {
    const key = `${from} ${to} ${relation}`;
    const known = this.edges.get(key) ?? { edge: { from, to, relation }, labels: new Set() };
    if (label) known.labels.add(label);
    this.edges.set(key, known);
  }

  public graph(remarks: readonly string[]): Graph {
    const edges = [...this.edges].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      nodes: [...this.nodes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
      edges: edges.map(([, { edge, labels }]) => (labels.size > 0 ? { ...edge, label: [...labels].join('; ') } : edge)),
      remarks,
    };
  }
}

import type { Graph, GraphEdge, GraphNode } from './model';

/** Jobs that talk to the same ends and use the same things are drawn as one: a schedule apart, they are one thing. */
export function jobsTogether({ nodes, edges, remarks }: Graph): Graph {
  const ends = new Map<string, string[]>();
  for (const { from, to, relation, label } of edges) {
    const add = (id: string, text: string[]) => ends.set(id, [...(ends.get(id) ?? []), JSON.stringify(text)]);
    add(from, ['from', to, relation, label ?? '']);
    add(to, ['to', from, relation, label ?? '']);
  }
  const first = new Map<string, { readonly node: GraphNode; readonly heads: readonly string[] }>();
  const place = new Map<string, string>();
  for (const node of nodes) {
    const known = ends.get(node.id);
    const [head = '', ...rest] = node.lines;
    const key = node.isJob && known ? JSON.stringify([node.namespace, node.instance, node.isOpen, rest, known.sort()]) : node.id;
    const same = first.get(key);
    place.set(node.id, same?.node.id ?? node.id);
    first.set(key, { node: same?.node ?? node, heads: [...(same?.heads ?? []), head] });
  }
  const together = [...first.values()].map(({ node, heads }) => ({ ...node, lines: [...heads, ...node.lines.slice(1)] }));
  const moved = edges.map((edge): GraphEdge => ({ ...edge, from: place.get(edge.from) ?? edge.from, to: place.get(edge.to) ?? edge.to }));
  const distinct = new Map(moved.map((edge) => [JSON.stringify(edge), edge]));
  return { nodes: together, edges: [...distinct.values()], remarks };
}

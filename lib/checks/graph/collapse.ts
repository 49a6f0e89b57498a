import { Drawing } from './drawing';
import type { Graph } from './model';

/** One node for each namespace, with the connections between different ones; who is outside stays. */
export function byNamespace({ nodes, edges, remarks }: Graph): Graph {
  const drawing = new Drawing();
  const place = new Map(nodes.map(({ id, namespace }) => [id, namespace === undefined ? id : drawing.ids.of(namespace, 'in', namespace)]));
  for (const node of nodes) {
    const { namespace } = node;
    const count = nodes.filter((other) => other.namespace === namespace).length;
    const id = place.get(node.id) as string;
    drawing.node(
      namespace === undefined
        ? node
        : { id, shape: 'workload', lines: [`namespace ${namespace}`, `${count} workload${count === 1 ? '' : 's'}`] },
    );
  }
  for (const { from, to, relation } of edges) {
    const [a, b] = [place.get(from), place.get(to)];
    if (a !== undefined && b !== undefined && a !== b) drawing.edge(a, b, relation);
  }
  return drawing.graph(remarks);
}

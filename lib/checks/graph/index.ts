import type { Manifests } from '../manifests/manifests';
import { build } from './build';
import { byNamespace } from './collapse';
import { mermaid } from './mermaid';
import type { Graph } from './model';

export interface GraphOptions {
  /**
   * Above this, only workloads and their connections are drawn; above four times of it, only namespaces.
   * @default 60
   */
  readonly mostNodes?: number;
}

/** What Mermaid draws unless it is told otherwise: https://mermaid.js.org/config/schema-docs/config.html */
const [MOST_EDGES, MOST_TEXT] = [500, 50_000];

const LEGEND = [
  'box: workload, dashed where no NetworkPolicy isolates it; rounded: Service; slanted: way in; cylinder: volumes; hexagon: Secrets',
  'thick arrow: may open connections to; thin arrow: leads to; no arrow: uses',
];

/**
 * A picture of a tree of manifests, as the text of a Mermaid flowchart: workloads, the Services before them, the ways in,
 * volumes, Secrets, and who may talk to whom as the NetworkPolicies have it. The same objects give the same text in any order.
 */
export function graph(manifests: Manifests, { mostNodes = 60 }: GraphOptions = {}): string {
  const whole = build(manifests, 'all');
  if (fits(whole, mostNodes)) return drawn(whole, ...LEGEND);
  const workloads = build(manifests, 'workloads');
  const less = `${whole.nodes.length} things are too many for one picture: only`;
  if (fits(workloads, 4 * mostNodes)) return drawn(workloads, `${less} workloads and connections are drawn`);
  return drawn(byNamespace(workloads), `${less} namespaces and the connections between them are drawn`);
}

function fits(picture: Graph, mostNodes: number): boolean {
  return picture.nodes.length <= mostNodes && picture.edges.length <= MOST_EDGES && mermaid(picture).length <= MOST_TEXT;
}

function drawn(picture: Graph, ...remarks: readonly string[]): string {
  return mermaid({ ...picture, remarks: [...remarks, ...picture.remarks] });
}

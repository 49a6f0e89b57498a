import type { Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A construct, with what it depends on. */
export interface Vertex {
  readonly construct: IConstruct;
  /** The chart around it, or itself. */
  readonly chart: Chart | undefined;
  /** Its place among all, parents before children. */
  readonly start: number;
  /** The place behind the last that is below it. */
  end: number;
  readonly dependencies: Set<Vertex>;
  /** Objects that come before it for another reason, a list for each; a list may be many vertices', and hold the vertex itself. */
  readonly implied: (readonly Vertex[])[];
}

/**
 * The vertices with what they depend on first, each once; dependencies on others than these count for nothing.
 *
 * Of all such orders it is the one that cdk8s' `DependencyGraph` has: depth first, from those that nothing depends on. A list of
 * implied dependencies is walked once, not once for each vertex that has it, so that two charts of n objects cost n and not n².
 *
 * @param vertices parents before children
 * @throws if they depend on each other in a circle
 */
export function topology(vertices: readonly Vertex[]): Vertex[] {
  const inside = new Set(vertices);
  const [sorted, open, walked] = [new Set<Vertex>(), new Set<Vertex>(), new Set<readonly Vertex[]>()];

  function* before(vertex: Vertex): Iterable<Vertex> {
    for (const next of vertex.dependencies) if (next !== vertex && inside.has(next)) yield next;
    for (const list of vertex.implied) {
      if (walked.has(list)) continue;
      for (const next of list) if (next !== vertex && inside.has(next)) yield next;
      if (!list.includes(vertex)) walked.add(list);
    }
  }

  function visit(root: Vertex): void {
    const stack = [{ vertex: root, rest: before(root)[Symbol.iterator]() }];
    open.add(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        stack.pop();
        open.delete(top.vertex);
        sorted.add(top.vertex);
      } else if (open.has(next.value)) {
        throw circle([...open], next.value);
      } else if (!sorted.has(next.value)) {
        open.add(next.value);
        stack.push({ vertex: next.value, rest: before(next.value)[Symbol.iterator]() });
      }
    }
  }

  for (const root of rootsOf(vertices)) visit(root);
  for (const vertex of vertices) if (!sorted.has(vertex)) visit(vertex); // only in a circle, or behind one
  return [...sorted];
}

/** Those that nothing depends on, in the order in which cdk8s finds them. */
function rootsOf(vertices: readonly Vertex[]): Vertex[] {
  const needed = new Set<Vertex>();
  const holders = new Map<readonly Vertex[], Vertex | 'several'>();
  for (const vertex of vertices) {
    for (const next of vertex.dependencies) if (next !== vertex) needed.add(next);
    for (const list of vertex.implied) {
      const holder = holders.get(list);
      if (holder === undefined) for (const next of list) if (next !== vertex) needed.add(next);
      if (holder !== undefined && holder !== 'several' && holder !== vertex && list.includes(holder)) needed.add(holder);
      holders.set(list, holder === undefined || holder === vertex ? vertex : 'several');
    }
  }
  const roots = vertices.filter((vertex) => !needed.has(vertex));
  return [...roots.filter(isNumbered), ...roots.filter((root) => !isNumbered(root))];
}

/** cdk8s keeps its vertices in an object by path, and JavaScript puts keys that are numbers first. */
function isNumbered({ construct: { node } }: Vertex): boolean {
  return !node.path.includes('/') && String(Number(node.path) >>> 0) === node.path && node.path !== '4294967295';
}

function circle(open: readonly Vertex[], again: Vertex): Error {
  const paths = [...open.slice(open.indexOf(again)), again].map(({ construct }) => construct.node.path);
  return new Error(`Dependency cycle detected: ${paths.join(' => ')}`);
}

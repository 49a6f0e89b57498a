import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { topology, type Vertex } from './topology';

/** The charts of an app, and the objects of each, what others depend on first. */
export interface Order {
  readonly charts: readonly Chart[];
  /** Whether a chart depends on another; cdk8s numbers its files then. */
  readonly chartsDepend: boolean;
  /** Those in the chart itself, without those of charts in it. */
  objectsOf(chart: Chart): readonly ApiObject[];
}

/**
 * The order in which cdk8s writes, without its cost: `App.synth` makes every pair of objects an edge, walks every path of that graph
 * instead of every vertex (exponential in the depth), and does it all again for each chart. The rules are its own: a chart depends
 * on the charts in it and on those of what its constructs depend on, an object on all objects of what the constructs around it
 * depend on. Unlike there, the constructs stay as they are.
 *
 * @param constructs the whole app, parents before children
 * @throws if constructs depend on each other in a circle, or one that is in no chart depends on another
 */
export function orderOf(constructs: readonly IConstruct[]): Order {
  const vertices = new Map<IConstruct, Vertex>();
  constructs.forEach((construct, start) => {
    const around = construct.node.scope && vertices.get(construct.node.scope);
    const chart = Chart.isChart(construct) ? (construct as Chart) : around?.chart;
    vertices.set(construct, { construct, chart, start, end: start + 1, dependencies: new Set(), implied: [] });
  });
  const all = [...vertices.values()];
  for (const { construct, end } of [...all].reverse()) {
    const around = construct.node.scope && vertices.get(construct.node.scope);
    if (around) around.end = Math.max(around.end, end);
  }
  const chartsDepend = dependOn(vertices);
  imply(all);

  const charts = topology(all).flatMap(({ construct }) => (Chart.isChart(construct) ? [construct as Chart] : []));
  return {
    charts,
    chartsDepend,
    objectsOf(chart) {
      const { start, end } = vertices.get(chart) as Vertex;
      const own = topology(all.slice(start, end)).filter((vertex) => vertex.chart === chart);
      return own.flatMap(({ construct }) => (ApiObject.isApiObject(construct) ? [construct as ApiObject] : []));
    },
  };
}

/** @returns whether a chart depends on another */
function dependOn(vertices: ReadonlyMap<IConstruct, Vertex>): boolean {
  const charts: [Vertex, Chart][] = [];
  for (const source of vertices.values()) {
    const { node } = source.construct;
    const inside = Chart.isChart(source.construct) ? node.children.filter((child) => Chart.isChart(child)) : [];
    for (const construct of [...node.dependencies, ...inside]) {
      const [from, to] = [Chart.of(source.construct), Chart.of(construct)]; // throws where there is none
      if (from !== to) charts.push([vertices.get(from) as Vertex, to]);
      const target = vertices.get(construct);
      if (target) source.dependencies.add(target); // else it is in another app
    }
  }
  for (const [source, chart] of charts) {
    const target = vertices.get(chart);
    if (target) source.dependencies.add(target);
  }
  return charts.length > 0;
}

/** From dependencies between constructs to those between the objects in them. */
function imply(vertices: readonly Vertex[]): void {
  const found = new Map<Vertex, readonly Vertex[]>();
  const objects = (of: Vertex) => {
    const below =
      found.get(of) ?? vertices.slice(of.start, of.end).filter((v) => v.chart === of.chart && ApiObject.isApiObject(v.construct));
    found.set(of, below);
    return below;
  };
  for (const source of vertices) {
    for (const target of source.dependencies) {
      for (const object of objects(source)) object.implied.push(objects(target));
    }
  }
}

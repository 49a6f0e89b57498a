import { type GraphOptions, graph } from '../../../lib/checks/graph';
import { manifests } from '../connections/support';

export function picture(objects: readonly unknown[], options?: GraphOptions): string {
  return graph(manifests(objects), options);
}

/** What is drawn, line by line, without frames, comments and styles. */
export function drawn(objects: readonly unknown[], options?: GraphOptions): string[] {
  const lines = picture(objects, options).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line && !/^(flowchart|%%|classDef|subgraph|direction|end$)/.test(line));
}

/** Only the arrows and lines between nodes, with the kinds and the namespace of what they join left out. */
export function edges(objects: readonly unknown[], options?: GraphOptions): string[] {
  return drawn(objects, options)
    .filter((line) => / (==>|-->|-\.->|---|-\.-)/.test(line))
    .map((line) => line.replace(/\b(?:deployment|statefulset|cronjob|service|secret|volume|ingress|\w+route)_shop_/g, ''));
}

/** The node with this identifier. */
export function node(objects: readonly unknown[], id: string): string | undefined {
  return drawn(objects).find((line) => new RegExp(`^${id}[^a-z0-9_ ]`).test(line));
}

export function object(kind: string, name: string, rest: object = {}, apiVersion = 'v1', namespace = 'shop'): object {
  return { apiVersion, kind, metadata: { name, namespace }, ...rest };
}

export function service(name: string, spec: object, labels: object = {}): object {
  return object('Service', name, {
    metadata: { name, namespace: 'shop', labels },
    spec: { ports: [{ port: 80, targetPort: 'http' }], ...spec },
  });
}

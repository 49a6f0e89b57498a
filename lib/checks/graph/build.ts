import { Connections, type Workload } from '../connections';
import { Manifests } from '../manifests/manifests';
import { jobsTogether } from './alike';
import { Drawing } from './drawing';
import type { Graph } from './model';
import { addRoute, addService, addUsed, addWorkload, endId, objectId } from './parts';
import { routesOf } from './routes';
import { servicesOf } from './services';
import { secretsOf, type Used, volumesOf } from './storage';
import { trafficOf } from './traffic';

/** `all`: everything. `workloads`: without Services, routes, volumes and Secrets, arrows between the pods themselves. */
export type Detail = 'all' | 'workloads';

/** The picture of a tree, before it has a form. */
export function build(tree: Manifests, detail: Detail): Graph {
  const manifests = new Manifests([...tree.all].sort((a, b) => (a.identity < b.identity ? -1 : 1))); // ids must not depend on the order
  const connections = new Connections(manifests);
  const workloads = [...connections.pods.workloads.values()];
  const services = servicesOf(manifests, workloads);
  const traffic = trafficOf(connections, services, manifests);
  const drawing = new Drawing();
  for (const workload of workloads) addWorkload(drawing, workload, connections, traffic);
  if (detail === 'all') {
    for (const service of services) addService(drawing, service);
    for (const route of routesOf(manifests)) addRoute(drawing, route, manifests);
    const uses = (find: (workload: Workload, manifests: Manifests) => readonly Used[]) =>
      new Map(workloads.map((workload) => [workload, find(workload, manifests)]));
    addUsed(drawing, 'volume', uses(volumesOf));
    addUsed(drawing, 'secret', uses(secretsOf));
  }
  for (const { from, to, service, label, ports } of traffic.arrows) {
    const through = detail === 'all' ? service : undefined;
    const target = through ? objectId(drawing, through.manifest) : endId(drawing, to, 'to');
    drawing.edge(endId(drawing, from, 'from'), target, 'allowed', through ? label : `${ports}`);
  }
  if (workloads.length > 0 && !connections.isPoliced)
    drawing.node({ id: 'note', shape: 'note', lines: ['no NetworkPolicy, so that everything may talk to everything'] });
  const unread = connections.unread.map(({ title }) => `${title} is not understood, and may allow less or more`);
  return jobsTogether(drawing.graph([...(connections.isPoliced ? ['not drawn: connections to DNS (port 53)'] : []), ...unread]));
}

import type { Connections, End, Workload } from '../connections';
import { at, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import type { Drawing } from './drawing';
import type { Route } from './routes';
import { externalName, portTexts, type Service } from './services';
import type { Used } from './storage';
import type { Traffic } from './traffic';

const INSTANCE = 'app.kubernetes.io/instance';

/** A workload, with what its policies say beside the arrows; nothing where no policy is in the whole tree. */
export function addWorkload(drawing: Drawing, workload: Workload, connections: Connections, { inner, apiServer }: Traffic): void {
  const { manifest, key, name, namespace } = workload;
  const open = connections.isPoliced ? openText(connections, workload) : undefined;
  const [among, asked] = [inner.get(key), apiServer.get(key)];
  drawing.node({
    id: workloadId(drawing, workload),
    shape: 'workload',
    lines: [
      `${manifest.kind} ${name}${times(manifest)}`,
      ...(open ? [open] : []),
      ...(among && connections.isPoliced && isMany(manifest) ? [`among its pods: ${among}`] : []),
      ...(asked ? [`API server: ${asked} of any address`] : []),
    ],
    namespace,
    instance: instanceOf(manifest) ?? workload.labels[INSTANCE],
    isOpen: open !== undefined,
    isJob: isJob(manifest.kind),
  });
}

/** A Service and what is behind it, with the labels that its selector asks for beyond those of the pod template. */
export function addService(drawing: Drawing, { manifest, behind, isHeadless, hasSelector }: Service): void {
  const type = isHeadless ? 'headless' : text(manifest.object, 'spec', 'type');
  const special = type !== undefined && type !== 'ClusterIP' ? ` (${type})` : '';
  const leadsTo = externalName(manifest) ?? portTexts(manifest);
  const id = objectId(drawing, manifest);
  drawing.node({
    id,
    shape: 'service',
    lines: [`Service ${manifest.name}${special}`, ...(leadsTo ? [leadsTo] : [])],
    namespace: manifest.namespace,
    instance: instanceOf(manifest),
  });
  for (const { workload, running } of behind) {
    const label = Object.entries(running).map(([name, value]) => `${name}=${value}`);
    const [relation, text] = hasSelector ? (['leads', label.join(', ')] as const) : (['fills', 'no selector'] as const);
    drawing.edge(id, workloadId(drawing, workload), relation, text);
  }
}

/** An Ingress or a route, to Services that are drawn already. */
export function addRoute(drawing: Drawing, { manifest, hosts, backends }: Route, manifests: Manifests): void {
  const id = objectId(drawing, manifest);
  const { kind, name, namespace } = manifest;
  drawing.node({ id, shape: 'route', lines: [`${kind} ${name}`, ...hosts], namespace, instance: instanceOf(manifest) });
  for (const { namespace: there, service, port } of backends) {
    const target = manifests.get('', 'Service', there, service);
    if (target && drawing.has(objectId(drawing, target))) drawing.edge(id, objectId(drawing, target), 'leads', port);
  }
}

/** What several workloads use is one node; what the same ones use is one node, too. */
export function addUsed(drawing: Drawing, shape: 'volume' | 'secret', uses: ReadonlyMap<Workload, readonly Used[]>): void {
  const users = new Map<string, { readonly used: Used; readonly by: Workload[] }>();
  for (const [workload, all] of uses) {
    for (const used of all) {
      const known = users.get(used.key) ?? { used, by: [] };
      if (!known.by.includes(workload)) known.by.push(workload);
      users.set(used.key, known);
    }
  }
  const groups = new Map<string, { readonly all: Used[]; readonly by: readonly Workload[] }>();
  for (const { used, by } of users.values()) {
    const key = by
      .map((workload) => workload.key)
      .sort()
      .join('\n');
    const group = groups.get(key) ?? { all: [], by };
    group.all.push(used);
    groups.set(key, group);
  }
  for (const { all, by } of groups.values()) addGroup(drawing, shape, all, by);
}

function addGroup(drawing: Drawing, shape: 'volume' | 'secret', all: readonly Used[], by: readonly Workload[]): void {
  const [first] = by;
  const used = [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (!first || !used[0]) return;
  const instances = new Set(by.map(({ manifest, labels }) => instanceOf(manifest) ?? labels[INSTANCE]));
  const id = drawing.ids.of(`${shape} ${used[0].key}`, shape, first.namespace, used[0].name);
  const [instance] = instances.size === 1 ? instances : [];
  const heading = shape === 'secret' ? [used.length > 1 ? 'Secrets' : 'Secret'] : [];
  drawing.node({ id, shape, lines: [...heading, ...used.flatMap(({ lines }) => lines)], namespace: first.namespace, instance });
  for (const workload of by) drawing.edge(workloadId(drawing, workload), id, shape === 'volume' ? 'stores' : 'reads');
}

/** Workloads are there already; what lies outside is one node to the left and one to the right, or arrows would go back. */
export function endId(drawing: Drawing, { title, key, workload }: End, place: 'from' | 'to'): string {
  if (workload) return workloadId(drawing, workload);
  const id = drawing.ids.of(`${place} ${key}`, place, title);
  drawing.node({ id, shape: 'outside', lines: [title] });
  return id;
}

/** Of a Service or a route. */
export function objectId(drawing: Drawing, { identity, kind, namespace, name }: Manifest): string {
  return drawing.ids.of(identity, kind, namespace, name);
}

function workloadId(drawing: Drawing, { key, manifest, namespace, name }: Workload): string {
  return drawing.ids.of(key, manifest.kind, namespace, name);
}

function instanceOf({ labels }: Manifest): string | undefined {
  return labels[INSTANCE];
}

/** How often, or when. */
function times({ kind, object }: Manifest): string {
  if (kind === 'DaemonSet') return ' on each node';
  if (kind === 'CronJob') return ` at ${text(object, 'spec', 'schedule') ?? '?'}`;
  const replicas = at(object, 'spec', 'replicas');
  return typeof replicas === 'number' && replicas !== 1 ? ` ×${replicas}` : '';
}

function isMany({ kind, object }: Manifest): boolean {
  return !isJob(kind) && kind !== 'Pod' && at(object, 'spec', 'replicas') !== 1;
}

function isJob(kind: string): boolean {
  return kind === 'Job' || kind === 'CronJob';
}

function openText(connections: Connections, workload: Workload): string | undefined {
  const [into, out] = [connections.isIsolated(workload, 'ingress'), connections.isIsolated(workload, 'egress')];
  if (into) return out ? undefined : 'may reach anything';
  return out ? 'open to anything' : 'no NetworkPolicy';
}

import { at, fields, list, text } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { mayBeIn } from '../../manifests/namespaces';
import { beside, podsOf, servicesOf } from '../../manifests/selection';
import type { Found } from '../../rule';

/** Where a monitor of Prometheus' operator looks. */
export interface Monitored {
  /** Whether an object may be there. */
  readonly has: (manifest: Manifest) => boolean;
  /** The namespaces; none where it looks in all of them. */
  readonly namespaces: readonly string[] | undefined;
}

export function monitored(monitor: Manifest): Monitored {
  const selector = ['spec', 'namespaceSelector'];
  if (at(monitor.object, ...selector, 'any') === true) return { has: () => true, namespaces: undefined };
  const names = list(monitor.object, ...selector, 'matchNames').filter((name) => typeof name === 'string');
  if (names.length === 0) return { has: beside(monitor), namespaces: [monitor.namespace] };
  return { has: (manifest) => names.some((name) => mayBeIn(manifest, name)), namespaces: names };
}

/** The ports that it scrapes by their names. */
function monitorEndpoints({ object, kind }: Manifest): { readonly port: string; readonly field: string }[] {
  const where = kind === 'PodMonitor' ? 'podMetricsEndpoints' : 'endpoints';
  return list(object, 'spec', where).flatMap((endpoint, i) => {
    const port = text(endpoint, 'port');
    return port ? [{ port, field: `spec.${where}[${i}].port` }] : [];
  });
}

/** A monitor scrapes a port that what it selects has; else nothing is scraped, and nobody is told. */
export function* monitorPorts(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.ofKind('PodMonitor', 'ServiceMonitor')) {
    if (manifest.group !== 'monitoring.coreos.com') continue;
    const of = manifest.kind === 'PodMonitor' ? podsOf(manifests) : servicesOf(manifests);
    const { found, certain } = of.select(fields(manifest.object, 'spec', 'selector'), monitored(manifest).has);
    if (!certain) continue;
    const names = new Set(found.flatMap(portNamesOf));
    if (found.some(({ kind, pod }) => kind !== 'Service' && !pod)) continue;
    for (const { port, field } of monitorEndpoints(manifest)) {
      if (names.has(port)) continue;
      const message = `nothing that is selected has a port named ${port}, so nothing is scraped`;
      yield { manifest, field, message, fix: `name one of ${[...names].join(', ') || 'a port, after naming it'}`, severity: 'warning' };
    }
  }
}

function portNamesOf({ object, kind, pod }: Manifest): string[] {
  const ports = kind === 'Service' ? list(object, 'spec', 'ports') : (pod?.containers ?? []).flatMap(({ spec }) => list(spec, 'ports'));
  return ports.flatMap((port) => text(port, 'name') ?? []);
}

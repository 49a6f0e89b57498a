import { Ports, type Workload } from '../connections';
import { portKey, protocolOf } from '../connections/ports';
import { at, fields, list, text, texts } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { takes } from '../manifests/selector';

/** Pods behind a Service. */
export interface Behind {
  readonly workload: Workload;
  /** Labels that its selector asks for, and that pods get only while they run. */
  readonly running: Readonly<Record<string, string>>;
  /** Its own ports, each with what it leads to on these pods. */
  readonly ports: readonly { readonly own: string; readonly target: Ports }[];
}

export interface Service {
  readonly manifest: Manifest;
  readonly isHeadless: boolean;
  readonly hasSelector: boolean;
  readonly behind: readonly Behind[];
}

/** All Services by which something is reached, in order of their names; one without ports and selector only holds a name. */
export function servicesOf(manifests: Manifests, workloads: Iterable<Workload>): Service[] {
  const near = new Map<string, Workload[]>();
  for (const workload of workloads) near.set(workload.namespace, [...(near.get(workload.namespace) ?? []), workload]);
  return manifests
    .ofKind('Service')
    .filter(({ group }) => group === '')
    .map((manifest) => service(manifest, near.get(manifest.namespace) ?? []))
    .filter(
      ({ manifest, hasSelector }) =>
        hasSelector || list(manifest.object, 'spec', 'ports').length > 0 || externalName(manifest) !== undefined,
    );
}

export function externalName({ object }: Manifest): string | undefined {
  return text(object, 'spec', 'type') === 'ExternalName' ? text(object, 'spec', 'externalName') : undefined;
}

function service(manifest: Manifest, near: readonly Workload[]): Service {
  const selector = texts(manifest.object, 'spec', 'selector');
  const hasSelector = Object.keys(selector).length > 0;
  const behind = near.flatMap((workload) => {
    const running = hasSelector ? missing(selector, workload) : unselected(manifest, workload);
    return running ? [{ workload, running, ports: portsOf(manifest, workload) }] : [];
  });
  return { manifest, isHeadless: text(manifest.object, 'spec', 'clusterIP') === 'None', hasSelector, behind };
}

/**
 * What a selector asks for beyond the labels of a pod template. Only a selector with everything that the workload's own one
 * asks for can mean its pods: then the rest comes from something that runs, as `role: primary` does. Undefined if it does not.
 */
function missing(selector: Readonly<Record<string, string>>, workload: Workload): Readonly<Record<string, string>> | undefined {
  if (takes(selector, workload.labels)) return {};
  const own = ownSelector(workload);
  if (Object.keys(own).length === 0 || !takes(own, selector)) return undefined;
  const rest = Object.entries(selector).filter(([label]) => !Object.hasOwn(workload.labels, label));
  return takes(selector, { ...workload.labels, ...Object.fromEntries(rest) }) ? Object.fromEntries(rest) : undefined;
}

/** A Service without a selector whose own labels are those of a workload: that one, or a controller, says where it leads. */
function unselected(manifest: Manifest, workload: Workload): Readonly<Record<string, string>> | undefined {
  const own = ownSelector(workload);
  return Object.keys(own).length > 0 && takes(own, manifest.labels) ? {} : undefined;
}

function ownSelector({ manifest }: Workload): Readonly<Record<string, string>> {
  return texts(manifest.object, 'spec', 'selector', 'matchLabels');
}

function portsOf({ object }: Manifest, workload: Workload): Behind['ports'] {
  return list(object, 'spec', 'ports').flatMap((entry) => {
    const protocol = protocolOf(at(entry, 'protocol'));
    const port = at(entry, 'port');
    if (!protocol || typeof port !== 'number') return [];
    const target = at(entry, 'targetPort') ?? port;
    const numbers =
      typeof target === 'number' ? Ports.range(protocol, target) : workload.namedPorts.get(portKey({ protocol, name: `${target}` }));
    return [{ own: `${protocol} ${port}`, target: numbers ?? Ports.NONE }];
  });
}

/** `443 → 8443, 53/UDP`. */
export function portTexts({ object }: Manifest): string {
  const texts = list(object, 'spec', 'ports').map((entry) => {
    const { port, targetPort, protocol } = fields([entry], 0);
    const target = typeof targetPort === 'number' && targetPort !== port ? ` → ${targetPort}` : '';
    return `${port}${target}${typeof protocol === 'string' && protocol !== 'TCP' ? `/${protocol}` : ''}`;
  });
  return texts.join(', ');
}

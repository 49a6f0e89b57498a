import { at, type Fields, fields, list, text } from '../../manifests/look';
import type { Container, Manifests, PodTemplate } from '../../manifests/manifests';
import { beside, podsOf } from '../../manifests/selection';
import type { Found } from '../../rule';

/** A Service's port leads to a port of the pods. What pods only get at run time a label for is not judged: others may have it too. */
export function* targetPorts(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.ofKind('Service')) {
    const matchLabels = fields(manifest.object, 'spec', 'selector');
    if (manifest.group !== '' || Object.keys(matchLabels).length === 0) continue;
    const { found, certain } = podsOf(manifests).select({ matchLabels }, beside(manifest));
    const pods = found.flatMap(({ pod }) => pod ?? []);
    if (!certain || pods.length < found.length) continue; // those of other kinds may be changed by their controller
    for (const [i, port] of list(manifest.object, 'spec', 'ports').entries()) {
      const problem = targetProblem(fields([port], 0), pods);
      if (problem) yield { manifest, field: `spec.ports[${i}].targetPort`, ...problem };
    }
  }
}

function targetProblem(port: Fields, pods: readonly PodTemplate[]): Omit<Found, 'manifest' | 'field'> | undefined {
  const target = port.targetPort ?? port.port;
  const protocol = text(port, 'protocol') ?? 'TCP';
  const containers = pods.flatMap((pod) => pod.containers).filter(({ role }) => role !== 'init');
  const has = (field: string) =>
    containers.some((c) => list(c.spec, 'ports').some((p) => at(p, field) === target && protocolOf(p) === protocol));
  if (typeof target === 'string' && target !== '' && !has('name')) {
    return {
      message: `no container that is selected has a port ${target} of ${protocol}`,
      fix: `name one of ${portNames(containers) || 'a port, after naming it in the container'}`,
    };
  }
  const told = containers.every(({ spec }) => list(spec, 'ports').length > 0); // else one may listen where it does not say
  if (typeof target === 'number' && told && !has('containerPort')) {
    const message = `no container that is selected says that it listens on ${target} of ${protocol}`;
    return { message, fix: 'lead to a port of a container, best by its name', severity: 'warning' };
  }
  return undefined;
}

function protocolOf(port: unknown): string {
  return text(port, 'protocol') ?? 'TCP';
}

function portNames(containers: readonly Container[]): string {
  const names = containers.flatMap(({ spec }) => list(spec, 'ports').flatMap((port) => text(port, 'name') ?? []));
  return [...new Set(names)].join(', ');
}

const HANDLERS: readonly (readonly string[])[] = [
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) => [
    [probe, 'httpGet'],
    [probe, 'tcpSocket'],
  ]),
  ...['postStart', 'preStop'].flatMap((hook) => [
    ['lifecycle', hook, 'httpGet'],
    ['lifecycle', hook, 'tcpSocket'],
  ]),
];

/** A probe of a port that its container does not name fails for ever. */
export function* probePorts(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.withPods) {
    for (const { spec, path } of manifest.pod.containers) {
      const names = list(spec, 'ports').map((port) => text(port, 'name'));
      for (const handler of HANDLERS) {
        const port = text(spec, ...handler, 'port');
        if (!port || names.includes(port) || /^\d+$/.test(port)) continue; // the kubelet takes a number in quotes, too
        const field = `${path}.${handler.join('.')}.port`;
        yield { manifest, field, message: `the container has no port named ${port}`, fix: `name the port ${port} in ${path}.ports` };
      }
    }
  }
}

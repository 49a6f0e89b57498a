import { Existing } from '../../manifests/existing';
import { at, fields, list, text } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import type { Found } from '../../rule';

/** A route leads to a port that the Service has. */
export function* backendPorts(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.ofKind('Ingress', 'HTTPRoute', 'GRPCRoute', 'TCPRoute', 'TLSRoute', 'UDPRoute')) {
    for (const { name, namespace, port, field } of backends(manifest)) {
      const services = Existing.of(manifests).objects('', 'Service', namespace, name, manifest);
      const ports = services.flatMap(({ object }) => list(object, 'spec', 'ports'));
      const external = services.some(({ object }) => text(object, 'spec', 'type') === 'ExternalName'); // it need not say which it has
      if (services.length === 0 || external || ports.some((found) => at(found, typeof port === 'number' ? 'port' : 'name') === port))
        continue;
      const has = ports.flatMap((found) => [at(found, 'port'), text(found, 'name')]).filter((known) => known !== undefined);
      yield {
        manifest,
        field,
        message: `Service ${namespace}/${name} has no port ${port}`,
        fix: `name one that it has: ${has.join(', ')}`,
      };
    }
  }
}

interface Backend {
  readonly name: string;
  readonly namespace: string;
  readonly port: string | number;
  readonly field: string;
}

function backends(manifest: Manifest): Backend[] {
  if (manifest.kind === 'Ingress') return manifest.group === 'networking.k8s.io' ? ingressBackends(manifest) : [];
  return manifest.group === 'gateway.networking.k8s.io' ? routeBackends(manifest) : [];
}

function ingressBackends({ object, namespace }: Manifest): Backend[] {
  const of = (value: unknown, field: string) => {
    const port = text(value, 'service', 'port', 'name') ?? at(value, 'service', 'port', 'number');
    return backend(text(value, 'service', 'name'), namespace, port, `${field}.service.port`);
  };
  const paths = list(object, 'spec', 'rules').flatMap((rule, i) =>
    list(rule, 'http', 'paths').flatMap((path, j) => of(fields(path, 'backend'), `spec.rules[${i}].http.paths[${j}].backend`)),
  );
  return [...of(fields(object, 'spec', 'defaultBackend'), 'spec.defaultBackend'), ...paths];
}

function routeBackends({ object, namespace }: Manifest): Backend[] {
  return list(object, 'spec', 'rules').flatMap((rule, i) =>
    list(rule, 'backendRefs').flatMap((entry, j) =>
      (text(entry, 'kind') ?? 'Service') === 'Service'
        ? backend(text(entry, 'name'), text(entry, 'namespace') ?? namespace, at(entry, 'port'), `spec.rules[${i}].backendRefs[${j}].port`)
        : [],
    ),
  );
}

function backend(name: string | undefined, namespace: string, port: unknown, field: string): Backend[] {
  return name && (typeof port === 'string' || typeof port === 'number') ? [{ name, namespace, port, field }] : [];
}

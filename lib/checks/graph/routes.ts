import { at, fields, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';

/** A way in: what it is called outside, and the Services that it leads to. */
export interface Route {
  readonly manifest: Manifest;
  readonly hosts: readonly string[];
  readonly backends: readonly { readonly namespace: string; readonly service: string; readonly port: string }[];
}

const GATEWAY_ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

export function routesOf(manifests: Manifests): Route[] {
  return [
    ...manifests
      .ofKind('Ingress')
      .filter(({ group }) => group === 'networking.k8s.io')
      .map(ingress),
    ...manifests
      .ofKind(...GATEWAY_ROUTES)
      .filter(({ group }) => group === 'gateway.networking.k8s.io')
      .map(gatewayRoute),
  ];
}

function ingress(manifest: Manifest): Route {
  const { object, namespace } = manifest;
  const rules = list(object, 'spec', 'rules');
  const backends = [
    at(object, 'spec', 'defaultBackend'),
    ...rules.flatMap((rule) => list(rule, 'http', 'paths').map((path) => at(path, 'backend'))),
  ];
  return {
    manifest,
    hosts: [...new Set(rules.flatMap((rule) => text(rule, 'host') ?? []))],
    backends: backends.flatMap((backend) => {
      const service = text(backend, 'service', 'name');
      const port = at(backend, 'service', 'port', 'number') ?? at(backend, 'service', 'port', 'name');
      return service === undefined ? [] : [{ namespace, service, port: portText(port) }];
    }),
  };
}

function gatewayRoute(manifest: Manifest): Route {
  const { object, namespace } = manifest;
  const references = list(object, 'spec', 'rules').flatMap((rule) => list(rule, 'backendRefs'));
  return {
    manifest,
    hosts: list(object, 'spec', 'hostnames').filter((host) => typeof host === 'string'),
    backends: references.flatMap((entry) => {
      const { kind, name, port } = fields([entry], 0);
      if (typeof name !== 'string' || (kind !== undefined && kind !== 'Service')) return [];
      return [{ namespace: text(entry, 'namespace') ?? namespace, service: name, port: portText(port) }];
    }),
  };
}

function portText(port: unknown): string {
  return typeof port === 'number' || typeof port === 'string' ? `${port}` : '';
}

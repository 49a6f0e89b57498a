import { list, text, texts } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';

/** A cluster that keeps its state in Kubernetes, in Endpoints or in ConfigMaps. */
interface PatroniCluster {
  readonly scope: string;
  readonly namespace: string;
  /** Undefined where it may be told so elsewhere, in the image for example: ConfigMaps are the default. */
  readonly endpoints: true | undefined;
}

/**
 * The objects that Patroni writes, as `kind/namespace/name`, with the scope of their cluster: of all clusters that are told of in a
 * configuration file or in the environment of a container.
 *
 * https://patroni.readthedocs.io/en/latest/kubernetes.html
 */
export function patroniState(manifests: Manifests): ReadonlyMap<string, string> {
  const clusters = [...manifests.ofKind('ConfigMap').flatMap(fromFile), ...manifests.withPods.flatMap(fromEnvironment)];
  return new Map(
    clusters.flatMap(({ endpoints, namespace, scope }) => {
      const kinds = endpoints ? ['Endpoints'] : ['Endpoints', 'ConfigMap'];
      return kinds.flatMap((kind) => stateNames(scope).map((name) => [`${kind}/${namespace}/${name}`, scope] as const));
    }),
  );
}

/** The names of what Patroni writes itself. */
export function stateNames(scope: string): string[] {
  return [scope, ...['config', 'failover', 'leader', 'sync'].map((part) => `${scope}-${part}`)];
}

function fromFile({ object, namespace }: Manifest): PatroniCluster[] {
  return Object.values(texts(object, 'data')).flatMap((value) => {
    const scope = /^scope:[ \t]*["']?([a-z0-9][-a-z0-9.]*)["']?[ \t]*$/m.exec(value)?.[1];
    if (scope === undefined || !/^kubernetes:/m.test(value)) return [];
    return [{ scope, namespace, endpoints: /^[ \t]+use_endpoints:[ \t]*true\b/m.test(value) || undefined }];
  });
}

function fromEnvironment({ pod, namespace }: Manifest): PatroniCluster[] {
  return (pod?.containers ?? []).flatMap(({ spec }) => {
    const environment = new Map(list(spec, 'env').map((entry) => [text(entry, 'name'), text(entry, 'value')]));
    const scope = environment.get('PATRONI_SCOPE');
    if (!scope || !environment.has('PATRONI_KUBERNETES_LABELS')) return [];
    const endpoints = /^(?:true|yes|on|1)$/i.test(environment.get('PATRONI_KUBERNETES_USE_ENDPOINTS') ?? '');
    return [{ scope, namespace, endpoints: endpoints || undefined }];
  });
}

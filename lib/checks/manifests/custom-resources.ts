import type { Manifest, Manifests } from './manifests';

/** Custom resources of these groups make neither pods nor anything else of their own name that others would refer to. */
const MAKE_NOTHING = new Set([
  'acme.cert-manager.io',
  'bitnami.com',
  'cert-manager.io',
  'cilium.io',
  'crd.projectcalico.org',
  'external-secrets.io',
  'generators.external-secrets.io',
  'keda.sh',
  'kyverno.io',
  'networking.istio.io',
  'projectcalico.org',
  'secrets-store.csi.x-k8s.io',
  'security.istio.io',
  'traefik.containo.us',
  'traefik.io',
]);

/** Of a group that has both. */
const MAKE_NOTHING_KINDS = new Set(['PodMonitor', 'Probe', 'PrometheusRule', 'ScrapeConfig', 'ServiceMonitor']);

/**
 * Whether a controller may make pods, Services or Secrets of this object's name: a database of an operator, a HelmRelease.
 * Nothing in the manifests tells which.
 */
export function mayMakeObjects({ group, kind, name }: Manifest): boolean {
  if (!group.includes('.') || group.endsWith('.k8s.io') || name === '') return false;
  return !MAKE_NOTHING.has(group) && !(group === 'monitoring.coreos.com' && MAKE_NOTHING_KINDS.has(kind));
}

const makers = new WeakMap<Manifests, ReadonlyMap<string, readonly Manifest[]>>();

/** By their names, with `-` for each `.`. */
function makersOf(manifests: Manifests): ReadonlyMap<string, readonly Manifest[]> {
  const known = makers.get(manifests);
  if (known) return known;
  const found = new Map<string, Manifest[]>();
  for (const maker of manifests.all.filter(mayMakeObjects)) {
    const name = maker.name.replaceAll('.', '-');
    found.set(name, [...(found.get(name) ?? []), maker]);
  }
  makers.set(manifests, found);
  return found;
}

/** No name has more words; what has is no name. */
const WORDS = 32;

/**
 * Custom resources whose name is in this one as whole words: that of `orders-db` in `orders-db-app` and `app.orders-db.credentials`. Operators
 * name so what they make.
 */
export function makersNamedIn(name: string, manifests: Manifests): readonly Manifest[] {
  const known = makersOf(manifests);
  if (known.size === 0) return [];
  const words = name.split(/[.-]/, WORDS);
  const parts = words.flatMap((_, from) => words.slice(from).map((__, to) => words.slice(from, from + to + 1).join('-')));
  return parts.flatMap((part) => known.get(part) ?? []);
}

import { at, fields, list } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { beside, podsOf } from '../../manifests/selection';
import { isTestHook } from '../../manifests/workload';
import type { Found } from '../../rule';

type Direction = 'Ingress' | 'Egress';

/** Policies that other programs enforce; what they leave open cannot be told from here. */
const OTHER_POLICIES = new Set(['cilium.io', 'crd.projectcalico.org', 'policy.networking.k8s.io', 'projectcalico.org']);

/**
 * Pods are held to NetworkPolicies in both directions.
 *
 * Only in namespaces for which the manifests have any policy: there an open pod is an oversight. Where there is none at all, nobody
 * has begun, or a platform does it, and a warning for every workload would tell nothing new.
 */
export function* openPods(manifests: Manifests): Iterable<Found> {
  const policies = manifests.ofKind('NetworkPolicy').filter(({ group }) => group === 'networking.k8s.io');
  if (policies.length === 0 || manifests.all.some(({ group }) => OTHER_POLICIES.has(group))) return;
  const held = heldPods(policies, manifests);
  const begun = new Set(policies.map(({ namespace }) => namespace));
  for (const manifest of manifests.withPods) {
    if (!begun.has(manifest.namespace) || manifest.pod.spec.hostNetwork === true || isTestHook(manifest)) continue; // no policy reaches a node's own network
    const open = (['Ingress', 'Egress'] as const).filter((direction) => !held[direction].has(manifest));
    if (open.length === 0) continue;
    const message = OPEN[open.length === 2 ? 'both' : (open[0] as Direction)];
    yield { manifest, field: '', message, fix: `select them in a NetworkPolicy with policyTypes ${open.join(' and ')}` };
  }
}

const OPEN: Readonly<Record<Direction | 'both', string>> = {
  both: 'no NetworkPolicy is for its pods: anyone may connect to them, and they to anything',
  Ingress: 'no NetworkPolicy limits who connects to its pods',
  Egress: 'no NetworkPolicy limits what its pods connect to',
};

function heldPods(policies: readonly Manifest[], manifests: Manifests): Record<Direction, Set<Manifest>> {
  const held = { Ingress: new Set<Manifest>(), Egress: new Set<Manifest>() };
  for (const policy of policies) {
    const { found } = podsOf(manifests).select(fields(policy.object, 'spec', 'podSelector'), beside(policy));
    for (const direction of directions(policy)) for (const pod of found) held[direction].add(pod);
  }
  return held;
}

/** Where nothing is said, ingress, and egress where there are rules for it. */
function directions({ object }: Manifest): Direction[] {
  const given = list(object, 'spec', 'policyTypes');
  if (given.length > 0) return (['Ingress', 'Egress'] as const).filter((direction) => given.includes(direction));
  return at(object, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

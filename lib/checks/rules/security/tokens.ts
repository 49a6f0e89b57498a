import { at, list, text } from '../../manifests/look';
import type { Manifest, Manifests, PodTemplate } from '../../manifests/manifests';
import type { Found } from '../../rule';
import { specPath } from './containers';

const RBAC = 'rbac.authorization.k8s.io';

/** Pods that get a token which is of no use, or is everybody's. */
export function* tokensFound(manifests: Manifests): Iterable<Found> {
  const bound = boundAccounts(manifests);
  for (const manifest of manifests.withPods) {
    const { pod, namespace } = manifest;
    const name = text(pod.spec, 'serviceAccountName') || text(pod.spec, 'serviceAccount') || 'default';
    const account = manifests.get('', 'ServiceAccount', namespace, name);
    const mounted = pod.spec.automountServiceAccountToken ?? at(account?.object, 'automountServiceAccountToken') ?? true;
    if (mounted !== true || takesTokenElsewhere(pod)) continue;
    const field = `${specPath(pod)}.automountServiceAccountToken`;
    if (name === 'default') {
      const message = `the pod gets the token of the account that all pods of ${namespace} share`;
      yield { manifest, field, message, fix: FIX };
    } else if (account && !bound.has(`${namespace}/${name}`) && !bound.has(`${namespace}/*`) && !bound.has('*/*')) {
      const message = `the pod gets the token of ${name}, which no RoleBinding or ClusterRoleBinding here gives any right`;
      yield { manifest, field, message, fix: FIX };
    }
  }
}

const FIX =
  'set automountServiceAccountToken: false; if the program calls the Kubernetes API, give it a service account and a Role of its own';

/** Vault knows a pod by this token. */
function takesTokenElsewhere({ annotations }: PodTemplate): boolean {
  return Object.keys(annotations).some((key) => key.startsWith('vault.hashicorp.com/') || key.startsWith('vault.security.banzaicloud.io/'));
}

/** `namespace/name` of every account that a binding names; `*` for groups of all of them. */
function boundAccounts(manifests: Manifests): ReadonlySet<string> {
  const bindings = manifests.ofKind('RoleBinding', 'ClusterRoleBinding').filter(({ group }) => group === RBAC);
  return new Set(bindings.flatMap((binding) => list(binding.object, 'subjects').map((subject) => accountOf(subject, binding))));
}

function accountOf(subject: unknown, { namespace }: Manifest): string {
  const name = text(subject, 'name') ?? '';
  // A RoleBinding's subject without a namespace is of the binding's own.
  if (text(subject, 'kind') === 'ServiceAccount') return `${text(subject, 'namespace') || namespace}/${name}`;
  if (name === 'system:serviceaccounts' || name === 'system:authenticated') return '*/*';
  const group = /^system:serviceaccounts:(.+)$/.exec(name)?.[1];
  if (group !== undefined) return `${group}/*`;
  return (/^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? []).slice(1).join('/');
}

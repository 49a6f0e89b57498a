import { at, list, text } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Found } from '../../rule';

const RBAC = 'rbac.authorization.k8s.io';

/** Roles whose holder can make itself anything else, and those that are wider than they need be. */
export function* rolesFound(manifests: Manifests): Iterable<Found> {
  const roles = manifests.ofKind('Role', 'ClusterRole').filter(({ group }) => group === RBAC);
  for (const manifest of roles) {
    for (const [index, rule] of list(manifest.object, 'rules').entries()) {
      const rights = dangers(rule);
      if (rights.length === 0) continue;
      const message = `${listed(rights.map(({ is }) => is))}`;
      yield { manifest, field: `rules[${index}]`, message, fix: rights.map(({ fix }) => fix).join('; ') };
    }
  }
  yield* clusterRolesOfOneNamespace(manifests);
  yield* administrators(manifests);
}

interface Danger {
  readonly is: string;
  readonly fix: string;
}

const READS = ['get', 'list', 'watch'];

function dangers(rule: unknown): Danger[] {
  const verbs = list(rule, 'verbs');
  const resources = list(rule, 'resources');
  const named = list(rule, 'resourceNames').length > 0;
  const core = list(rule, 'apiGroups').some((group) => group === '' || group === '*');
  const may = (...wanted: string[]) => wanted.filter((verb) => verbs.includes(verb));
  const reads = named ? [] : may(...READS);
  const shells = ['pods/exec', 'pods/attach'].filter((resource) => resources.includes(resource));
  const climbs = [...may('escalate'), ...(named ? [] : may('bind', 'impersonate'))];
  return [
    ...(verbs.includes('*') && resources.length > 0 ? [wildcard('verb', 'verbs')] : []),
    ...(resources.includes('*') ? [wildcard('resource', 'resources')] : []),
    ...(core && resources.includes('secrets') && reads.length > 0
      ? [{ is: `reads every Secret (${reads.join(', ')})`, fix: 'name the Secrets in resourceNames, with the verb get alone' }]
      : []),
    ...(core && shells.length > 0 && may('create', 'get').length > 0
      ? [{ is: `runs commands in every pod (${shells.join(', ')})`, fix: `leave out ${shells.join(' and ')}` }]
      : []),
    ...climbs.map((verb) => ({ is: `has the verb ${verb}, which gives rights that its holder has not`, fix: `leave out ${verb}` })),
  ];
}

function wildcard(one: string, field: string): Danger {
  return { is: `allows every ${one}, also those to come`, fix: `list the ${field} that are used` };
}

/** A ClusterRole needs an administrator of the cluster to apply it: for the objects of one namespace a Role does. */
function* clusterRolesOfOneNamespace(manifests: Manifests): Iterable<Found> {
  const uses = new Map<string, Set<string>>(); // namespaces by the ClusterRole they use; '' for all of them
  for (const binding of manifests.ofKind('RoleBinding', 'ClusterRoleBinding')) {
    if (text(binding.object, 'roleRef', 'kind') !== 'ClusterRole') continue;
    const name = text(binding.object, 'roleRef', 'name') ?? '';
    uses.set(name, (uses.get(name) ?? new Set()).add(binding.kind === 'RoleBinding' ? binding.namespace : ''));
  }
  for (const manifest of manifests.ofKind('ClusterRole')) {
    const [namespace = '', ...others] = uses.get(manifest.name) ?? [];
    if (manifest.group !== RBAC || namespace === '' || others.length > 0 || isAggregated(manifest)) continue;
    const message = `only namespace ${namespace} uses it`;
    yield { manifest, field: 'kind', message, fix: `make it a Role in ${namespace}` };
  }
}

/** Its rules are collected from others, or are a part of such a collection. */
function isAggregated({ object, labels }: Manifest): boolean {
  return at(object, 'aggregationRule') !== undefined || Object.keys(labels).some((key) => key.includes('/aggregate-to-'));
}

function* administrators(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.ofKind('RoleBinding', 'ClusterRoleBinding')) {
    if (text(manifest.object, 'roleRef', 'name') !== 'cluster-admin' || text(manifest.object, 'roleRef', 'kind') !== 'ClusterRole')
      continue;
    const where = manifest.kind === 'RoleBinding' ? `in ${manifest.namespace}` : 'in the whole cluster';
    yield { manifest, field: 'roleRef.name', message: `gives every right ${where}`, fix: 'make a Role with the rights that are used' };
  }
}

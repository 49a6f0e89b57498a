import { allOf } from '../compare/kinds';
import { type Comparison, touches } from '../compare/pairs';
import { fields, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { covered, type Grant, grantsOf, grantWords, isDangerous } from './grants';
import { type Note, note } from './note';

/**
 * What each subject may do that it could not before, and the other way round: by the rules of all its roles together, so that a rule
 * which moves to another role changes nothing.
 *
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export function rbacNotes(comparison: Comparison): Note[] {
  if (!touches(comparison, 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding')) return [];
  const { before, after } = comparison;
  const [old, next] = [rightsOf(before), rightsOf(after)];
  return [...new Set([...next.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), next.get(key)];
    const { subject, scope } = (is ?? was) as Rights;
    const gained = (is?.grants ?? []).filter((grant) => !covered(grant, was?.grants ?? []));
    const lost = (was?.grants ?? []).filter((grant) => !covered(grant, is?.grants ?? []));
    return [
      ...(gained.length > 0
        ? [note(gained.some(isDangerous) ? 'risky' : 'safe', subject, `may ${grantWords(gained)}${scope} from now on`)]
        : []),
      ...(lost.length > 0 ? [note('safe', subject, `may no longer ${grantWords(lost)}${scope}`)] : []),
    ];
  });
}

/** What one subject may do in one namespace, or in all. */
interface Rights {
  readonly subject: string;
  /** As a sentence's end: ` in namespace shop`. */
  readonly scope: string;
  readonly grants: Grant[];
}

function rightsOf(all: Manifests): Map<string, Rights> {
  const found = new Map<string, Rights>();
  const add = (subject: string, scope: string, grants: readonly Grant[]) => {
    const key = `${subject}\n${scope}`;
    const rights = found.get(key) ?? { subject, scope, grants: [] };
    rights.grants.push(...grants);
    found.set(key, rights);
  };
  const bound = new Set<Manifest>();
  for (const binding of allOf(all, 'rbac', 'RoleBinding', 'ClusterRoleBinding')) {
    const role = roleOf(binding, all);
    if (role) bound.add(role);
    const scope = binding.kind === 'RoleBinding' ? ` in namespace ${binding.namespace}` : ' in every namespace';
    for (const subject of list(binding.object, 'subjects'))
      add(subjectWords(subject, binding), scope, role ? grantsOf(role.object) : unknown(binding));
  }
  for (const role of allOf(all, 'rbac', 'Role', 'ClusterRole')) {
    if (!bound.has(role)) add(`whoever is bound to ${role.title}`, '', grantsOf(role.object));
  }
  return found;
}

function roleOf(binding: Manifest, all: Manifests): Manifest | undefined {
  const { kind, name } = fields(binding.object, 'roleRef');
  if (typeof kind !== 'string' || typeof name !== 'string') return undefined;
  return all.get('rbac.authorization.k8s.io', kind, kind === 'Role' ? binding.namespace : '', name);
}

/** A role that is not among the manifests, such as `view`: all that is known is its name. */
function unknown(binding: Manifest): Grant[] {
  const role = `${text(binding.object, 'roleRef', 'kind') ?? 'Role'} ${text(binding.object, 'roleRef', 'name') ?? ''}`;
  return [{ group: '', resource: '', name: '', verb: '', role }];
}

function subjectWords(subject: unknown, binding: Manifest): string {
  const kind = text(subject, 'kind') ?? '';
  const name = text(subject, 'name') ?? '';
  return kind === 'ServiceAccount' ? `ServiceAccount ${text(subject, 'namespace') ?? binding.namespace}/${name}` : `${kind} ${name}`;
}

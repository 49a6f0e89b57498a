import { type Fields, list } from '../manifests/look';
import { listed } from '../manifests/words';

/** One thing that a rule allows. */
export interface Grant {
  readonly group: string;
  /** Or a path such as `/metrics`. */
  readonly resource: string;
  /** Empty for all objects of that resource. */
  readonly name: string;
  readonly verb: string;
  /** Instead of the rest: all that a role allows which is not among the manifests. */
  readonly role?: string;
}

/** So many of one role; the product of lists has no other end. */
const MOST = 5000;

/** A role's rules, one grant for each verb, resource and name. */
export function grantsOf(role: Fields): Grant[] {
  const found: Grant[] = [];
  const words = (rule: unknown, field: string) => list(rule, field).filter((word) => typeof word === 'string');
  for (const rule of list(role, 'rules')) {
    const names = words(rule, 'resourceNames');
    const urls = words(rule, 'nonResourceURLs').map((url) => ['', url] as const);
    const groups = words(rule, 'apiGroups');
    const resources = words(rule, 'resources').flatMap((resource) => groups.map((group) => [group, resource] as const));
    for (const [group, resource] of [...urls, ...resources]) {
      for (const name of names.length > 0 ? names : ['']) {
        for (const verb of words(rule, 'verbs')) if (found.length < MOST) found.push({ group, resource, name, verb });
      }
    }
  }
  return found;
}

const indexes = new WeakMap<readonly Grant[], Set<string>>();

/** Whether others allow it already, by wildcards too. */
export function covered(grant: Grant, others: readonly Grant[]): boolean {
  const index = indexes.get(others) ?? new Set(others.map(key));
  indexes.set(others, index);
  const { group, resource, name, verb, role } = grant;
  if (role !== undefined) return index.has(key(grant));
  const sub = resource.includes('/') ? [`*/${resource.split('/')[1]}`] : [];
  return [verb, '*'].some((v) =>
    [group, '*'].some((g) =>
      [resource, '*', ...sub].some((r) => [name, ''].some((n) => index.has(key({ group: g, resource: r, name: n, verb: v })))),
    ),
  );
}

function key({ group, resource, name, verb, role = '' }: Grant): string {
  return `${group}\n${resource}\n${name}\n${verb}\n${role}`;
}

/** As a sentence says it: `get and list pods; patch endpoints orders and orders-config`. */
export function grantWords(grants: readonly Grant[]): string {
  const verbs = new Map<string, { grant: Grant; verbs: Set<string> }>();
  for (const grant of grants) {
    const id = `${grant.group}\n${grant.resource}\n${grant.name}\n${grant.role ?? ''}`;
    const known = verbs.get(id) ?? { grant, verbs: new Set<string>() };
    known.verbs.add(grant.verb);
    verbs.set(id, known);
  }
  const phrases = new Map<string, string[]>();
  for (const { grant, verbs: of } of verbs.values()) {
    const phrase = grant.role ? `do what ${grant.role} allows` : `${listed([...of].sort().map(anything), 12)} ${resourceWords(grant)}`;
    phrases.set(phrase, [...(phrases.get(phrase) ?? []), ...(grant.name ? [grant.name] : [])]);
  }
  const all = [...phrases].map(([phrase, names]) => (names.length > 0 ? `${phrase} ${listed(names.sort())}` : phrase));
  return all.length <= 8 ? all.join('; ') : `${all.slice(0, 8).join('; ')}; and ${all.length - 8} more`;
}

function anything(verb: string): string {
  return verb === '*' ? 'do anything with' : verb;
}

function resourceWords({ group, resource }: Grant): string {
  const what = resource === '*' ? 'everything' : resource;
  return group ? `${what}${group === '*' ? ' of every group' : `.${group}`}` : what;
}

const ESCALATING = ['escalate', 'bind', 'impersonate', '*'];
const RUNNING = ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/ephemeralcontainers', 'nodes/proxy', 'serviceaccounts/token'];
const WORKLOADS = ['pods', 'deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs', 'replicasets', 'replicationcontrollers'];
const RBAC = ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'];

/**
 * Whether who has it can get at what it is not meant to: secrets, other pods, more rights.
 *
 * https://kubernetes.io/docs/concepts/security/rbac-good-practices/
 */
export function isDangerous({ resource, verb, role, name }: Grant): boolean {
  if (role !== undefined) return !/ (view|system:.*)$/.test(role);
  if (resource === '*' || ESCALATING.includes(verb)) return true;
  if (resource === 'secrets') return name === '' || !['get', 'watch'].includes(verb);
  const writing = ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(verb);
  if (RUNNING.includes(resource)) return verb === 'create' || verb === 'get';
  return (verb === 'create' && WORKLOADS.includes(resource)) || (writing && RBAC.includes(resource));
}

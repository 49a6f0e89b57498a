import { rbacNotes } from '../../../lib/checks/review/rbac';
import { securityNotes } from '../../../lib/checks/review/security';
import type { Json } from '../../support';
import { comparison, deployment, merged, object, template } from './support';

const RBAC = 'rbac.authorization.k8s.io/v1';
const cluster = (json: Json) => merged(json, { metadata: { namespace: undefined } });
const rule = (resources: string[], verbs: string[], rest: object = {}) => ({ apiGroups: [''], resources, verbs, ...rest });
const role = (...rules: object[]) => object(RBAC, 'Role', 'reads', { rules });
const bind = (roleRef: object = { kind: 'Role', name: 'reads' }, kind = 'RoleBinding') =>
  object(RBAC, kind, 'reads', { roleRef, subjects: [{ kind: 'ServiceAccount', name: 'orders' }] });

function rights(before: Json[], after: Json[]): string[] {
  return rbacNotes(comparison(before, after)).map(({ risk, object: who, message }) => `${risk}: ${who} ${message}`);
}

test.each<[string, Json[], Json[], string[]]>([
  [
    'a verb',
    [role(rule(['pods'], ['get']))],
    [role(rule(['pods'], ['get', 'list']))],
    ['safe: ServiceAccount shop/orders may list pods in namespace shop from now on'],
  ],
  [
    'a verb less',
    [role(rule(['pods'], ['get', 'list']))],
    [role(rule(['pods'], ['get']))],
    ['safe: ServiceAccount shop/orders may no longer list pods in namespace shop'],
  ],
  [
    'other words for the same',
    [role(rule(['pods', 'services'], ['get']))],
    [role(rule(['services'], ['get']), rule(['pods'], ['get']))],
    [],
  ],
  [
    'names',
    [role()],
    [role(rule(['endpoints'], ['patch', 'get'], { resourceNames: ['b', 'a'] }))],
    ['safe: ServiceAccount shop/orders may get and patch endpoints a and b in namespace shop from now on'],
  ],
  [
    'all where there were names',
    [role(rule(['pods'], ['get'], { resourceNames: ['a'] }))],
    [role(rule(['pods'], ['get']))],
    ['safe: ServiceAccount shop/orders may get pods in namespace shop from now on'],
  ],
  [
    'less than a wildcard',
    [role(rule(['*'], ['*']))],
    [role(rule(['pods'], ['get']))],
    ['safe: ServiceAccount shop/orders may no longer do anything with everything in namespace shop'],
  ],
  [
    'a wildcard',
    [role()],
    [role(rule(['*'], ['get'], { apiGroups: ['*'] }))],
    ['risky: ServiceAccount shop/orders may get everything of every group in namespace shop from now on'],
  ],
  [
    'secrets',
    [role()],
    [role(rule(['secrets'], ['list']))],
    ['risky: ServiceAccount shop/orders may list secrets in namespace shop from now on'],
  ],
  [
    'one Secret',
    [role()],
    [role(rule(['secrets'], ['get'], { resourceNames: ['a'] }))],
    ['safe: ServiceAccount shop/orders may get secrets a in namespace shop from now on'],
  ],
  ['a shell in pods', [role()], [role(rule(['pods/exec'], ['create']))], [expect.stringContaining('risky: ')]],
  ['pods', [role()], [role(rule(['pods'], ['create']))], [expect.stringContaining('risky: ')]],
  [
    'rights',
    [role()],
    [role(rule(['roles'], ['bind'], { apiGroups: ['rbac.authorization.k8s.io'] }))],
    [expect.stringContaining('risky: ServiceAccount shop/orders may bind roles.rbac.authorization.k8s.io')],
  ],
  ['a path', [role()], [role({ nonResourceURLs: ['/metrics'], verbs: ['get'] })], [expect.stringContaining('may get /metrics')]],
])('a role with %s', (_, before, after, expected) => {
  expect(rights([...before, bind()], [...after, bind()])).toEqual(expected);
});

test('rights that move to another role are the same', () => {
  const other = (...rules: object[]) => merged(role(...rules), { metadata: { name: 'other' } });
  const second = merged(bind({ kind: 'Role', name: 'other' }), { metadata: { name: 'other' } });
  const get = rule(['pods'], ['get']);
  expect(rights([role(get), other(), bind(), second], [role(), other(get), bind(), second])).toEqual([]);
});

test.each<[string, Json[], Json[], string[]]>([
  [
    'a role that is not among the manifests',
    [],
    [bind({ kind: 'ClusterRole', name: 'edit' })],
    ['risky: ServiceAccount shop/orders may do what ClusterRole edit allows in namespace shop from now on'],
  ],
  ['a role that only reads', [], [bind({ kind: 'ClusterRole', name: 'view' })], [expect.stringContaining('safe: ')]],
  [
    'the whole cluster',
    [],
    [
      cluster(object(RBAC, 'ClusterRole', 'reads', { rules: [rule(['pods'], ['get'])] })),
      cluster(merged(bind({ kind: 'ClusterRole', name: 'reads' }, 'ClusterRoleBinding'), { subjects: [{ kind: 'Group', name: 'ops' }] })),
    ],
    ['safe: Group ops may get pods in every namespace from now on'],
  ],
  [
    'nobody that is known',
    [role(rule(['pods'], ['get']))],
    [role(rule(['pods'], ['list']))],
    [
      'safe: whoever is bound to Role shop/reads may list pods from now on',
      'safe: whoever is bound to Role shop/reads may no longer get pods',
    ],
  ],
])('bound to %s', (_, before, after, expected) => {
  expect(rights(before, after)).toEqual(expected);
});

test('a role of more than can be listed is bounded', () => {
  const words = (stem: string) => Array.from({ length: 100 }, (_, index) => `${stem}${index}`);
  const [note] = rights([role(), bind()], [role(rule(words('r'), words('v'), { resourceNames: words('n') })), bind()]);
  expect(note?.length).toBeLessThan(3000);
});

const strict = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const closed = { automountServiceAccountToken: false };

function security(before: [object, object?], after: [object, object?], others: Json[] = []): string[] {
  const made = ([context, spec = {}]: [object, object?]) => [
    deployment({}, template({ securityContext: context }, { ...closed, ...spec })),
    ...others,
  ];
  return securityNotes(comparison(made(before), made(after))).map(({ risk, message }) => `${risk}: ${message}`);
}

test.each<[string, object, string]>([
  ['privileged', { privileged: true }, 'app is privileged'],
  ['allowPrivilegeEscalation', { allowPrivilegeEscalation: undefined }, 'app may gain privileges'],
  ['runAsNonRoot', { runAsNonRoot: false }, 'app may run as root'],
  ['runAsUser', { runAsUser: 0 }, 'app runs as root'],
  ['readOnlyRootFilesystem', { readOnlyRootFilesystem: false }, 'app may write to its root file system'],
  ['capabilities dropped', { capabilities: {} }, 'app keeps capabilities'],
  ['capabilities added', { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } }, 'app has the capability NET_ADMIN'],
  ['seccomp', { seccompProfile: { type: 'Unconfined' } }, 'app makes system calls without a filter'],
  ['procMount', { procMount: 'Unmasked' }, 'app sees all of /proc'],
])('%s is loosened, and tightened', (_, change, words) => {
  expect(security([strict], [{ ...strict, ...change }])).toEqual([`risky: from now on ${words}`]);
  expect(security([{ ...strict, ...change }], [strict])).toEqual([`safe: no longer: ${words}`]);
});

test.each<[string, object, string]>([
  ['hostNetwork', { hostNetwork: true }, "its pods have the node's network"],
  ['hostPID', { hostPID: true }, "its pods see the node's processes"],
  ['hostIPC', { hostIPC: true }, "its pods share the node's memory segments"],
  ['a folder of the node', { volumes: [{ name: 'a', hostPath: { path: '/var' } }] }, 'its pods have /var of the node'],
  ['a token', { automountServiceAccountToken: true }, 'its pods have a token for the API'],
  ['another account', { serviceAccountName: 'admin' }, 'its pods are ServiceAccount admin instead of default, with the rights of that'],
])('%s of a pod', (_, spec, words) => {
  expect(security([strict], [strict, spec])).toEqual([expect.stringContaining(words)]);
});

test('what the pod says counts for its containers', () => {
  const { runAsNonRoot: _, ...rest } = strict;
  expect(security([strict], [rest, { securityContext: { runAsNonRoot: true } }])).toEqual([]);
});

test('a token that the ServiceAccount decides on', () => {
  const account = (automountServiceAccountToken: boolean) => object('v1', 'ServiceAccount', 'default', { automountServiceAccountToken });
  const pods = deployment({}, template({ securityContext: strict }));
  const notes = securityNotes(comparison([pods, account(false)], [pods, account(true)]));
  expect(notes).toMatchObject([{ risk: 'risky', message: 'from now on its pods have a token for the API' }]);
});

test('of new pods, and new containers, only what is far from usual', () => {
  const added = (pod: Json) => securityNotes(comparison([], [deployment({}, pod)]));
  expect(added(template())).toEqual([]);
  expect(added(template({ ports: [{ hostPort: 80 }], securityContext: { privileged: true } }))).toMatchObject([
    { risk: 'risky', message: 'from now on app is privileged and app has port 80 of the node' },
  ]);
  const two = template({ securityContext: strict }, { ...closed, containers: [{ name: 'app', securityContext: strict }, { name: 'new' }] });
  const one = template({}, { ...closed, containers: [{ name: 'app', securityContext: strict }] });
  expect(securityNotes(comparison([deployment({}, one)], [deployment({}, two)]))).toEqual([]);
  expect(securityNotes(comparison([deployment({}, two)], [deployment({}, one)]))).toEqual([]);
});

test.each<[string, string | undefined, string | undefined, string[]]>([
  ['loosened', 'restricted', 'baseline', ['Pod Security goes from restricted to baseline: pods with more rights are let in']],
  ['taken out', 'restricted', undefined, ['Pod Security goes from restricted to the default: pods with more rights are let in']],
  [
    'tightened',
    'baseline',
    'restricted',
    ['Pod Security goes from baseline to restricted: pods that ask for more are refused when they are next made'],
  ],
  ['kept', 'baseline', 'baseline', []],
])('Pod Security of a Namespace that is %s', (_, before, after, expected) => {
  const namespace = (level: string | undefined) =>
    cluster(object('v1', 'Namespace', 'shop', { metadata: { labels: { a: `${level}`, 'pod-security.kubernetes.io/enforce': level } } }));
  expect(securityNotes(comparison([namespace(before)], [namespace(after)])).map(({ message }) => message)).toEqual(expected);
});

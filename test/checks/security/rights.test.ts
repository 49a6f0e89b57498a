import { deployment, findings } from '../support';

const RBAC = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const account = (changes: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'app', namespace: 'shop' },
  ...changes,
});
const binding = (subject: object, changes: object = {}) => ({
  ...RBAC,
  kind: 'RoleBinding',
  metadata: { name: 'app', namespace: 'shop' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'app' },
  subjects: [subject],
  ...changes,
});
const pod = (spec: object) => deployment({}, { automountServiceAccountToken: undefined, ...spec });
const SUBJECT = { kind: 'ServiceAccount', name: 'app' };

describe('SEC-4: a token', () => {
  const message = (objects: object[]) => findings('SEC-4', objects).map((finding) => finding.message);

  test.each<[string, object[]]>([
    ['of the account that all share', [pod({})]],
    ['of the account that all share, by name', [pod({ serviceAccountName: 'default' })]],
  ])('%s', (_, objects) => {
    expect(message(objects)).toEqual(['the pod gets the token of the account that all pods of shop share']);
  });

  test.each<[string, object[]]>([
    ['of an account that is never bound', [account(), pod({ serviceAccountName: 'app' })]],
    ['though another of that name is bound', [account(), binding({ ...SUBJECT, namespace: 'till' }), pod({ serviceAccountName: 'app' })]],
    [
      'though the account says no',
      [account({ automountServiceAccountToken: false }), deployment({}, { serviceAccountName: 'app', automountServiceAccountToken: true })],
    ],
  ])('%s', (_, objects) => {
    expect(message(objects)).toEqual(['the pod gets the token of app, which no RoleBinding or ClusterRoleBinding here gives any right']);
  });

  test.each<[string, object[]]>([
    ['is not mounted', [deployment({}, { automountServiceAccountToken: false })]],
    ['is not mounted, as the account says', [account({ automountServiceAccountToken: false }), pod({ serviceAccountName: 'app' })]],
    ['is of a bound account', [account(), binding(SUBJECT), pod({ serviceAccountName: 'app' })]],
    [
      'is of an account bound elsewhere',
      [
        account(),
        binding({ ...SUBJECT, namespace: 'shop' }, { metadata: { name: 'a', namespace: 'till' } }),
        pod({ serviceAccountName: 'app' }),
      ],
    ],
    [
      'is of a bound group',
      [account(), binding({ kind: 'Group', name: 'system:serviceaccounts:shop' }), pod({ serviceAccountName: 'app' })],
    ],
    [
      'is of a user by its whole name',
      [account(), binding({ kind: 'User', name: 'system:serviceaccount:shop:app' }), pod({ serviceAccountName: 'app' })],
    ],
    ['is of an account that is elsewhere', [pod({ serviceAccountName: 'app' })]],
  ])('%s', (_, objects) => {
    expect(message(objects)).toEqual([]);
  });

  test('by which Vault knows the pod', () => {
    const object = pod({}) as { spec: { template: { metadata: { annotations?: object } } } };
    object.spec.template.metadata.annotations = { 'vault.hashicorp.com/agent-inject': 'true' };
    expect(message([object])).toEqual([]);
  });
});

describe('SEC-4: a role', () => {
  const role = (rule: object) => ({ ...RBAC, kind: 'Role', metadata: { name: 'app', namespace: 'shop' }, rules: [rule] });

  test.each<[object, string]>([
    [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }, 'allows every verb, also those to come'],
    [{ apiGroups: ['*'], resources: ['*'], verbs: ['get'] }, 'allows every resource, also those to come'],
    [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }, 'reads every Secret (list)'],
    [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'] }, 'reads every Secret (get)'],
    [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['create'] }, 'runs commands in every pod (pods/exec)'],
    [
      { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] },
      'has the verb escalate, which gives rights that its holder has not',
    ],
    [
      { apiGroups: [''], resources: ['users'], verbs: ['impersonate'] },
      'has the verb impersonate, which gives rights that its holder has not',
    ],
  ])('%j', (rule, message) => {
    expect(findings('SEC-4', [role(rule)])).toMatchObject([{ severity: 'warning', field: 'rules[0]', message }]);
  });

  test.each<object>([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['app'], verbs: ['get'] },
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], resourceNames: ['view'], verbs: ['bind'] },
    { apiGroups: [''], resources: ['pods', 'endpoints'], verbs: ['list', 'watch', 'patch'] },
    { nonResourceURLs: ['/metrics'], verbs: ['*'] },
  ])('%j is well', (rule) => {
    expect(findings('SEC-4', [role(rule)])).toEqual([]);
  });

  const cluster = (changes: object = {}) => ({ ...RBAC, kind: 'ClusterRole', metadata: { name: 'reader' }, rules: [], ...changes });
  const uses = (namespace: string) =>
    binding(SUBJECT, { metadata: { name: 'a', namespace }, roleRef: { kind: 'ClusterRole', name: 'reader' } });

  test('of the cluster that one namespace uses', () => {
    expect(findings('SEC-4', [cluster(), uses('shop')])).toMatchObject([
      { object: 'ClusterRole reader', message: 'only namespace shop uses it' },
    ]);
  });

  test.each<[string, object[]]>([
    ['two use', [uses('shop'), uses('till')]],
    ['none uses', []],
    ['all use', [{ ...uses('shop'), kind: 'ClusterRoleBinding', metadata: { name: 'a' } }]],
  ])('of the cluster that %s', (_, bindings) => {
    expect(findings('SEC-4', [cluster(), ...bindings])).toEqual([]);
  });

  test('of the cluster that is a part of another', () => {
    const part = cluster({ metadata: { name: 'reader', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } } });
    expect(findings('SEC-4', [part, uses('shop')])).toEqual([]);
  });

  test('that gives all rights', () => {
    const all = binding(SUBJECT, { roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } });
    expect(findings('SEC-4', [all])).toMatchObject([{ field: 'roleRef.name', message: 'gives every right in shop' }]);
  });
});

import { role, roleBinding, serviceAccount } from '../../lib/ha-postgres/rbac';
import { planOf } from '../support';

const MEMBERS = Array.from({ length: 10 }, (_, i) => `orders-${i}`);

test.each([
  ['endpoints', ['orders', 'orders-config', 'orders-failover', 'orders-sync']],
  ['configMaps', ['orders-leader', 'orders-config', 'orders-failover', 'orders-sync']],
] as const)('with dcs %s Patroni may do this and no more', (dcs, names) => {
  const state = dcs.toLowerCase();
  expect(role(planOf({ dcs })).rules).toEqual([
    { apiGroups: [''], resources: [state], verbs: ['create', 'list', 'watch'] },
    { apiGroups: [''], resources: [state], resourceNames: names, verbs: ['get', 'patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    { apiGroups: [''], resources: ['pods'], resourceNames: MEMBERS, verbs: ['patch'] },
  ]);
});

test.each([
  ['endpoints', true, [{ apiGroups: [''], resources: ['endpoints/restricted'], verbs: ['create'] }]],
  ['endpoints', false, []],
  ['configMaps', true, []],
] as const)('dcs %s, OpenShift %s: its right to write addresses is %j', (dcs, openShift, rules) => {
  expect(role(planOf({ dcs, openShift })).rules?.slice(4)).toEqual(rules);
});

test.each([
  [1, 10],
  [10, 10],
  [12, 12],
])('of %i members, %i may write their own status', (members, named) => {
  expect(role(planOf({ members })).rules?.[3]?.resourceNames).toHaveLength(named);
});

test('the account hands out no token by itself, and is bound to the Role in its own namespace', () => {
  expect(serviceAccount(planOf())).toMatchObject({ metadata: { name: 'orders' }, automountServiceAccountToken: false });
  expect(roleBinding(planOf({}, 'shop'))).toMatchObject({
    metadata: { name: 'orders-patroni' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'orders-patroni' },
    subjects: [{ kind: 'ServiceAccount', name: 'orders', namespace: 'shop' }],
  });
});

test('without a known namespace the binding names none', () => {
  expect(roleBinding(planOf()).subjects).toEqual([{ kind: 'ServiceAccount', name: 'orders' }]);
});

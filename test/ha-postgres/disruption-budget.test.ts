import { bootstrapBudget, disruptionBudget } from '../../lib/ha-postgres/disruption-budget';
import { plain, planOf } from '../support';

test.each([
  [1, undefined],
  [2, 1],
  [3, 1],
  [5, 1],
])('%i members may lose %s at a time', (members, lost) => {
  expect(disruptionBudget(planOf({ members }))?.spec?.maxUnavailable?.value).toBe(lost);
});

test.each([
  [{}, { maxUnavailable: 1 }],
  [{ maxUnavailable: 2 }, { maxUnavailable: 2 }],
  [{ minAvailable: 2 }, { minAvailable: 2 }],
  [{ minAvailable: 0 }, { minAvailable: 0 }],
])('%j asks for %j', (options, asked) => {
  const { spec } = plain(disruptionBudget(planOf({ disruptionBudget: options })));
  expect(spec).toMatchObject({ ...asked, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  expect(Object.keys(spec).sort()).toEqual([...Object.keys(asked), 'selector', 'unhealthyPodEvictionPolicy'].sort());
});

test.each([
  ['4.1', [{ key: 'patroni-bootstrap', operator: 'DoesNotExist' }]],
  ['4.0', undefined],
])('no pod is under two budgets, for none such can be evicted: Patroni %s', (patroniVersion, matchExpressions) => {
  const { spec } = plain(disruptionBudget(planOf({ patroniVersion })));
  expect(spec.selector).toEqual({ matchLabels: planOf().selector('database'), ...(matchExpressions && { matchExpressions }) });
});

test.each([
  ['4.1', 3, undefined, true],
  ['4.0', 3, undefined, false],
  ['3.0', 3, undefined, false],
  ['4.1', 3, false, false],
  ['4.1', 1, undefined, false],
])('Patroni %s, %i members, protectBootstrap %s: a copy in progress is protected: %s', (patroniVersion, members, protectBootstrap, is) => {
  const budget = bootstrapBudget(planOf({ patroniVersion, members, disruptionBudget: { protectBootstrap } }));
  expect(budget !== undefined).toBe(is);
});

test('only a member that is being copied is held', () => {
  const budget = plain(bootstrapBudget(planOf()));
  expect(budget.metadata.name).toBe('orders-bootstrap');
  expect(budget.spec.maxUnavailable).toBe(0);
  expect(budget.spec.selector.matchLabels).toEqual({ ...planOf().selector('database'), 'patroni-bootstrap': 'in-progress' });
});

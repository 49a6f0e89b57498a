import { selects, takes } from '../../lib/checks/manifests/selector';

const labels = { app: 'orders', role: 'primary' };

test.each<[object, boolean]>([
  [{}, true],
  [{ matchLabels: { app: 'orders' } }, true],
  [{ matchLabels: { app: 'carts' } }, false],
  [{ matchLabels: { toString: 'x' } }, false],
  [{ matchExpressions: [{ key: 'role', operator: 'In', values: ['primary', 'replica'] }] }, true],
  [{ matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['primary'] }] }, false],
  [{ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  [{ matchExpressions: [{ key: 'role', operator: 'Exists' }] }, true],
  [{ matchExpressions: [{ key: 'role', operator: 'DoesNotExist' }] }, false],
  [{ matchExpressions: [{ key: 'role', operator: 'Equals' }] }, false],
  [{ matchLabels: { app: 'orders' }, matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
])('%j selects the pod: %s', (selector, is) => {
  expect(selects(selector as never, labels)).toBe(is);
});

test('a map of labels is taken where each of them is there', () => {
  expect([takes({ app: 'orders' }, labels), takes({}, labels), takes({ app: 'orders', zone: 'a' }, labels)]).toEqual([true, true, false]);
});

import { couldBothSelect, couldSelect } from '../../lib/checks/manifests/run-time-labels';

const labels = { app: 'db' };
const expression = (key: string, operator: string, ...values: string[]) => ({ matchExpressions: [{ key, operator, values }] });

test.each<[object, boolean]>([
  [{ matchLabels: { app: 'db' } }, true],
  [{ matchLabels: { app: 'db', role: 'primary' } }, true],
  [{ matchLabels: { app: 'web', role: 'primary' } }, false],
  [expression('role', 'In', 'primary'), true],
  [expression('app', 'NotIn', 'db'), false],
])('%j could select a pod with app: db: %s', (selector, is) => {
  expect(couldSelect(selector as never, labels)).toBe(is);
});

test.each<[object, object, boolean]>([
  [{ matchLabels: { role: 'primary' } }, { matchLabels: { role: 'replica' } }, false],
  [{ matchLabels: { role: 'primary' } }, { matchLabels: { zone: 'a' } }, true],
  [{ matchLabels: { role: 'primary' } }, expression('role', 'DoesNotExist'), false],
  [{ matchLabels: { role: 'primary' } }, expression('role', 'NotIn', 'replica'), true],
  [expression('role', 'In', 'a', 'b'), expression('role', 'In', 'b', 'c'), true],
  [expression('role', 'Exists'), expression('role', 'NotIn', 'a', 'b'), true],
  [expression('role', 'NotIn', 'a'), expression('role', 'DoesNotExist'), true],
  [{ matchLabels: { app: 'web' } }, { matchLabels: { app: 'db' } }, false],
])('%j and %j could both select it: %s', (a, b, is) => {
  expect([couldBothSelect(a as never, b as never, labels), couldBothSelect(b as never, a as never, labels)]).toEqual([is, is]);
});

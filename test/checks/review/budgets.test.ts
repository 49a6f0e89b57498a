import { budgetNotes } from '../../../lib/checks/review/budgets';
import type { Json } from '../../support';
import { comparison, LABELS, messages, object, statefulSet } from './support';

const budget = (spec: object) =>
  object('policy/v1', 'PodDisruptionBudget', 'orders', { spec: { selector: { matchLabels: LABELS }, ...spec } });
const pods = (replicas: number) => statefulSet({ spec: { replicas } });

test.each<[string, Json[], Json[]]>([
  ['minAvailable of all', [budget({ minAvailable: 2 }), pods(3)], [budget({ minAvailable: 3 }), pods(3)]],
  ['fewer pods', [budget({ minAvailable: 2 }), pods(3)], [budget({ minAvailable: 2 }), pods(2)]],
  ['maxUnavailable of none', [], [budget({ maxUnavailable: 0 }), pods(3)]],
  ['100 %', [], [budget({ minAvailable: '100%' }), pods(3)]],
])('a budget with %s blocks a drain', (_, before, after) => {
  expect(messages(budgetNotes(comparison(before, after)))).toEqual([
    expect.stringContaining('none may be evicted: a drain of its node waits for ever'),
  ]);
});

test.each<[string, Json[], Json[]]>([
  ['one may go', [], [budget({ maxUnavailable: 1 }), pods(1)]],
  ['it did before', [budget({ maxUnavailable: 0 }), pods(3)], [budget({ maxUnavailable: 0 }), pods(4)]],
  ['there are no pods', [], [budget({ maxUnavailable: 0 })]],
  ['it is of other pods', [], [budget({ maxUnavailable: 0, selector: { matchLabels: { app: 'x' } } }), pods(3)]],
  ['half may go', [], [budget({ minAvailable: '50%' }), pods(3)]],
])('not where %s', (_, before, after) => {
  expect(budgetNotes(comparison(before, after))).toEqual([]);
});

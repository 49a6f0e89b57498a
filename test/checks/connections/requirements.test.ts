import * as fc from 'fast-check';
import { Requirements } from '../../../lib/checks/connections/requirements';
import { selects } from '../../../lib/checks/manifests/selector';

const value = fc.constantFrom('1', '2', '3');
const key = fc.constantFrom('a', 'b');
const labels = fc.dictionary(key, value, { maxKeys: 2 });
const selector = fc.record({
  matchLabels: fc.dictionary(key, value, { maxKeys: 2 }),
  matchExpressions: fc.array(
    fc.record({
      key,
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Equals'),
      values: fc.array(value, { maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
});

/** Every set of labels there is, of these keys and values and one more. */
const every = [undefined, '1', '2', '3', '4'].flatMap((a) =>
  [undefined, '1', '2', '3', '4'].map((b) => ({ ...(a && { a }), ...(b && { b }) }) as Record<string, string>),
);

test('takes what the selector selects', () => {
  fc.assert(fc.property(selector, labels, (s, l) => Requirements.of(s).matches(l) === selects(s, l)));
});

test('implies another exactly where it takes nothing that the other does not', () => {
  fc.assert(
    fc.property(selector, selector, (a, b) => {
      const [x, y] = [Requirements.of(a), Requirements.of(b)];
      expect(x.implies(y)).toBe(every.every((l) => !x.matches(l) || y.matches(l)));
      if (x.key === y.key) expect(every.filter((l) => x.matches(l))).toEqual(every.filter((l) => y.matches(l)));
    }),
  );
});

test('a label that is not there is none of any values', () => {
  const absent = Requirements.of({ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] });
  expect(absent.implies(Requirements.of({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }))).toBe(true);
});

test('asks for a label to be there exactly where it does not take a pod without labels', () => {
  fc.assert(
    fc.property(selector, (s) => {
      const requirements = Requirements.of(s);
      if (every.some((l) => requirements.matches(l))) expect(requirements.isPositive).toBe(!requirements.matches({}));
      expect(requirements.isEmpty).toBe(every.every((l) => requirements.matches(l)));
    }),
  );
});

test.each<[object, string]>([
  [{}, ''],
  [{ matchLabels: { tier: 'a', app: 'web' } }, 'app=web, tier=a'],
  [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['b', 'a'] }] }, 'tier in (a, b)'],
  [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a'] }] }, 'tier not in (a)'],
  [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 'with tier'],
  [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, 'without tier'],
  [{ matchExpressions: [{ key: 'tier', operator: 'Near' }] }, 'no labels'],
])('%j is said as: %s', (s, text) => {
  expect(`${Requirements.of(s as never)}`).toBe(text);
});

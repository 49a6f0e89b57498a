import { Pattern } from '../../../lib/checks/schema/pattern';

test.each<[string, string, boolean | undefined]>([
  ['^a+$', 'aaa', true],
  ['^a+$', 'b', false],
  ['^(?i)(abort|warn)?$', 'WARN', true],
  ['(?i)abort', 'ABORT', true],
  ['(?s)a.b', 'a\nb', true],
  ['^(?P<year>\\d{4})$', '2026', true],
  ['a\\z', 'a', undefined],
  ['\\pL', 'a', undefined],
  ['[[:alpha:]]', 'a', undefined],
  ['a(?i)b', 'aB', undefined],
  ['(?U)a+', 'a', undefined],
  ['(', 'a', undefined],
])('%s takes %j: %s', (source, text, is) => {
  for (const foreign of [true, false]) expect(new Pattern(source, foreign).matches(text)).toBe(is);
});

test('a foreign pattern that takes for ever is given up, and not tried again', () => {
  const pattern = new Pattern('^(a+)+$', true);
  const started = performance.now();
  expect([pattern.matches(`${'a'.repeat(40)}!`), pattern.matches('a')]).toEqual([undefined, undefined]);
  expect(performance.now() - started).toBeLessThan(2000);
});

test('so is one of this package on a text that is made for it', () => {
  const pattern = new Pattern('^.*@.*@.*@.*@.*\\.com$', false);
  expect(pattern.matches('@'.repeat(100_000))).toBeUndefined();
});

test('many of them together do not take for ever either', () => {
  const started = performance.now();
  for (let i = 0; i < 200; i++) new Pattern(`^(a+)+${i}$`, true).matches('a'.repeat(40));
  expect(performance.now() - started).toBeLessThan(5000);
});

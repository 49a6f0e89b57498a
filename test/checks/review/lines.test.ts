import { lineDiff } from '../../../lib/checks/review/lines';

const text = (...lines: string[]) => lines.join('\n');

test.each<[string, string, string, string[]]>([
  ['a changed line with its neighbours', text('a', 'b', 'c', 'd'), text('a', 'b', 'x', 'd'), [' b', '-c', '+x', ' d']],
  ['an inserted line', text('a', 'c'), text('a', 'b', 'c'), [' a', '+b', ' c']],
  ['a removed line', text('a', 'b'), text('a'), [' a', '-b']],
  ['two places', text('a', '1', '2', '3', 'b'), text('x', '1', '2', '3', 'y'), ['-a', '+x', ' 1', '…', ' 3', '-b', '+y']],
  ['the last line break', text('a', ''), text('a'), [' a', '-']],
])('%s', (_, before, after, expected) => {
  expect(lineDiff(before, after)).toEqual(expected);
});

test('long texts and long lines are bounded', () => {
  const many = (from: number) => Array.from({ length: 5000 }, (_, index) => `${from + index * 2}`).join('\n');
  const diff = lineDiff(many(0), many(1));
  expect(diff).toHaveLength(31);
  expect(diff.at(-1)).toBe('… 9970 more lines');
  expect(lineDiff('a', 'b'.repeat(10_000)).at(-1)?.length).toBeLessThan(200);
});

import { code, codeBlock, markdown } from '../../../lib/checks/escape';
import { renderReviewMarkdown } from '../../../lib/checks/review';
import type { Json } from '../../support';
import { configMap, deployment, object, review } from './support';

const comment = (before: Json[], after: Json[]) => renderReviewMarkdown(review(before, after));

test.each([
  ['plain words, and 3 numbers (of some)', 'plain words, and 3 numbers (of some)'],
  ['StatefulSet shop/orders', 'StatefulSet shop/orders'],
  ['a 1:2 b → c', 'a 1:2 b → c'],
  ['ask @team now', 'ask `@team` now'],
  ['mail a@b.c.', 'mail `a@b.c`.'],
  ['<img src=x>', '`<img` `src=x>`'],
  ['see https://evil.example/x, or www.evil.example', 'see `https://evil.example/x`, or `www.evil.example`'],
  ['[text](target)', '`[text](target`)'],
  ['a | b', 'a `|` b'],
  ['**bold** _it_ ~~no~~', '`**bold**` `_it_` `~~no~~`'],
  ['# title', '`#` title'],
  ['#12 owner/repo#12 GH-12 0123abc', '`#12` `owner/repo#12` `GH-12` `0123abc`'],
  [':tada: ok', '`:tada`: ok'],
  ['1. first', '`1`. first'],
  ['spec.a[0].b, then', '`spec.a[0].b`, then'],
  ['run `kubectl get pods`, and `x | y`', 'run `kubectl get pods`, and `x | y`'],
  ['one ` only', 'one `` ` `` only'],
  ['a\nb', '`a\\nb`'],
  ['&lt;', '`&lt`;'],
  ['\u202eabc', '`\\u{202e}abc`'],
])('%j is %j', (text, expected) => {
  expect(markdown(text)).toBe(expected);
});

test('code, whatever is in it', () => {
  expect([code('a'), code('a`b'), code('``'), code(''), code(' a')]).toEqual(['`a`', '`` a`b ``', '``` `` ```', '`  `', '`  a `']);
  expect(codeBlock(['```', '````x'])).toBe('`````\n```\n````x\n`````');
});

test('equal trees are one line', () => {
  expect(comment([deployment()], [deployment()])).toBe('**Review:** nothing changes\n');
});

test('a manifest is neither HTML nor a mention, wherever it stands', () => {
  const nasty = '<script>alert(1)</script> @everyone ![x](https://evil.example)';
  const hostile = (value: string) =>
    object('v1', 'ConfigMap', nasty, {
      metadata: { namespace: nasty, annotations: { [nasty]: value } },
      data: { [nasty]: `${value}\n\`\`\`\n${nasty}` },
    });
  const outside = comment([hostile('a'), deployment()], [hostile(nasty), deployment({ spec: { replicas: 0 } }, undefined, nasty)])
    .replace(/^( *)(`{3,})diff\n[\s\S]*?\n\1\2$/gm, '') // code blocks
    .replace(/(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, ''); // code spans
  expect(outside).not.toMatch(/@|https?:|<(?!\/?details>|\/?summary>)|!\[/);
  expect(outside).toContain('<details>');
});

test('a comment has an end, and says what it leaves out', () => {
  const many = (value: string) =>
    Array.from({ length: 800 }, (_, index) => configMap({ a: `${index}${value.repeat(100)}` }, `settings-of-${index}`));
  const long = comment(many('a'), many('b'));
  expect(long.length).toBeLessThan(65_536);
  expect(long.length).toBeGreaterThan(60_000);
  expect(long).toMatch(
    /\n<\/details>\n\nLeft out, since a comment has an end: \d+ of 800 under “Objects”\. The text and JSON reports have them\.\n$/,
  );
  expect(renderReviewMarkdown(review([deployment()], many('a')), { limit: 2000 }).length).toBeLessThan(2000);
});

test('one endless object does not push the others out', () => {
  const lines = (value: string) =>
    Array.from({ length: 25 }, (_, index) => [
      `k${index}`,
      Array.from({ length: 30 }, (__, line) => `${value}${line}${'x'.repeat(150)}`).join('\n'),
    ]);
  const endless = (value: string) => configMap(Object.fromEntries(lines(value)), 'endless');
  const shown = comment([endless('a'), configMap({ a: '1' })], [endless('b'), configMap({ a: '2' })]);
  expect(shown).toContain('too long to show here');
  expect(shown).toContain('`data.a`: 1 → 2');
});

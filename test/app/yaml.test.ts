import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { YamlWriter } from '../../lib/app/yaml';

/** Pieces of which YAML makes more than letters. */
const pieces = fc.constantFrom(
  ...[
    '\n',
    '\n\n',
    ' ',
    '  ',
    '\t',
    '\r',
    ':',
    ': ',
    '-',
    '- ',
    '---',
    '...',
    '#',
    ' #',
    '"',
    "'",
    '|',
    '>',
    '&',
    '*',
    '!',
    '%',
    '@',
    '`',
    ',',
    '?',
    '? ',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    '<<',
    '=',
    '~',
    'null',
    'yes',
    'Off',
    'n',
    '012',
    '0x1f',
    '0b1',
    '1e3',
    '1_000',
    '1:30',
    '.5',
    '.inf',
    '2001-01-01',
    '\u0000',
    '\u0085',
    'é',
    '😀',
  ],
  ...['a', 'b/c', '=', ',', '+', '@', '%', '$', '(', ')', '/', '_', 'word', 'x'.repeat(90), '${VAR}', '1', 'true', '\ufeff', '\u2028'],
);
const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')) },
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z/][\w./=,+@%$(){}:# -]{0,8}$/) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme' }) },
);
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constantFrom(null, -0, 1e21, Number.NaN));
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(text, tie('any'), { maxKeys: 4 })),
})).any;

test('anything is written in the bytes of Yaml.stringify', () => {
  const writer = new YamlWriter(); // one for all, as in a synth
  fc.assert(
    fc.property(fc.array(value, { maxLength: 3 }), (documents) => {
      expect(writer.text(documents)).toBe(Yaml.stringify(...documents));
    }),
    { numRuns: RUNS },
  );
});

const RUNS = 400;

const shared = { a: 1 };
test.each<[string, unknown]>([
  ['what is there twice', { a: shared, b: shared }],
  ['an empty list that is there twice', { a: [shared], b: [shared] }],
  ['undefined', { a: undefined }],
  ['a date', { a: new Date(0) }],
  ['what writes itself', { a: { toJSON: () => 'b' } }],
  ['a merge key', { '<<': { a: 1 } }],
  ['a long key', { ['x'.repeat(2000)]: 1 }],
  ['a key of two lines', { 'a\nb': 1 }],
  ['nothing', undefined],
  ['an empty map', {}],
  ['a list', [1, [2, [{ a: [] }]]]],
  ['texts that look like words', ['E3', 'e-1', 'NaN', 'Infinity', 'Null', 'yEs', 'a:b', 'a: b', '/:a', 'a #b', 'T12:00', 'x'.repeat(300)]],
  ['a map without prototype', Object.assign(Object.create(null), { a: 1 })],
])('%s', (_, document) => {
  expect(new YamlWriter().text([document])).toBe(Yaml.stringify(document));
});

test.each(readdirSync(join(__dirname, '../golden')))('%s', (file) => {
  const documents = parseAllDocuments(readFileSync(join(__dirname, '../golden', file), 'utf8'), { version: '1.1' }).map((d) => d.toJS());
  expect(new YamlWriter().text(documents)).toBe(Yaml.stringify(...documents));
});

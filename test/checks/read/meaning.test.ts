import * as fc from 'fast-check';
import { parseDocuments } from '../../../lib/checks/read/parse';
import { InputError } from '../../../lib/checks/read/problem';

const value = (text: string) => parseDocuments(text, 'a.yaml')[0]?.value;

/** What sigs.k8s.io/yaml 1.6.0 (go.yaml.in/yaml/v2 2.4.2), which kubectl and the API server read YAML with, makes of it. */
test.each<[string, unknown]>([
  ['y', true],
  ['Y', true],
  ['yes', true],
  ['YES', true],
  ['yEs', 'yEs'],
  ['n', false],
  ['no', false],
  ['no # comment', false],
  ['on', true],
  ['Off', false],
  ['true', true],
  ['TRUE', true],
  ['tRUE', 'tRUE'],
  ['~', null],
  ['Null', null],
  ['', null],
  ['012', 10],
  ['0o12', 10],
  ['0O17', 15],
  ['0o_1', 1],
  ['0o8', '0o8'],
  ['0x1F', 31],
  ['0X1F', 31],
  ['-0x10', -16],
  ['0x1_F', 31],
  ['0x', '0x'],
  ['0b101', 5],
  ['-0b101', -5],
  ['0B11', 3],
  ['0b2', '0b2'],
  ['-012', -10],
  ['+12', 12],
  ['07_7', 63],
  ['09', 9],
  ['08.5', 8.5],
  ['0', 0],
  ['-0', 0],
  ['00', 0],
  ['0_0', 0],
  ['0_1', 1],
  ['1_000', 1000],
  ['1_', 1],
  ['-1_0', -10],
  ['1_000.5', 1000.5],
  ['685.230_15e+03', 685230.15],
  ['_1', '_1'],
  ['1e3', 1000],
  ['1E+3', 1000],
  ['1.5e3', 1500],
  ['1.e3', 1000],
  ['.1e3', 100],
  ['-.5e-3', -0.0005],
  ['12e03', 12000],
  ['1e', '1e'],
  ['e3', 'e3'],
  ['.e3', '.e3'],
  ['.5', 0.5],
  ['+.5', 0.5],
  ['._1', '._1'],
  ['5.', 5],
  ['1.10', 1.1],
  ['1e400', '1e400'],
  ['99999999999999999999999', 1e23],
  ['1:30', '1:30'],
  ['190:20:30', '190:20:30'],
  ['12:30:45.5', '12:30:45.5'],
  ['2024-01-01', '2024-01-01'],
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
  ['1,000', '1,000'],
  ['1-2', '1-2'],
  ['1.2.3', '1.2.3'],
  ['123abc', '123abc'],
  ['+', '+'],
  ['--1', '--1'],
  ['.', '.'],
  ['=', '='],
  ['<<', '<<'],
  ["'012'", '012'],
  ['"yes"', 'yes'],
  ["'it''s'", "it's"],
  ['"\\x41\\u00e9\\U0001F600"', 'Aé😀'],
  ['\ttrue', true],
  ['b\tc', 'b\tc'],
  ['|\n  x\n   y\n', 'x\n y\n'],
  ['>\n  x\n  y\n', 'x y\n'],
  ['|\n  x\n  y', 'x\ny\n'], // kubectl's reader ends every line
  ['|+\n  x\n\n', 'x\n\n'],
  ['|-\n  x\n', 'x'],
  ['!!str 012', '012'],
  ['!!str', ''],
  ['!!int "12"', 12],
  ['!!float 1', 1],
  ['!!bool yes', true],
  ['!!binary aGVsbG8=', 'hello'],
  ['!!timestamp 2024-01-01', '2024-01-01'],
  ['!!set {x, z}', { x: null, z: null }],
  ['!!omap [b: 1]', [{ b: 1 }]],
  ['! 12', '12'],
  ['!foo 12', '12'],
  ['!foo [1]', [1]],
  ['!foo {b: 1}', { b: 1 }],
  ['{b: 1,\n\t c: 2}', { b: 1, c: 2 }],
])('a: %s', (text, is) => {
  expect(value(`a: ${text}`)).toEqual({ a: is });
});

test.each<[string, unknown]>([
  ['yes: 1', { true: 1 }],
  ['1: a', { '1': 'a' }],
  ['1.50: a', { '1.5': 'a' }],
  ['012: a', { '10': 'a' }],
  ["'null': a", { null: 'a' }],
  ['? a\n: b', { a: 'b' }],
  ['base: &b {x: 1, z: 2}\nc: {<<: *b, z: 3}', { base: { x: 1, z: 2 }, c: { x: 1, z: 3 } }],
  ['base: &b {x: 1, z: 2}\nc: {z: 3, <<: *b}', { base: { x: 1, z: 2 }, c: { x: 1, z: 2 } }], // YAML itself would have 3
  ['<<: [{a: 1}, {a: 2, b: 3}]', { a: 1, b: 3 }],
  ['<<: {a: 1}\n<<: {a: 2, b: 3}', { a: 2, b: 3 }],
  ['"<<": {a: 1}', { '<<': { a: 1 } }],
  ['a: &x 1\nb: *x', { a: 1, b: 1 }],
  ['\ufeffa: 1', { a: 1 }],
  ['a: 1\r\nb: |\r\n  x\r\n', { a: 1, b: 'x\n' }],
  ['%YAML 1.1\n---\na: yes', { a: true }],
])('%j', (text, is) => {
  expect(value(text)).toEqual(is);
});

test.each([
  ['a: .inf', '.inf is a number that JSON does not have'],
  ['a: .nan', '.nan is a number that JSON does not have'],
  ['a: -', 'is no YAML'],
  ['a: *x', 'there is no anchor for the alias "x"'],
  ['a: &a [*a]', 'the alias "a" is part of what it stands for'],
  ['a: &a {b: *a}', 'the alias "a" is part of what it stands for'],
  ['? [a]\n: b', 'a key is an object or a list'],
  ['null: a', 'a key is null'],
  ['<<: 1', 'what is merged by << is not an object'],
  ['a: @x', 'is no YAML'],
  ['a: `x', 'is no YAML'],
  ['a: %x', 'is no YAML'],
  ['a: b: c', 'is no YAML'],
  ['a: [b', 'is no YAML'],
  ['a: {{ .Values.x }}', 'a key is an object or a list'],
  ['a: !!int x', 'a.yaml:1: "x" is no !!int'],
  ['a: !!null x', '"x" is no !!null'],
  ['a: !!bool 1', '"1" is no !!bool'],
  ['a: !<tag:yaml.org,2002:float> x', '"x" is no !!float'],
  ['a: 1\n---\nb: 1\nc: .inf', 'a.yaml:4: .inf is a number'],
  ["a: 'x\u0000'", 'has a NUL byte, so it is no text'],
])('Kubernetes does not read %j either: %s', (text, message) => {
  expect(() => parseDocuments(text, 'a.yaml')).toThrow(message);
});

test('a key like any other: __proto__ changes nothing but its own object', () => {
  const read = value('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}') as Record<string, unknown>;
  expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test('JSON is YAML, with the escapes that YAML knows only from it', () => {
  expect(value('{\n\t"a": "\\/\\ud83d\\ude00",\n\t"b": [1.5e3, -1, true, null, {}]\n}')).toEqual({
    a: '/😀',
    b: [1500, -1, true, null, {}],
  });
});

test('any text is read, or refused in a sentence', () => {
  const tokens = [
    'a',
    'b: ',
    '- ',
    '? ',
    '\n',
    '\n  ',
    '\n- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '&x ',
    '*x',
    '!!int ',
    '!<',
    '|\n',
    '>-\n',
    '#',
    '---\n',
    '...\n',
    '%',
    '<<: ',
    '012',
    '.inf',
    '\t',
    '\r',
    '\0',
    '\ufeff',
    '\ud800',
    '__proto__: ',
  ];
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 3 }))), (parts) => {
      try {
        expect(Array.isArray(parseDocuments(parts.join(''), 'a.yaml'))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as InputError).problems).toMatchObject([
          { file: 'a.yaml', line: expect.any(Number), message: expect.stringMatching(/^[^\n]+$/) },
        ]);
      }
    }),
    { numRuns: 500 },
  );
});

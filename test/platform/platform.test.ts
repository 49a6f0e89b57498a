import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { ConstructError, Endpoint, Image, SecretKey, warn, warningsOf } from '../../lib';
import { DIGEST, emitWarning, emptyChart } from '../support';

test.each([
  [{ tag: 'pg17' }, 'example/postgres:pg17'],
  [{ digest: DIGEST }, `example/postgres@${DIGEST}`],
  [{ tag: 'pg17', digest: DIGEST }, `example/postgres:pg17@${DIGEST}`],
])('an image of %j is %s', (options, text) => {
  expect(Image.of('example/postgres', options).toString()).toBe(text);
});

test.each([
  [Image.of('a', { tag: 'b' }), true],
  [{ repository: 'a' }, true], // of another copy of this package
  ['a:b', false],
  [undefined, false],
  [null, false],
])('%p is an image: %s', (value, is) => {
  expect(Image.isImage(value)).toBe(is);
});

test('a key of a Secret is given by name, or by the kplus Secret', () => {
  const chart = emptyChart();
  const secret = kplus.Secret.fromSecretName(chart, 'Secret', 'orders-postgres');
  expect(`${SecretKey.of('orders-postgres', 'superuser')}`).toBe('orders-postgres/superuser');
  expect(SecretKey.of(secret, 'superuser')).toEqual(SecretKey.of('orders-postgres', 'superuser'));
});

test('it gives a container its value by reference', () => {
  const { value, valueFrom } = SecretKey.of('orders-postgres', 'superuser').envValue();
  expect(value).toBeUndefined();
  expect(valueFrom).toEqual({ secretKeyRef: { name: 'orders-postgres', key: 'superuser' } });
});

test.each([
  [SecretKey.of('a', 'b'), true],
  [{ secretName: 'a', key: 'b' }, true],
  [{ secretName: 'a' }, false],
  ['a/b', false],
  [undefined, false],
  [null, false],
])('%p is a key of a Secret: %s', (value, is) => {
  expect(SecretKey.isSecretKey(value)).toBe(is);
});

test('an endpoint reads as host and port', () => {
  expect(`${new Endpoint('db.example', 5432)}`).toBe('db.example:5432');
});

describe('ConstructError', () => {
  const message = (got: unknown) =>
    new ConstructError('Code', new Construct(emptyChart(), 'orders'), 'a.prop', got, 'something else').message;
  const itself: { self?: unknown } = {};
  itself.self = itself;

  test.each([
    ['text', '"text"'],
    ['', '""'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [false, 'false'],
    [null, 'null'],
    [undefined, 'missing'],
    [{ a: [1] }, '{"a":[1]}'],
    [Duration.seconds(90), '1 minute 30 seconds'],
    [Size.gibibytes(1), '1024 MiB'],
    [Image.of('a', { tag: 'b' }), '{"repository":"a","tag":"b"}'],
  ])('shows %p as the user would write it: %s', (got, shown) => {
    expect(message(got)).toBe(`test/orders: a.prop is ${shown}, but must be something else [Code]`);
  });

  test.each([
    ['a bigint', 1n],
    ['what contains itself', itself],
    ['a construct', emptyChart()],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
  ])('shows something for %s', (_, got) => {
    expect(message(got)).toMatch(/^test\/orders: a\.prop is \S.*, but must be something else \[Code\]$/);
    expect(message(got)).not.toContain('[object Object]');
  });

  test('can be told from other errors, and carries what was wrong', () => {
    const error = new ConstructError('Code', emptyChart(), 'a.prop', 1, 'two');
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'ConstructError',
      code: 'Code',
      prop: 'a.prop',
      got: 1,
      message: expect.stringMatching(/^test: /),
    });
  });

  test('names the root where there is no path', () => {
    expect(new ConstructError('Code', new Construct(undefined as never, ''), 'a', 1, 'two').message).toMatch(/^\(root\): /);
  });
});

describe('warnings', () => {
  test('are said when they arise, and found below any construct', () => {
    // GIVEN
    const chart = emptyChart();
    const [first, second] = ['first', 'second'].map((id) => new Construct(chart, id)) as [Construct, Construct];
    emitWarning.mockClear();
    // WHEN
    warn(second, 'Second', 'two');
    warn(first, 'First', 'one');
    second.node.addMetadata('other', 'not ours');
    // THEN
    const told = { code: 'Second', message: 'test/second: two' };
    expect(warningsOf(chart)).toEqual([{ code: 'First', message: 'test/first: one' }, told]);
    expect(warningsOf(second)).toEqual([told]);
    expect(emitWarning).toHaveBeenCalledWith('test/second: two', { type: 'cdk8s-stateful', code: 'Second' });
  });
});

import { Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { Additions } from '../../lib/internal/additions';
import { keyValues, selectorLabels, selects, standardLabels } from '../../lib/internal/labels';
import { isDnsLabel, isLabelKey, isSqlName, isStringLabelValue } from '../../lib/internal/names';
import { nearest } from '../../lib/internal/nearest';
import { cpuQuantity, mebibytes, millicores, resourceRequirements, resourcesOr, seconds, sizeQuantity } from '../../lib/internal/quantity';
import { Registry } from '../../lib/internal/registry';
import { emptyChart, plain } from '../support';

describe('quantities are those the API server would write', () => {
  test.each([
    [Size.gibibytes(1), '1Gi'],
    [Size.mebibytes(1024), '1Gi'],
    [Size.mebibytes(1536), '1536Mi'],
    [Size.gibibytes(0.5), '512Mi'],
    [Size.tebibytes(2), '2Ti'],
    [Size.gibibytes(2048), '2Ti'],
    [Size.pebibyte(3), '3Pi'],
    [Size.pebibyte(2048), '2048Pi'],
    [Size.kibibytes(3), '3Ki'],
  ])('size %# is %s', (size, text) => {
    expect(sizeQuantity(size).value).toBe(text);
  });

  test.each([
    [kplus.Cpu.units(1), '1', 1000],
    [kplus.Cpu.millis(1000), '1', 1000],
    [kplus.Cpu.millis(1500), '1500m', 1500],
    [kplus.Cpu.units(0.5), '500m', 500],
    [kplus.Cpu.units(0.1), '100m', 100],
    [kplus.Cpu.millis(50), '50m', 50],
  ])('CPU %# is %s', (cpu, text, millis) => {
    expect(cpuQuantity(cpu).value).toBe(text);
    expect(millicores(cpu)).toBe(millis);
  });

  test('for any size, also one of tenths', () => {
    const tenths = fc.integer({ min: 1, max: 100000 }).map((n) => n / 10);
    fc.assert(
      fc.property(tenths, fc.constantFrom(Size.mebibytes, Size.gibibytes, Size.tebibytes), (amount, unit) => {
        const [, number = '', suffix] = /^(\d+)(Ki|Mi|Gi|Ti|Pi)$/.exec(String(sizeQuantity(unit(amount)).value)) ?? [];
        expect([number, suffix]).toEqual([expect.stringMatching(/^[1-9]/), expect.any(String)]);
        if (suffix !== 'Pi') expect(Number(number) % 1024).not.toBe(0);
      }),
    );
  });

  test('for any CPU, also one of thousandths', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256000 }), (millis) => {
        const text = millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`;
        expect(cpuQuantity(kplus.Cpu.millis(millis)).value).toBe(text);
        expect(cpuQuantity(kplus.Cpu.units(millis / 1000)).value).toBe(text);
      }),
    );
  });

  test('mebibytes are whole, seconds may be not', () => {
    expect(mebibytes(Size.kibibytes(2047))).toBe(1);
    expect(mebibytes(Size.gibibytes(2))).toBe(2048);
    expect(seconds(Duration.minutes(2))).toBe(120);
    expect(seconds(Duration.millis(1500))).toBe(1.5);
  });
});

describe('resources', () => {
  const memory = Size.mebibytes(64);
  const cpu = kplus.Cpu.millis(10);

  test.each([
    ['a limit is the request too', { memory: { limit: memory } }, { requests: { memory: '64Mi' }, limits: { memory: '64Mi' } }],
    ['a request alone limits nothing', { memory: { request: memory } }, { requests: { memory: '64Mi' } }],
    [
      'each has its own',
      { cpu: { request: cpu, limit: kplus.Cpu.units(1) }, memory: { request: memory, limit: Size.gibibytes(1) } },
      { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '1', memory: '1Gi' } },
    ],
    [
      'disk is counted too',
      { ephemeralStorage: { request: memory, limit: Size.gibibytes(1) } },
      { requests: { 'ephemeral-storage': '64Mi' }, limits: { 'ephemeral-storage': '1Gi' } },
    ],
    ['nothing is nothing', {}, { requests: {} }],
  ])('%s', (_, resources, expected) => {
    expect(plain(resourceRequirements(resources))).toEqual(expected);
  });
});

describe('names', () => {
  test.each([
    ['orders', true],
    ['o', true],
    ['orders-2', true],
    ['2orders', false],
    ['-orders', false],
    ['orders-', false],
    ['Orders', false],
    ['or.ders', false],
    ['', false],
    ['o'.repeat(40), true],
    ['o'.repeat(41), false],
  ])('%j is a DNS label of at most 40 characters: %s', (name, is) => {
    expect(isDnsLabel(name, 40)).toBe(is);
  });

  test.each([
    ['application', true],
    ['app.kubernetes.io/name', true],
    ['a/b/c', false],
    ['/b', false],
    ['a/', false],
    ['UPPER/case', false],
    ['x'.repeat(63), true],
    ['x'.repeat(64), false],
    ['', false],
  ])('%j is a label key: %s', (key, is) => {
    expect(isLabelKey(key)).toBe(is);
  });

  test.each([
    ['orders', true],
    ['_orders', true],
    ['orders-web_2', true],
    ['2orders', false],
    ['Orders', false],
    ['or ders', false],
    ['or"ders', false],
    ['o'.repeat(63), true],
    ['o'.repeat(64), false],
    ['', false],
  ])('%j is a name that PostgreSQL takes as it is: %s', (name, is) => {
    expect(isSqlName(name)).toBe(is);
  });

  test.each([
    ['patroni', true],
    ['v1.0', true],
    ['x'.repeat(63), true],
    ['true', false],
    ['On', false],
    ['12', false],
    ['1e5', false],
    ['0x1F', false],
    ['0b101', false],
    ['0o17', false],
    ['1_000', false],
    ['2024-01-01', false],
    ['null', false],
    ['', false],
    ['x'.repeat(64), false],
    [1, false],
    [undefined, false],
  ])('%j is a label value that stays a string: %s', (value, is) => {
    expect(isStringLabelValue(value)).toBe(is);
  });

  test('for any label value that is taken as a string, so does YAML', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]([-_.A-Za-z0-9]{0,6}[A-Za-z0-9])?$/);
    const number = fc.stringMatching(/^0[xXbBoO][0-9a-fA-F_]{1,4}$/);
    fc.assert(
      fc.property(fc.oneof(word, number).filter(isStringLabelValue), (text) => {
        expect(parse(text)).toBe(text);
      }),
    );
  });
});

describe('labels', () => {
  test('selectors use three of four, which never change', () => {
    const selector = { 'app.kubernetes.io/name': 'a', 'app.kubernetes.io/instance': 'b', 'app.kubernetes.io/component': 'c' };
    expect(selectorLabels('a', 'b', 'c')).toEqual(selector);
    expect(standardLabels('a', 'b', 'c')).toEqual({ ...selector, 'app.kubernetes.io/managed-by': 'cdk8s-stateful' });
  });

  test.each([
    [{ a: '1' }, { a: '1', b: '2' }, true],
    [{ a: '1', b: '2' }, { a: '1' }, false],
    [{ a: '1' }, { a: '2' }, false],
    [{}, { a: '1' }, true],
  ])('%j selects %j: %s', (selector, labels, is) => {
    expect(selects(selector, labels)).toBe(is);
  });

  test('they read as kubectl takes them', () => {
    expect(keyValues({ a: '1', b: '2' })).toBe('a=1, b=2');
  });
});

test('a registry knows what was added in the same app, and in no other', () => {
  const registry = new Registry<string>();
  const [one, other] = [emptyChart(), emptyChart()];
  registry.add(one, 'a');
  registry.add(new Construct(one, 'below'), 'b');
  expect(registry.all(one)).toEqual(['a', 'b']);
  expect(registry.all(other)).toEqual([]);
});

test('additions keep their order until they are read; later ones throw', () => {
  const additions = new Additions<number>();
  const tooLate = () => new Error('too late');
  additions.add(2, tooLate);
  additions.add(1, tooLate);
  expect(additions.read()).toEqual([2, 1]);
  expect(() => additions.add(3, tooLate)).toThrow('too late');
  expect(additions.read()).toEqual([2, 1]);
});

test.each([
  ['backup', 'backups'],
  ['LOOPWAIT', 'loopWait'],
  ['memebrs', 'members'],
  ['tlss', 'tls'],
  ['colour', undefined],
  ['x', undefined],
])('the name that %s was to be is %s', (name, expected) => {
  expect(nearest(name, ['tls', 'members', 'backups', 'loopWait'])).toBe(expected);
});

test('no name is no SQL name', () => {
  expect([undefined, null, 5].map((value) => isSqlName(value))).toEqual([false, false, false]);
});

test('what is not given of the resources is the default, each of processor and memory as a whole', () => {
  const [little, much] = [kplus.Cpu.millis(10), Size.gibibytes(1)];
  const defaults = { cpu: { request: little }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(64) } };
  expect(resourcesOr({ memory: { limit: much } }, defaults)).toEqual({ cpu: { request: little }, memory: { limit: much } });
  expect(resourcesOr({ cpu: undefined }, defaults)).toEqual(defaults);
  expect(resourcesOr(undefined, defaults)).toEqual(defaults);
});

import { bytesText, coresText, quantity } from '../../lib/checks/manifests/quantity';

test.each<[unknown, number | undefined]>([
  ['1', 1],
  ['500m', 0.5],
  ['1Gi', 2 ** 30],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['10G', 1e10],
  ['1e3', 1000],
  ['.5', 0.5],
  [2, 2],
  ['10GiB', undefined],
  ['', undefined],
  ['Gi', undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('%j is %s', (value, is) => {
  expect(quantity(value)).toBe(is);
});

test('for people', () => {
  expect([bytesText(1.5 * 2 ** 30), bytesText(0), bytesText(-(2 ** 20)), coresText(0.25), coresText(1.5), coresText(0)]).toEqual([
    '1.5Gi',
    '0',
    '-1Mi',
    '250m',
    '1.5',
    '0',
  ]);
});

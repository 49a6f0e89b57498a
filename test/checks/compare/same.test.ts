import { same } from '../../../lib/checks/compare/same';

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1, b: null }, { a: 1 }, true],
  [{ a: [] }, {}, true],
  [{ a: {} }, {}, false], // an empty podSelector or emptyDir means something
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ requests: { cpu: '1000m' } }, { requests: { cpu: 1 } }, true],
  [{ requests: { cpu: '1000m' } }, { requests: { cpu: '2' } }, false],
  [{ sizeLimit: '1Gi' }, { sizeLimit: '1024Mi' }, true],
  [{ value: '1000m' }, { value: '1' }, false], // a variable is a text
  [{ replicas: 1 }, { replicas: '1' }, false],
  [{ hasOwnProperty: 1 }, {}, false],
  [JSON.parse('{"__proto__": 1}'), {}, false],
  [Number.NaN, Number.NaN, true],
])('%j and %j are the same: %s', (a, b, is) => {
  expect([same(a, b), same(b, a)]).toEqual([is, is]);
});

import { configMap, deployment, merged, object, PROTECTED, review, service, statefulSet, template } from './support';

const objects = (before: unknown[], after: unknown[]) => review(before, after).objects;

test('each object with what became of it', () => {
  const gone = service(PROTECTED, 'kept');
  expect(
    objects(
      [configMap({ a: '1' }), statefulSet(), service(), gone],
      [configMap({ a: '2' }), statefulSet({}, undefined, 'orders-db'), object('v1', 'Secret', 'new')],
    ),
  ).toEqual([
    { change: 'changed', object: 'ConfigMap shop/orders-settings', fields: [{ path: 'data.a', before: '1', after: '2' }], more: 0 },
    { change: 'renamed', object: 'StatefulSet shop/orders-db', was: 'StatefulSet shop/orders', fields: [], more: 0 },
    { change: 'added', object: 'Secret shop/new', fields: [], more: 0 },
    { change: 'removed', object: 'Service shop/orders', fields: [], more: 0 },
    { change: 'removed', stays: true, object: 'Service shop/kept', fields: [], more: 0 },
  ]);
});

test.each<[string, object, object, object]>([
  ['a number that becomes a text', { a: 1 }, { a: '1' }, { path: 'spec.a', before: '1', after: '"1"' }],
  ['a text of many lines', { a: 'x\ny\n' }, { a: 'x\nz\n' }, { path: 'spec.a', lines: [' x', '-y', '+z', ' '] }],
  ['a long text', { a: '' }, { a: 'x'.repeat(500) }, { path: 'spec.a', before: '', after: `${'x'.repeat(160)}… (500 characters)` }],
  ['a field that is gone', { a: { b: 1 } }, {}, { path: 'spec.a', before: '{"b":1}' }],
])('%s', (_, before, after, expected) => {
  expect(objects([object('v1', 'Thing', 'a', { spec: before })], [object('v1', 'Thing', 'a', { spec: after })])).toMatchObject([
    { fields: [expected] },
  ]);
});

test('what changes no more than the words is not there', () => {
  const pod = (cpu: unknown) => template({ resources: { requests: { cpu } } });
  expect(objects([deployment({}, pod('1000m'))], [deployment({}, pod(1))])).toEqual([]);
});

test('so many fields and no more', () => {
  const thing = (value: number) =>
    object('v1', 'Thing', 'a', { spec: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}`, value])) });
  const [change] = objects([thing(1)], [thing(2)]);
  expect([change?.fields.length, change?.more]).toEqual([25, 15]);
});

test.each<[string, object, object]>([
  ['Secret', { data: { a: 'b2xk' }, stringData: { b: 'secret-old' } }, { data: { a: 'bmV3' }, stringData: { b: 'secret-new' } }],
  ['SealedSecret', { spec: { encryptedData: { a: 'b2xk' } } }, { spec: { encryptedData: { a: 'bmV3' } } }],
])('what a %s holds is not shown', (kind, before, after) => {
  const text = JSON.stringify(review([object('v1', kind, 'a', before)], [object('v1', kind, 'a', after)]));
  expect(text).toContain('(not shown)');
  expect(text).not.toMatch(/b2xk|bmV3|secret-old|secret-new/);
});

test('a whole Secret whose data is new is not shown either', () => {
  const text = JSON.stringify(review([object('v1', 'Secret', 'a')], [object('v1', 'Secret', 'a', { data: { a: 'bmV3' } })]));
  expect(text).not.toContain('bmV3');
});

test('the name is not among the fields of a renamed object', () => {
  const [change] = objects([statefulSet()], [merged(statefulSet({}, undefined, 'x'), { metadata: { namespace: 'store' } })]);
  expect(change).toMatchObject({ change: 'renamed', fields: [] });
});

import { differences } from '../../../lib/checks/compare/differences';

const paths = (before: unknown, after: unknown) =>
  differences(before, after).map(({ path, before: old, after: next }) => `${path}: ${JSON.stringify(old)} → ${JSON.stringify(next)}`);

const named = (...names: string[]) => names.map((name) => ({ name, image: `${name}:1` }));

test.each<[string, unknown, unknown, string[]]>([
  ['a field', { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, ['spec.replicas: 1 → 2']],
  ['a field that is new', { spec: {} }, { spec: { paused: true } }, ['spec.paused: undefined → true']],
  ['a key with a dot', { data: { 'a.b': 'x' } }, { data: { 'a.b': 'y' } }, ['data[a.b]: "x" → "y"']],
  [
    'an inserted container',
    { containers: named('b') },
    { containers: named('a', 'b') },
    ['containers[a]: undefined → {"name":"a","image":"a:1"}'],
  ],
  ['a field of an item', { env: [{ name: 'A', value: '1' }] }, { env: [{ name: 'A', value: '2' }] }, ['env[A].value: "1" → "2"']],
  ['another order', { env: named('a', 'b') }, { env: named('b', 'a') }, ['env: ["a","b"] → ["b","a"]']],
  ['ports without names', { ports: [{ port: 80 }] }, { ports: [{ port: 80, nodePort: 1 }] }, ['ports[80].nodePort: undefined → 1']],
  [
    'a volume under two paths',
    { volumeMounts: [{ name: 'v', mountPath: '/a' }] },
    {
      volumeMounts: [
        { name: 'v', mountPath: '/a' },
        { name: 'v', mountPath: '/b' },
      ],
    },
    ['volumeMounts[/b]: undefined → {"name":"v","mountPath":"/b"}'],
  ],
  [
    'claim templates',
    { volumeClaimTemplates: [{ metadata: { name: 'data' }, x: 1 }] },
    { volumeClaimTemplates: [{ metadata: { name: 'data' }, x: 2 }] },
    ['volumeClaimTemplates[data].x: 1 → 2'],
  ],
  ['an inserted argument', { args: ['a', 'c'] }, { args: ['a', 'b', 'c'] }, ['args[1]: undefined → "b"']],
  ['a changed argument', { args: ['a', 'b', 'c'] }, { args: ['a', 'x', 'c'] }, ['args[1]: "b" → "x"']],
  [
    'a removed rule',
    { rules: [{ verbs: ['get'] }, { verbs: ['list'] }] },
    { rules: [{ verbs: ['list'] }] },
    ['rules[0]: {"verbs":["get"]} → undefined'],
  ],
  ['equal quantities', { limits: { cpu: '1000m' } }, { limits: { cpu: '1' } }, []],
  ['a list that becomes a text', { a: [1] }, { a: '1' }, ['a: [1] → "1"']],
])('%s', (_, before, after, expected) => {
  expect(paths(before, after)).toEqual(expected);
});

test('two lists with too much to compare are compared place by place', () => {
  const numbers = (from: number) => Array.from({ length: 1000 }, (_, index) => index * 2 + from);
  expect(differences({ a: numbers(0) }, { a: numbers(1) })).toHaveLength(1000);
});

import { podTemplate } from '../support';
import { deployment, review, statefulSet } from './support';

const images = (...names: string[]) =>
  deployment({}, { metadata: {}, spec: { containers: names.map((image, index) => ({ name: `c${index}`, image })) } });
const found = (before: unknown[], after: unknown[]) =>
  review(before, after)
    .findings.filter(({ rule }) => rule === 'SEC-6')
    .map(({ message }) => message);

test('what the checks find now and did not before', () => {
  expect(found([images('a:1')], [images('a:1', 'b')])).toEqual(['b is whatever the registry has today']);
});

test.each<[string, unknown[], unknown[]]>([
  ['it was there', [images('a:1')], [images('a:1')]],
  ['it moved in its list', [images('a:1')], [images(`a@sha256:${'a'.repeat(64)}`, 'a:1')]],
  ['it says another value', [images('a:1')], [images('a:2')]],
  ['the object has another name', [statefulSet({}, podTemplate({ image: 'a:1' }))], [statefulSet({}, podTemplate({ image: 'a:1' }), 'b')]],
])('nothing where %s', (_, before, after) => {
  expect(found(before, after)).toEqual([]);
});

test('an old one stands for one new one only', () => {
  expect(found([images('a:1')], [images('a:2', 'a:2')])).toHaveLength(1);
});

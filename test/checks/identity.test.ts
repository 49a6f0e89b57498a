import { checkManifests, identityOf, titleOf } from '../../lib/checks';
import { deployment } from './support';

test.each<[object, string, string]>([
  [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', namespace: 'shop' } }, '/Service/shop/a', 'Service shop/a'],
  [{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } }, 'apps/Deployment/elsewhere/a', 'Deployment elsewhere/a'],
  [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a', namespace: 'b' } }, '/Namespace//a', 'Namespace a'],
  [{}, '//elsewhere/', 'object without a kind elsewhere/'],
])('%j', (object, identity, title) => {
  expect([identityOf(object, 'elsewhere'), titleOf(object, 'elsewhere')]).toEqual([identity, title]);
});

test.each([undefined, null, 1, [], { metadata: 1, kind: {} }])('%j is no reason to throw', (object) => {
  expect([typeof identityOf(object, 'a'), typeof titleOf(object, 'a')]).toEqual(['string', 'string']);
});

test('a finding names its object as that does, and repeats where it comes from', () => {
  const object = deployment({ image: 'app' });
  const [finding] = checkManifests([deployment(), object], {}, { origins: [{}, { construct: 'shop/app', line: 7 }], phase: 'synth' });
  expect(finding).toMatchObject({ rule: 'SEC-6', object: titleOf(object, 'default'), origin: { construct: 'shop/app', line: 7 } });
});

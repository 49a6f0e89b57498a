import { withLeftBehind } from '../../../lib/checks/compare/left-behind';
import { comparisonOf } from '../../../lib/checks/compare/pairs';
import { comparison, configMap, deployment, manifests, object, PROTECTED, service, statefulSet } from '../review/support';

const titles = (objects: readonly { readonly title: string }[]) => objects.map(({ title }) => title);

test('what is added, removed, changed and kept', () => {
  const { added, removed, changed, both } = comparison(
    [deployment(), configMap({ a: '1' }), service()],
    [deployment({ spec: { replicas: 3 } }), configMap({ a: '1' }), object('v1', 'Secret', 'orders')],
  );
  expect([added, removed, changed.map(({ after }) => after), both.map(({ after }) => after)].map(titles)).toEqual([
    ['Secret shop/orders'],
    ['Service shop/orders'],
    ['Deployment shop/orders'],
    ['Deployment shop/orders', 'ConfigMap shop/orders-settings'],
  ]);
});

test.each<[string, object, object]>([
  ['another version', { apiVersion: 'autoscaling/v2beta2' }, { apiVersion: 'autoscaling/v2' }],
  ['a group that moved', { apiVersion: 'extensions/v1beta1', kind: 'Ingress' }, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }],
])('%s is the same object', (_, old, next) => {
  const { added, removed, changed } = comparison([object('v1', 'Thing', 'a', old)], [object('v1', 'Thing', 'a', next)]);
  expect([added, removed, changed].map(({ length }) => length)).toEqual([0, 0, 1]);
});

test.each<[string, object]>([
  ['status', { status: { replicas: 3 } }],
  ['what the server writes', { metadata: { uid: 'x', resourceVersion: '1', creationTimestamp: null, managedFields: [] } }],
  ['what kubectl writes', { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } } }],
])('%s is no change', (_, extra) => {
  expect(
    comparison([deployment({ metadata: { annotations: {} } })], [deployment({ metadata: { annotations: {} }, ...extra })]).changed,
  ).toHaveLength(0);
});

test('of two objects with one name the last counts, and those without a name are all different', () => {
  expect(titles(comparison([], [configMap({ a: '1' }), configMap({ a: '2' })]).added)).toHaveLength(1);
  const hook = object('batch/v1', 'Job', 'x', { metadata: { name: undefined, generateName: 'hook-' } });
  expect(comparison([hook, hook], [hook, hook, hook])).toMatchObject({ added: [{ kind: 'Job' }], removed: [], changed: [] });
});

test.each<[string, unknown, unknown, boolean]>([
  ['a StatefulSet with another name', statefulSet(), statefulSet({}, undefined, 'orders-db'), true],
  ['another namespace', deployment(), deployment({ metadata: { namespace: 'store' } }), true],
  ['a hash in the name', configMap({ a: '1' }, 'orders-6f7c8d9b2k'), configMap({ a: '2' }, 'orders-8d9b2k6f7c'), true],
  [
    'a name that is its own labels',
    statefulSet({ spec: { selector: { matchLabels: { app: 'one' } } } }, undefined, 'one'),
    statefulSet({ spec: { selector: { matchLabels: { app: 'two' } } } }, undefined, 'two'),
    true,
  ],
  ['things that say too little', object('v1', 'ServiceAccount', 'a'), object('v1', 'ServiceAccount', 'b'), false],
  [
    'things that say something else',
    configMap({ a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' }, 'a'),
    configMap({ a: '7', b: '2', c: '9', d: '8', e: '7', f: '6' }, 'b'),
    false,
  ],
  ['another kind', deployment(), statefulSet({}, undefined, 'x'), false],
])('renamed, %s', (_, before, after, is) => {
  expect(comparison([before], [after]).renamed).toHaveLength(is ? 1 : 0);
});

test('of several that are alike the most alike are one', () => {
  const pod = (image: string, tag = '1') => ({
    spec: { template: { spec: { containers: [{ name: 'app', image: `${image}:${tag}`, args: ['a', 'b', 'c', 'd', 'e', image] }] } } },
  });
  const before = [deployment(pod('p')), deployment(pod('q'), undefined, 'other')];
  const after = [deployment(pod('q', '2'), undefined, 'x'), deployment(pod('p', '2'), undefined, 'y')];
  const names = comparison(before, after).renamed.map((pair) => [pair.before.name, pair.after.name]);
  expect(names.sort()).toEqual([
    ['orders', 'y'],
    ['other', 'x'],
  ]);
});

test('more at once than is worth comparing is not compared, unless it is the same', () => {
  const many = (stem: string, replicas = 2) =>
    Array.from({ length: 60 }, (_, index) => deployment({ spec: { replicas } }, undefined, `${stem}-${index}`));
  expect(comparison(many('a'), many('b', 3)).renamed).toEqual([]);
  expect(comparison(many('a').slice(30), many('b', 3).slice(30)).renamed).toHaveLength(30);
  expect(comparison(many('a').slice(59), many('b').slice(59)).renamed).toHaveLength(1);
});

test('a comparison is made once', () => {
  const [before, after] = [manifests([deployment()]), manifests([service()])];
  expect(comparisonOf(before, after)).toBe(comparisonOf(before, after));
});

test('what is protected from pruning by each tool that applies it stays', () => {
  const removed = comparison([service(PROTECTED), deployment()], []);
  expect(titles(withLeftBehind(removed, ['argocd', 'flux']).removed)).toEqual(['Deployment shop/orders']);
  expect(titles(withLeftBehind(removed, ['argocd', 'flux']).after.all)).toEqual(['Service shop/orders']);
  const argo = { metadata: { annotations: { 'argocd.argoproj.io/sync-options': 'ServerSideApply=true, Prune=confirm' } } };
  expect(withLeftBehind(comparison([service(argo)], []), ['argocd', 'flux']).removed).toHaveLength(1);
  expect(withLeftBehind(comparison([service(argo)], []), ['argocd']).removed).toHaveLength(0);
  expect(withLeftBehind(comparison([service(PROTECTED)], []), []).removed).toHaveLength(1);
  const flux = { metadata: { labels: { 'kustomize.toolkit.fluxcd.io/prune': 'Disabled' } } };
  expect(withLeftBehind(comparison([service(flux)], []), ['flux']).removed).toHaveLength(0);
});

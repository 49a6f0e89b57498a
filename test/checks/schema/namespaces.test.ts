import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckOptions, checkManifests } from '../../../lib/checks';
import { clusterScopes } from '../../../lib/checks/schema/scope';

const found = (objects: object[], options: CheckOptions = {}) => checkManifests(objects, options).filter(({ rule }) => rule === 'SCH-5');
const object = (apiVersion: string, kind: string, namespace?: string) => ({ apiVersion, kind, metadata: { name: 'a', namespace } });

test.each<[string, string, boolean]>([
  ['v1', 'Namespace', true],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', true],
  ['storage.k8s.io/v1', 'StorageClass', true],
  ['cert-manager.io/v1', 'ClusterIssuer', true],
  ['v1', 'ConfigMap', false],
  ['acme.example/v1', 'ClusterWidget', false],
  ['acme.example/v1', 'Node', false],
])('%s %s is for the whole cluster: %s', (apiVersion, kind, is) => {
  expect(found([object(apiVersion, kind, 'shop')])).toMatchObject(
    is
      ? [
          {
            severity: 'error',
            field: 'metadata.namespace',
            message: `${kind} is for the whole cluster, and names the namespace shop`,
            fix: 'remove metadata.namespace',
          },
        ]
      : [],
  );
  expect(found([object(apiVersion, kind)])).toEqual([]);
});

test('a definition among the manifests, or given, says it of its kind', () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.acme.example' },
    spec: { group: 'acme.example', names: { kind: 'Widget', plural: 'widgets' }, scope: 'Cluster', versions: [] },
  };
  const widget = object('acme.example/v1', 'Widget', 'shop');
  expect([found([widget]), found([widget, crd]), found([widget], { crds: [crd] })].map(({ length }) => length)).toEqual([0, 1, 1]);
});

test('the table has every kind of this package that belongs to no namespace, and no other of it', () => {
  const index = JSON.parse(readFileSync(join(__dirname, '../../../lib/checks/schema/data/crds/index.json'), 'utf8'));
  const scoped = clusterScopes([]);
  for (const [key, { scope }] of Object.entries<{ scope: string }>(index)) {
    const [group, kind] = key.split('/');
    expect([key, scoped({ apiVersion: `${group}/v1`, kind })]).toEqual([key, scope === 'Cluster']);
  }
});

const service = (name: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { ports: [{ port: 80 }] },
});
const config = (url: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'app', namespace },
  data: { 'app.conf': `url: ${url}` },
});

test.each<[string, object[], CheckOptions, number]>([
  ['no namespace and no name', [service('orders'), config('http://orders')], {}, 0],
  ['a name in another namespace than the one that is assumed', [service('orders'), config('http://orders.shop.svc.cluster.local')], {}, 1],
  ['a name of a pod', [service('orders'), config('orders-0.orders.shop.svc:5432')], {}, 1],
  ['the namespace that is assumed, as Helm prints it', [service('orders'), config('http://orders.default.svc')], {}, 0],
  ['the namespace that is given', [service('orders'), config('http://orders.shop.svc')], { namespace: 'shop' }, 0],
  ['a Service of someone else', [config('http://prometheus.monitoring.svc')], {}, 0],
  ['a Service that says where it is', [service('orders', 'shop'), config('http://orders.shop.svc')], {}, 0],
  ['an object that says where it is', [service('orders'), config('http://orders.shop.svc', 'shop')], {}, 0],
  ['a word that only looks so', [service('orders'), config('http://my_orders.shop.svc')], {}, 0],
  ['two names in one object', [service('orders'), config('orders.shop.svc,orders.shop.svc')], {}, 1],
])('%s', (_, objects, options, count) => {
  expect(found(objects, options)).toHaveLength(count);
});

test('what is in itself has an end', () => {
  const data: Record<string, unknown> = { url: 'x.y.svc' };
  data.a = data;
  data.b = data;
  expect(found([service('orders'), { ...config(''), data }])).toEqual([]);
});

test('the finding says both', () => {
  expect(found([service('orders'), config('http://orders.shop.svc')])).toMatchObject([
    {
      severity: 'error',
      object: 'ConfigMap default/app',
      field: 'data["app.conf"]',
      message: 'orders.shop.svc is a name in the namespace shop, and neither this object nor the Service orders says that it goes there',
      fix: 'write metadata.namespace: shop in both, or check with the namespace shop',
    },
  ]);
});

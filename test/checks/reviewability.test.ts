import { nondeterminism } from '../../lib/checks';
import { deployment, findings } from './support';

const named = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' } });
const configMap = (data: object) => ({ ...named('ConfigMap', 'app'), data });

describe('REV-1', () => {
  test('the same twice', () => {
    expect(nondeterminism(() => [deployment(), { data: { date: new Date(0).toISOString() } }])).toEqual([]);
  });

  test.each<[string, () => object, string]>([
    ['a random value', () => ({ spec: { password: Math.random() } }), 'spec.password'],
    ['a date', () => ({ metadata: { annotations: { made: new Date().toISOString().slice(0, 10) } } }), 'metadata.annotations.made'],
    ['the time', () => ({ spec: [{ at: Math.floor(Date.now() / 1e7) }] }), 'spec[0].at'],
  ])('%s', (_, object, field) => {
    expect(nondeterminism(() => [{ ...named('ConfigMap', 'a'), ...object() }])).toMatchObject([
      { rule: 'REV-1', severity: 'error', field, message: expect.stringMatching(/^two synths differ: .+ and then /) },
    ]);
  });

  test('the order of fields, and the number of objects', () => {
    let run = 0;
    const turned = () => (run++ === 0 ? [{ kind: 'A', spec: { a: 1, b: 2 } }] : [{ kind: 'A', spec: { b: 2, a: 1 } }]);
    expect(nondeterminism(turned)).toMatchObject([
      { object: 'A default/', field: 'spec', message: 'two synths write its fields in another order' },
    ]);
    let count = 0;
    const more = () => Array.from({ length: ++count }, (_, i) => named('ConfigMap', `c${i}`));
    expect(nondeterminism(more)).toMatchObject([{ object: 'ConfigMap shop/c1', message: 'the first synth made 1 objects, the second 2' }]);
  });

  test('the clock is right again afterwards, even if the synth fails', () => {
    const clock = Date;
    expect(() =>
      nondeterminism(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    let run = 0;
    expect(() =>
      nondeterminism(() => {
        if (run++ === 1) throw new Error('late');
        return [];
      }),
    ).toThrow('late');
    expect(Date).toBe(clock);
  });
});

describe('REV-2', () => {
  test.each([
    ['StatefulSet', 'shop-orders-c8694308', 'ends in a hash of the path of the construct'],
    ['PersistentVolumeClaim', 'data-5f3a9c1e', 'ends in a hash'],
  ])('%s %s', (kind, name, why) => {
    expect(findings('REV-2', [named(kind, name)])).toMatchObject([
      { severity: 'warning', field: 'metadata.name', message: expect.stringContaining(why) },
    ]);
  });

  test.each([
    ['StatefulSet', 'orders'],
    ['StatefulSet', 'orders-facade'],
    ['PersistentVolumeClaim', 'backup-20261125'],
    ['ConfigMap', 'orders-5f3a9c1e'],
    ['Job', 'migrate-5f3a9c1e'],
  ])('%s %s is well', (kind, name) => {
    expect(findings('REV-2', [named(kind, name)])).toEqual([]);
  });

  test('carriage returns, once an object', () => {
    expect(findings('REV-2', [configMap({ a: 'x\r\ny', b: 'z\r' })])).toMatchObject([
      { field: 'data.a', message: expect.stringMatching(/^data.a and data.b has/) },
    ]);
    expect(findings('REV-2', [configMap({ a: 'x\ny' })])).toEqual([]);
  });

  test('JSON on one line', () => {
    const json = JSON.stringify({ rows: Array.from({ length: 100 }, (_, i) => i) });
    expect(findings('REV-2', [configMap({ 'a.json': json })])).toMatchObject([{ field: "data['a.json']" }]);
    const long = configMap({
      'a.json': JSON.stringify(JSON.parse(json), null, 2),
      b: `{{ ${'x'.repeat(300)} }}`,
      c: 'word '.repeat(100),
      d: '{"a":1}',
    });
    expect(findings('REV-2', [long])).toEqual([]);
  });
});

describe('REV-3', () => {
  const found = (object: object) => findings('REV-3', [object]).map(({ message }) => message);

  test.each<[object, string]>([
    [{ ...named('Service', 'a'), spec: { externalIPs: [] } }, 'spec.externalIPs says nothing'],
    [
      { ...named('Service', 'a'), spec: { clusterIP: null, ports: [{ nodePort: null }] } },
      'spec.clusterIP and spec.ports[0].nodePort say nothing',
    ],
    [
      deployment({ resources: {} }, { affinity: {}, tolerations: [] }),
      'spec.template.spec.containers[0].resources, spec.template.spec.affinity and spec.template.spec.tolerations say nothing',
    ],
    [{ ...named('Secret', 'a'), metadata: { name: 'a', labels: null } }, 'metadata.labels says nothing'],
  ])('%j', (object, message) => {
    expect(found(object)).toEqual([message]);
  });

  test.each<[string, object]>([
    ['a volume', deployment({}, { volumes: [{ name: 'a', emptyDir: {} }] })],
    [
      'a policy that lets nobody in',
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: {}, ingress: [] } },
    ],
    ['a role filled by others', { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'a' }, rules: [] }],
    [
      'a custom resource',
      { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name: 'a' }, spec: { selfSigned: {}, resources: {} } },
    ],
    [
      'a schema',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'a' },
        spec: { a: { default: [], labels: {} } },
      },
    ],
    ['what is of GIT-6', { ...named('Pod', 'a'), metadata: { name: 'a', creationTimestamp: null }, status: { conditions: [] } }],
  ])('%s', (_, object) => {
    expect(found(object)).toEqual([]);
  });
});

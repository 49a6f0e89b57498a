import { checkManifests } from '../../../lib/checks';
import { type Changeable, found, short } from './support';

const podMonitor = (endpoint: object) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PodMonitor',
  metadata: { name: 'orders', namespace: 'shop' },
  spec: { selector: {}, podMetricsEndpoints: [{ port: 'metrics', ...endpoint }] },
});

test('a PodMonitor', () => {
  expect(found(podMonitor({ interval: '30s' }))).toEqual([]);
  expect(found(podMonitor({ scrapeInterval: '30s', interval: '30' }))).toMatchObject([
    {
      rule: 'SCH-1',
      field: 'spec.podMetricsEndpoints[0].scrapeInterval',
      message: 'spec.podMetricsEndpoints[0] has no field scrapeInterval (prometheus-operator v0.93.0)',
      fix: 'write interval',
    },
    { rule: 'SCH-1', field: 'spec.podMetricsEndpoints[0].interval', message: expect.stringMatching(/^"30" does not match /) },
  ]);
});

const resource = (apiVersion: string, kind: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'orders', namespace: 'shop' },
  spec,
});
const remoteRef = { key: 'orders' };

test.each<[string, object, string[]]>([
  [
    'an ExternalSecret',
    resource('external-secrets.io/v1', 'ExternalSecret', {
      secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
      target: { name: 'orders', creationPolicy: 'Orphan', deletionPolicy: 'Retain' },
      data: [{ secretKey: 'password', remoteRef }],
    }),
    [],
  ],
  [
    'an ExternalSecret with an unknown policy, and without what it needs',
    resource('external-secrets.io/v1', 'ExternalSecret', { target: { creationPolicy: 'Keep' }, data: [{ remoteRef }] }),
    ['SCH-1 error spec.target.creationPolicy', 'SCH-1 error spec.data[0].secretKey'],
  ],
  [
    'a Certificate',
    resource('cert-manager.io/v1', 'Certificate', { secretName: 'tls', issuerRef: { name: 'ca' }, dnsNames: ['orders'] }),
    [],
  ],
  [
    'a Certificate without a Secret, with texts for numbers',
    resource('cert-manager.io/v1', 'Certificate', { issuerRef: { name: 'ca' }, privateKey: { size: '256', algorithm: 'ecdsa' } }),
    ['SCH-1 error spec.privateKey.size', 'SCH-1 error spec.privateKey.algorithm', 'SCH-1 error spec.secretName'],
  ],
  [
    'an HTTPRoute',
    resource('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      parentRefs: [{ name: 'public' }],
      hostnames: ['shop.example'],
      rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }], backendRefs: [{ name: 'orders', port: 80 }] }],
    }),
    [],
  ],
  [
    'an HTTPRoute with a bad host and port, and a field of an Ingress',
    resource('gateway.networking.k8s.io/v1', 'HTTPRoute', {
      hostnames: ['Shop.example'],
      rules: [{ paths: [], backendRefs: [{ name: 'orders', port: 65536 }] }],
    }),
    ['SCH-1 error spec.hostnames[0]', 'SCH-1 error spec.rules[0].paths', 'SCH-1 error spec.rules[0].backendRefs[0].port'],
  ],
  [
    'listeners of a Gateway, which their names tell apart',
    resource('gateway.networking.k8s.io/v1', 'Gateway', {
      gatewayClassName: 'public',
      listeners: [80, 81].map((port) => ({ name: 'http', port, protocol: 'HTTP' })),
    }),
    ['SCH-4 error spec.listeners[1]'],
  ],
  [
    'rules of Prometheus: (?i) in a pattern, a number or a text',
    resource('monitoring.coreos.com/v1', 'PrometheusRule', {
      groups: [
        {
          name: 'a',
          partial_response_strategy: 'WARN',
          rules: [
            { alert: 'A', expr: 'up', for: '5m' },
            { alert: 'B', expr: 1 },
          ],
        },
        { name: 'b', partial_response_strategy: 'never' },
      ],
    }),
    ['SCH-1 error spec.groups[1].partial_response_strategy'],
  ],
  [
    'a Kustomization of Flux with a bad duration',
    resource('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', {
      interval: '10 m',
      prune: true,
      sourceRef: { kind: 'GitRepository', name: 'a' },
    }),
    ['SCH-1 error spec.interval'],
  ],
  ['metadata is what it is everywhere', { ...podMonitor({}), metadata: { name: 'orders', label: {} } }, ['SCH-1 error metadata.label']],
])('%s', (_, object, is) => {
  expect(short(object)).toEqual(is);
});

test.each<[string, string, boolean]>([
  ['IPAddress', '192.0.2.1', true],
  ['IPAddress', '2001:db8::1', true],
  ['IPAddress', '192.0.2.256', false],
  ['IPAddress', '2001:db8::g', false],
  ['Hostname', 'shop.example', true],
])('a Gateway may have the %s %s: %s', (type, value, is) => {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
  const spec = { gatewayClassName: 'public', listeners, addresses: [{ type, value }] };
  expect(short(resource('gateway.networking.k8s.io/v1', 'Gateway', spec))).toEqual(is ? [] : ['SCH-1 error spec.addresses[0]']);
});

test('a field of the name description is a field', () => {
  const project = (spec: object) => resource('argoproj.io/v1alpha1', 'AppProject', spec);
  expect(found(project({ description: 'all of the shop', roles: [{ name: 'reader', description: 'reads' }] }))).toEqual([]);
  expect(short(project({ description: 5 }))).toEqual(['SCH-1 error spec.description']);
  const priority = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'a' }, value: 1, description: 'first' };
  expect(found(priority)).toEqual([]);
});

/** A definition, as a user has it. */
function definition(schema: object, rest: object = {}): Changeable {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'queues.acme.example' },
    spec: {
      group: 'acme.example',
      names: { kind: 'Queue', plural: 'queues' },
      scope: 'Namespaced',
      versions: [
        { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec: schema } } } },
        { name: 'v1beta1', served: false, storage: false },
      ],
      ...rest,
    },
  };
}
const queue = (spec: unknown, apiVersion = 'acme.example/v1') => ({ apiVersion, kind: 'Queue', metadata: { name: 'orders' }, spec });
const asDefined = (schema: object, spec: unknown) =>
  short(queue(spec), { crds: [definition({ type: 'object', properties: { a: schema } })] });

test('a definition among the manifests counts as one that is given', () => {
  const schema = { type: 'object', properties: { size: { type: 'integer' } } };
  const wrong = queue({ sizes: 3 });
  expect(found(wrong, { crds: [definition(schema)] })).toMatchObject([{ rule: 'SCH-1', field: 'spec.sizes', fix: 'write size' }]);
  expect(checkManifests([wrong, definition(schema)])).toMatchObject([{ rule: 'SCH-1', field: 'spec.sizes' }]);
  expect(checkManifests([queue({ size: 3 }), definition(schema)])).toEqual([]);
});

test('it counts before the one of this package', () => {
  const older = definition({ type: 'object', properties: { scrapeInterval: { type: 'string' } } });
  older.spec = { ...older.spec, group: 'monitoring.coreos.com', names: { kind: 'PodMonitor', plural: 'podmonitors' } };
  const monitor = { ...podMonitor({}), spec: { scrapeInterval: '30s' } };
  expect(short(monitor)).not.toEqual([]);
  expect(found(monitor, { crds: [older] })).toEqual([]);
});

test('a version that is not served is not there', () => {
  expect(found(queue({}, 'acme.example/v1beta1'), { crds: [definition({ type: 'object' })] })).toMatchObject([
    { rule: 'SCH-2', message: 'its CustomResourceDefinition serves Queue as v1, not as v1beta1', fix: 'write apiVersion: acme.example/v1' },
  ]);
});

test.each<[string, object, unknown, string[]]>([
  ['nothing is said of it', {}, { a: { b: 1 } }, []],
  ['anything is kept', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { a: { b: [{}] } }, []],
  [
    'anything, beside what is known',
    { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { b: { type: 'string' } } },
    { a: { b: 1, c: 1 } },
    ['SCH-1 error spec.a.b'],
  ],
  ['an object of which no field is known', { type: 'object' }, { a: { b: 1 } }, ['SCH-1 error spec.a.b']],
  ['a map', { type: 'object', additionalProperties: { type: 'string' } }, { a: { b: 'c', d: 1 } }, ['SCH-1 error spec.a.d']],
  [
    'an embedded object',
    { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    { a: { apiVersion: 'v1', metadata: { nam: 'x' }, data: {} } },
    ['SCH-1 error spec.a.metadata.nam', 'SCH-1 error spec.a.kind'],
  ],
  ['a number or a text', { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, { a: '50%' }, []],
  ['a number or a text, and it is neither', { 'x-kubernetes-int-or-string': true }, { a: true }, ['SCH-1 error spec.a']],
  ['null where it is a value', { type: 'string', nullable: true }, { a: null }, []],
  [
    'null where something must be, and it is a value',
    { type: 'object', required: ['b'], properties: { b: { type: 'string', nullable: true } } },
    { a: { b: null } },
    [],
  ],
  ['null where it is none', { type: 'string' }, { a: null }, ['SCH-1 warning spec.a']],
  ['null in a list', { type: 'array', items: { type: 'string' } }, { a: [null] }, ['SCH-1 error spec.a[0]']],
  [
    'what is missing has a default',
    { type: 'object', required: ['b'], properties: { b: { type: 'string', default: 'c' } } },
    { a: {} },
    [],
  ],
  [
    'what is missing has none',
    { type: 'object', required: ['b'], properties: { b: { type: 'string' } } },
    { a: {} },
    ['SCH-1 error spec.a.b'],
  ],
  ['one of two', { type: 'object', properties: { b: {}, c: {} }, oneOf: [{ required: ['b'] }, { required: ['c'] }] }, { a: { b: 1 } }, []],
  [
    'both of two',
    { type: 'object', properties: { b: {}, c: {} }, oneOf: [{ required: ['b'] }, { required: ['c'] }] },
    { a: { b: 1, c: 1 } },
    ['SCH-1 error spec.a'],
  ],
  [
    'neither',
    { type: 'object', properties: { b: {}, c: {} }, anyOf: [{ required: ['b'] }, { required: ['c'] }] },
    { a: {} },
    ['SCH-1 error spec.a'],
  ],
  [
    'all of two',
    { type: 'string', allOf: [{ minLength: 2 }, { pattern: '^a' }] },
    { a: 'b' },
    ['SCH-1 error spec.a', 'SCH-1 error spec.a'],
  ],
  ['what is forbidden', { type: 'string', not: { enum: ['b'] } }, { a: 'b' }, ['SCH-1 error spec.a']],
  ['what is not forbidden', { type: 'string', not: { enum: ['b'] } }, { a: 'c' }, []],
  ['too many', { type: 'array', maxItems: 1, items: { type: 'string' } }, { a: ['b', 'c'] }, ['SCH-1 error spec.a']],
  ['too few', { type: 'object', minProperties: 1, additionalProperties: { type: 'string' } }, { a: {} }, ['SCH-1 error spec.a']],
  ['too large', { type: 'integer', maximum: 5, exclusiveMaximum: true }, { a: 5 }, ['SCH-1 error spec.a']],
  ['too small', { type: 'number', minimum: 1 }, { a: 0.5 }, ['SCH-1 error spec.a']],
  ['no multiple', { type: 'integer', multipleOf: 5 }, { a: 7 }, ['SCH-1 error spec.a']],
  ['characters, not code units', { type: 'string', maxLength: 2 }, { a: '🐘🐘' }, []],
  [
    'a key with a default',
    {
      type: 'array',
      'x-kubernetes-list-map-keys': ['b'],
      items: { type: 'object', properties: { b: { type: 'string', default: 'x' }, c: {} } },
    },
    { a: [{ b: 'x' }, { b: 'y' }, { b: 'x', c: 1 }] },
    ['SCH-4 error spec.a[2]'],
  ],
  ['a schema that is none', { type: 'object', properties: 5, required: 'x', oneOf: {}, enum: 3, items: [] } as object, { a: {} }, []],
])('%s', (_, schema, spec, is) => {
  expect(asDefined(schema, spec)).toEqual(is);
});

test('definitions of old that keep everything', () => {
  const old = definition({ type: 'object' }, { preserveUnknownFields: true });
  expect(found(queue({ a: 1 }), { crds: [old] })).toEqual([]);
  const older = { ...definition({}), apiVersion: 'apiextensions.k8s.io/v1beta1' };
  older.spec = { group: 'acme.example', names: { kind: 'Queue', plural: 'queues' }, version: 'v1alpha1', scope: 'Namespaced' };
  expect(found(queue({ a: 1 }, 'acme.example/v1alpha1'), { crds: [older] })).toEqual([]);
});

test('the schema in a definition is not looked into', () => {
  const odd = definition({ type: 'object', 'x-acme': true, anything: { at: ['all'] } });
  expect(found(odd)).toEqual([]);
  odd.spec.versions[0].serve = true;
  expect(short(odd)).toEqual(['SCH-1 error spec.versions[0].serve']);
});

test('a schema whose alternatives are itself', () => {
  const schema: Changeable = { type: 'object', properties: { b: {} }, anyOf: [], allOf: [], oneOf: [] };
  schema.anyOf.push(schema, schema);
  schema.allOf.push(schema);
  schema.oneOf.push(schema, schema);
  expect(asDefined(schema, { a: { b: 1 } }).length).toBeLessThan(500); // that it ends is the point
});

test('a schema and an object that never end', () => {
  const schema: Changeable = { type: 'object', properties: {} };
  schema.properties.a = schema;
  const endless: Changeable = {};
  endless.a = endless;
  expect(asDefined(schema, endless)).toEqual([]);
});

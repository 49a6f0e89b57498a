import { type CheckOptions, checkManifests } from '../../../lib/checks';
import {
  annotationKey,
  dataKey,
  labelKey,
  labelValue,
  objectName,
  portName,
  strictVariable,
  variable,
} from '../../../lib/checks/schema/names';
import { type Changeable, found, short, statefulSet } from './support';

const named = (apiVersion: string, kind: string, name: unknown, rest: object = {}) => ({ apiVersion, kind, metadata: { name }, ...rest });
/** Only what SCH-3 says: these objects have no spec. */
const wrong = (object: unknown, options: CheckOptions = {}) =>
  checkManifests([object], options)
    .filter(({ rule }) => rule === 'SCH-3')
    .map(({ field, message }) => `${field}: ${message}`);

test.each<[string, string, string, boolean]>([
  ['apps/v1', 'StatefulSet', 'a'.repeat(52), true],
  ['apps/v1', 'StatefulSet', 'a'.repeat(53), false],
  ['apps/v1', 'StatefulSet', 'a.b', false],
  ['apps/v1', 'Deployment', 'a.b', true],
  ['apps/v1', 'Deployment', 'a'.repeat(253), true],
  ['apps/v1', 'Deployment', 'a'.repeat(254), false],
  ['batch/v1', 'CronJob', 'a'.repeat(52), true],
  ['batch/v1', 'CronJob', 'a'.repeat(53), false],
  ['batch/v1', 'Job', 'a'.repeat(63), true],
  ['batch/v1', 'Job', 'a'.repeat(64), false],
  ['v1', 'Service', 'orders', true],
  ['v1', 'Service', '1orders', false],
  ['v1', 'Service', 'orders.shop', false],
  ['v1', 'Namespace', 'shop.eu', false],
  ['v1', 'ConfigMap', 'kube-root-ca.crt', true],
  ['v1', 'ConfigMap', 'Orders', false],
  ['v1', 'ConfigMap', '-orders', false],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:Aggregate to admin', true],
  ['rbac.authorization.k8s.io/v1', 'Role', 'a/b', false],
  ['user.openshift.io/v1', 'User', 'system:admin', true],
  ['acme.example/v1', 'Widget', 'a:b', false],
  ['apiregistration.k8s.io/v1', 'APIService', 'v1.acme.example', true],
])('%s %s %s may be called so: %s', (apiVersion, kind, name, is) => {
  expect(wrong(named(apiVersion, kind, name)).length === 0).toBe(is);
});

test('the length says why', () => {
  expect(wrong(named('apps/v1', 'StatefulSet', 'a'.repeat(60)))).toEqual([
    expect.stringMatching(
      /^metadata\.name: "a{60}" has 60 characters, and 52 are allowed: a revision is added to it in a label of the pods$/,
    ),
  ]);
});

test('a Service may begin with a digit from 1.36 on', () => {
  expect(objectName('', 'Service', true)('1orders')).toBeUndefined();
  expect(wrong(named('v1', 'Service', '1orders'), { floor: '1.36' })).toEqual([]);
});

test('an object has a name, or asks for one', () => {
  expect(wrong({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })).toEqual(['metadata.name: this ConfigMap has no name']);
  expect(wrong({ apiVersion: 'v1', kind: 'ConfigMap' })).toEqual(['metadata.name: this ConfigMap has no name']);
  expect(wrong({ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'migrate-' } })).toEqual([]);
  expect(wrong({ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'Migrate-' } })).toHaveLength(1);
  expect(wrong({ apiVersion: 'kind.x-k8s.io/v1alpha4', kind: 'Cluster', nodes: [] })).toEqual([]);
  expect(wrong({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {} })).toEqual([]);
  expect(wrong(named('v1', 'ConfigMap', 5))).toEqual([]); // SCH-1 says it
});

test.each<[string, (set: Changeable) => void, string, string]>([
  [
    'a namespace',
    (s) => {
      s.metadata.namespace = 'Shop';
    },
    'metadata.namespace',
    'write shop',
  ],
  [
    'a key of a label',
    (s) => {
      s.metadata.labels['-a'] = 'b';
    },
    'metadata.labels.-a',
    'write a',
  ],
  [
    'a value of a label',
    (s) => {
      s.spec.template.metadata.labels.version = '1.2+build';
    },
    'spec.template.metadata.labels.version',
    'write 1.2-build',
  ],
  [
    'a key of an annotation',
    (s) => {
      s.metadata.annotations = { 'a b': 'c' };
    },
    'metadata.annotations["a b"]',
    'write a-b',
  ],
  [
    'a selector',
    (s) => {
      s.spec.selector.matchLabels.app = 'a b';
    },
    'spec.selector.matchLabels.app',
    'write a-b',
  ],
  [
    'a claim',
    (s) => {
      s.spec.volumeClaimTemplates[0].metadata.name = 'Data';
    },
    'spec.volumeClaimTemplates[0].metadata.name',
    'write data',
  ],
  [
    'a label of a claim',
    (s) => {
      s.spec.volumeClaimTemplates[0].metadata.labels = { a: '-' };
    },
    'spec.volumeClaimTemplates[0].metadata.labels.a',
    'write a name that is allowed',
  ],
  [
    'a container',
    (s) => {
      s.spec.template.spec.containers[0].name = 'the_app';
    },
    'spec.template.spec.containers[0].name',
    'write the-app',
  ],
  [
    'a volume',
    (s) => {
      s.spec.template.spec.volumes = [{ name: 'tmp_dir', emptyDir: {} }];
    },
    'spec.template.spec.volumes[0].name',
    'write tmp-dir',
  ],
  [
    'a long port',
    (s) => {
      s.spec.template.spec.containers[0].ports[0].name = 'prometheus-metrics';
    },
    'spec.template.spec.containers[0].ports[0].name',
    'write a name that is allowed',
  ],
  [
    'a port of a probe that is a number in quotes',
    (s) => {
      s.spec.template.spec.containers[0].livenessProbe = { httpGet: { port: '8080' } };
    },
    'spec.template.spec.containers[0].livenessProbe.httpGet.port',
    'write 8080 without quotes, or a name with a letter in it',
  ],
  [
    'a variable',
    (s) => {
      s.spec.template.spec.containers[0].env[0].name = '1ST';
    },
    'spec.template.spec.containers[0].env[0].name',
    'write a name that is allowed',
  ],
  [
    'a node',
    (s) => {
      s.spec.template.spec.nodeSelector = { 'kubernetes.io/hostname': 'node 1' };
    },
    'spec.template.spec.nodeSelector["kubernetes.io/hostname"]',
    'write node-1',
  ],
  [
    'a template that was not rendered',
    (s) => {
      s.metadata.name = '{{ .Release.Name }}-db';
    },
    'metadata.name',
    'render the template that it is from first',
  ],
])('%s', (_, change, field, fix) => {
  expect(found(statefulSet(change))).toMatchObject([{ rule: 'SCH-3', severity: 'error', field, fix }]);
});

test('variables are freer since 1.32', () => {
  const set = statefulSet((s) => {
    s.spec.template.spec.containers[0].env[0].name = '1st value';
  });
  expect(found(set, { floor: '1.32' })).toEqual([]);
  expect(found(set)).toHaveLength(1);
});

const service = (...ports: object[]) => named('v1', 'Service', 'orders', { spec: { ports } });

test.each<[string, object, string[]]>([
  ['one port without a name', service({ port: 80 }), []],
  ['a long name', service({ name: 'prometheus-metrics', port: 80, targetPort: 'http' }), []],
  ['two ports', service({ name: 'a', port: 80 }, { name: 'b', port: 81 }), []],
  [
    'two ports, of which one has a name',
    service({ name: 'a', port: 80 }, { port: 81 }),
    ['spec.ports[1].name: a port has no name, and the Service has 2'],
  ],
  [
    'a target that is a number in quotes',
    service({ port: 80, targetPort: '80' }),
    [
      'spec.ports[0].targetPort: "80" may only hold small letters, digits and single -, with at least one letter, and begins and ends with a letter or digit',
    ],
  ],
])('a Service with %s', (_, object, is) => {
  expect(wrong(object)).toEqual(is);
});

test('keys of a ConfigMap', () => {
  const map = (key: string) => short(named('v1', 'ConfigMap', 'a', { data: { [key]: '' } }));
  expect([map('a_B-c.conf'), map('.pgpass'), map('a/b'), map('..')]).toEqual([
    [],
    [],
    ['SCH-3 error data["a/b"]'],
    ['SCH-3 error data[".."]'],
  ]);
});

test('a CustomResourceDefinition is called by its plural and group', () => {
  const crd = (name: string) =>
    wrong(
      named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', name, { spec: { group: 'acme.example', names: { plural: 'widgets' } } }),
    );
  expect([crd('widgets.acme.example'), crd('widget.acme.example')]).toEqual([
    [],
    ['metadata.name: widget.acme.example is not the plural and the group, widgets.acme.example'],
  ]);
});

test('names one by one', () => {
  const well = (check: (name: string) => string | undefined, ...names: string[]) => names.filter((name) => check(name) === undefined);
  expect(well(labelKey, 'a', 'App_1.x', 'acme.example/a', 'Acme.example/a', 'a/b/c', '/a', 'a/', '', 'a'.repeat(64))).toEqual([
    'a',
    'App_1.x',
    'acme.example/a',
  ]);
  expect(well(annotationKey, 'Acme.example/a')).toEqual(['Acme.example/a']);
  expect(well(labelValue, '', 'a', 'A_b.c-1', '-a', 'a-', 'a b', 'a'.repeat(64))).toEqual(['', 'a', 'A_b.c-1']);
  expect(well(portName, 'http', 'h2c-1', '80', 'a--b', '-a', 'a-', 'HTTP', 'a'.repeat(16))).toEqual(['http', 'h2c-1']);
  expect(well(dataKey, 'a', '..a', '.', '...')).toEqual(['a']);
  expect(well(strictVariable, 'A_b', 'a.b-c', '1a', 'a b', '..', 'a=b')).toEqual(['A_b', 'a.b-c']);
  expect(well(variable, '1a', 'a b', 'a=b', '', 'ä')).toEqual(['1a', 'a b']);
});

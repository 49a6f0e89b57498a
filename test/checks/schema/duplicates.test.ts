import { checkManifests } from '../../../lib/checks';
import { check, manifestsOf } from '../../../lib/checks/check';
import { settingsOf } from '../../../lib/checks/settings';
import { type Changeable, found, short, statefulSet } from './support';

const twice = (change: (container: Changeable, spec: Changeable) => void) =>
  statefulSet((set) => change(set.spec.template.spec.containers[0], set.spec.template.spec));
const at = 'spec.template.spec';

test.each<[string, (container: Changeable, spec: Changeable) => void, string[]]>([
  [
    'variables',
    (c) => {
      c.env = [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '2' }];
    },
    [`SCH-4 error ${at}.containers[0].env[2]`],
  ],
  [
    'mounts',
    (c) => {
      c.volumeMounts = [
        { name: 'data', mountPath: '/a' },
        { name: 'data', mountPath: '/a' },
      ];
    },
    [`SCH-4 error ${at}.containers[0].volumeMounts[1]`],
  ],
  [
    'containers',
    (_, s) => {
      s.containers.push({ name: 'app', image: 'b:1' });
    },
    [`SCH-4 error ${at}.containers[1]`],
  ],
  [
    'volumes',
    (_, s) => {
      s.volumes = [
        { name: 'a', emptyDir: {} },
        { name: 'a', emptyDir: {} },
      ];
    },
    [`SCH-4 error ${at}.volumes[1]`],
  ],
  [
    'ports, of which one says TCP',
    (c) => {
      c.ports = [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }];
    },
    [`SCH-4 error ${at}.containers[0].ports[1]`],
  ],
  [
    'ports of two protocols',
    (c) => {
      c.ports = [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }];
    },
    [],
  ],
  [
    'mounts of one volume at two places',
    (c) => {
      c.volumeMounts = [
        { name: 'data', mountPath: '/a' },
        { name: 'data', mountPath: '/b' },
      ];
    },
    [],
  ],
  [
    'mounts at two long places that begin alike',
    (c) => {
      c.volumeMounts = ['a', 'b'].map((end) => ({ name: 'data', mountPath: `/${'x'.repeat(100)}/${end}` }));
    },
    [],
  ],
  [
    'a container and an init container',
    (_, s) => {
      s.initContainers = [{ name: 'app', image: 'a:1' }];
    },
    [`SCH-4 error ${at}.initContainers[0].name`],
  ],
  [
    'tolerations, which no key tells apart',
    (_, s) => {
      s.tolerations = [{ operator: 'Exists' }, { operator: 'Exists' }];
    },
    [],
  ],
])('%s', (_, change, is) => {
  expect(short(twice(change))).toEqual(is);
});

test('what the API server takes unless it is applied on its side is as bad as the tool that applies it', () => {
  const set = twice((c) => {
    c.env = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
    ];
  });
  expect(found(set)).toMatchObject([
    {
      severity: 'error',
      message: 'entry 0 has name A already, which server-side apply refuses',
      fix: 'remove one of the two, or name it otherwise',
    },
  ]);
  expect(found(set, { gitops: ['argocd'] })).toMatchObject([{ severity: 'warning' }]);
  const mounts = twice((c) => {
    c.volumeMounts = [
      { name: 'data', mountPath: '/a' },
      { name: 'data', mountPath: '/a' },
    ];
  });
  expect(found(mounts, { gitops: ['argocd'] })).toMatchObject([{ severity: 'error', message: 'entry 0 has mountPath /a already' }]);
});

test('ports of a Service', () => {
  const ports = [
    { name: 'a', port: 80 },
    { name: 'b', port: 80 },
  ];
  expect(short({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec: { ports } })).toEqual(['SCH-4 error spec.ports[1]']);
});

const map = (name: string, namespace?: string, apiVersion = 'v1', kind = 'ConfigMap') => ({
  apiVersion,
  kind,
  metadata: { name, namespace },
});

test.each<[string, object[], number]>([
  ['one name', [map('a'), map('b')], 0],
  ['one name in two namespaces', [map('a', 'x'), map('a', 'y')], 0],
  ['the same object', [map('a', 'x'), map('a', 'x')], 1],
  ['the same object three times', [map('a'), map('a'), map('a')], 2],
  ['the namespace that it gets anyway', [map('a'), map('a', 'default')], 1],
  ['two kinds', [map('a'), map('a', undefined, 'v1', 'Secret')], 0],
  [
    'two versions of one kind',
    [map('a', 'x', 'autoscaling/v1', 'HorizontalPodAutoscaler'), map('a', 'x', 'autoscaling/v2', 'HorizontalPodAutoscaler')],
    1,
  ],
  ['two groups', [map('a', 'x', 'networking.k8s.io/v1', 'Ingress'), map('a', 'x', 'extensions/v1beta1', 'Ingress')], 0],
  ['a kind without a namespace', [map('a', 'x', 'v1', 'Namespace'), map('a', 'y', 'v1', 'Namespace')], 1],
  ['names that are still to be made', [1, 2].map(() => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'a-' } })), 0],
])('%s', (_, objects, count) => {
  expect(checkManifests(objects).filter(({ rule }) => rule === 'SCH-6')).toHaveLength(count);
});

test('the first place is named', () => {
  const settings = settingsOf({});
  const message = (origin: object) =>
    check(manifestsOf([map('a'), map('a')], settings, [origin, {}]), settings, 'check').find(({ rule }) => rule === 'SCH-6')?.message;
  expect([
    message({ file: 'dist/a.yaml', line: 7 }),
    message({ file: 'dist/a.yaml' }),
    message({ construct: 'shop/orders' }),
    message({}),
  ]).toEqual([
    'ConfigMap default/a is written twice, first in dist/a.yaml:7, and what is applied last stays',
    'ConfigMap default/a is written twice, first in dist/a.yaml, and what is applied last stays',
    'ConfigMap default/a is written twice, first by shop/orders, and what is applied last stays',
    'ConfigMap default/a is written twice, and what is applied last stays',
  ]);
});

import { object, statefulSet } from './objects';
import { deployment, findings } from './support';

const resources = (requests: object, limits: object = {}) => ({ resources: { requests, limits } });
const all = resources({ cpu: '1', memory: '1Gi' }, { memory: '1Gi', 'ephemeral-storage': '1Gi' });

describe('RES-1: what a container gets', () => {
  const found = (...objects: object[]) => findings('RES-1', objects).filter(({ severity }) => severity === 'error');

  test.each<[string, object, string]>([
    ['nothing', { resources: undefined }, 'no CPU request, no memory request, no memory limit'],
    ['no limit', resources({ cpu: '1', memory: '1Gi' }), 'no memory limit'],
    ['no CPU', resources({ memory: '1Gi' }, { memory: '1Gi' }), 'no CPU request'],
  ])('%s', (_, container, message) => {
    expect(found(deployment(container))).toMatchObject([
      { field: 'spec.template.spec.containers[0].resources', message: `container app has ${message}` },
    ]);
  });

  test('of init containers, too', () => {
    expect(found(deployment({}, { initContainers: [{ name: 'first' }] }))).toMatchObject([
      { message: expect.stringContaining('container first has no') },
    ]);
  });

  const range = (limit: object) => object('v1', 'LimitRange', 'l', { spec: { limits: [limit] } });

  test.each<[string, object[]]>([
    ['limits are requests', [deployment(resources({}, { cpu: '1', memory: '1Gi' }))]],
    ['of the pod', [deployment({ resources: undefined }, { resources: { requests: { cpu: '1' }, limits: { memory: '1Gi' } } })]],
    [
      'of the namespace',
      [deployment({ resources: {} }), range({ type: 'Container', default: { memory: '1Gi' }, defaultRequest: { cpu: '1' } })],
    ],
    [
      'of a test of Helm',
      [{ ...deployment({ resources: {} }), metadata: { name: 'app', annotations: { 'helm.sh/hook': 'test-success' } } }],
    ],
  ])('%s: well', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });

  test('a range for pods is none for containers', () => {
    expect(
      found(deployment({ resources: {} }), range({ type: 'Pod', default: { memory: '1Gi' }, defaultRequest: { cpu: '1' } })),
    ).toHaveLength(1);
  });
});

describe('RES-1: what a reviewer should know', () => {
  const found = (...objects: object[]) => findings('RES-1', objects).filter(({ severity }) => severity === 'warning');
  const folder = (emptyDir: object | null) => deployment({}, { volumes: [{ name: 'tmp', emptyDir }] });
  const more = resources({ cpu: '1', memory: '1Gi' }, { memory: '2Gi', 'ephemeral-storage': '1Gi' });

  test('a database that may be evicted', () => {
    expect(found(statefulSet(more))).toMatchObject([
      {
        field: 'spec.template.spec.containers[0].resources.requests.memory',
        message: expect.stringContaining('may use 2Gi of memory but requests 1Gi'),
      },
    ]);
    expect(found(statefulSet(all), deployment(more))).toEqual([]);
    expect(found(statefulSet(resources({ cpu: '1', memory: '1024Mi' }, { memory: '1Gi' })))).toEqual([]);
  });

  test('what only serves a database may be', () => {
    const mounts = { volumeMounts: [{ name: 'data' }], securityContext: { readOnlyRootFilesystem: true } };
    expect(
      found(
        statefulSet(
          {},
          {},
          {
            containers: [
              { name: 'db', ...mounts, ...all },
              { name: 'backup', ...mounts, ...more },
            ],
          },
        ),
      ),
    ).toEqual([]);
  });

  test.each<[string, object | null, string]>([
    ['on disk', {}, 'the disk of the node'],
    ['without a word', null, 'the disk of the node'],
    ['in memory', { medium: 'Memory' }, "the pod's memory"],
  ])('a folder %s without a limit', (_, emptyDir, fills) => {
    expect(found(folder(emptyDir))).toMatchObject([
      {
        field: 'spec.template.spec.volumes[0].emptyDir',
        message: `the folder tmp may fill ${fills}${emptyDir && 'medium' in emptyDir ? ", or half of the node's" : ''}`,
      },
    ]);
  });

  test('a folder with one', () => {
    expect(found(folder({ sizeLimit: '1Gi' }))).toEqual([]);
  });

  test('a disk that may be filled', () => {
    const writes = { securityContext: {} };
    const two = (limits: object) =>
      deployment({ ...writes, ...resources({ cpu: '1' }, { memory: '1Gi', ...limits }) }, { initContainers: [{ name: 'first' }] });
    expect(found(two({}))).toMatchObject([{ message: expect.stringContaining('first, app may fill the disk') }]);
    expect(found(two({ 'ephemeral-storage': '1Gi' }))).toMatchObject([{ message: expect.stringContaining('first may fill the disk') }]);
    expect(found(deployment({ ...writes, ...all }), deployment(resources({ cpu: '1' }, { memory: '1Gi' })))).toEqual([]);
  });
});

describe('RES-2', () => {
  const found = (...objects: object[]) => findings('RES-2', objects);
  const v1 = (kind: string, spec: object) => object('v1', kind, 'x', { spec });

  test.each<[string, object, string]>([
    ['a container', deployment(resources({ cpu: '1000m' })), 'spec.template.spec.containers[0].resources.requests.cpu'],
    ['a number', deployment(resources({}, { cpu: 1 })), 'spec.template.spec.containers[0].resources.limits.cpu'],
    ['a pod', deployment({}, { resources: { requests: { cpu: '1000m' } } }), 'spec.template.spec.resources.requests.cpu'],
    ['a folder', deployment({}, { volumes: [{ emptyDir: { sizeLimit: '1024Mi' } }] }), 'spec.template.spec.volumes[0].emptyDir.sizeLimit'],
    [
      'a scratch volume',
      deployment({}, { volumes: [{ ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '1024Gi' } } } } } }] }),
      'spec.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources.requests.storage',
    ],
    [
      'a claim template',
      statefulSet({}, { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: '1024Gi' } } } }] }),
      'spec.volumeClaimTemplates[0].spec.resources.requests.storage',
    ],
    ['a claim', v1('PersistentVolumeClaim', { resources: { requests: { storage: '0.5Gi' } } }), 'spec.resources.requests.storage'],
    ['a volume', v1('PersistentVolume', { capacity: { storage: '1024Gi' } }), 'spec.capacity.storage'],
    ['a quota', v1('ResourceQuota', { hard: { pods: 10 } }), 'spec.hard.pods'],
    ['a range', v1('LimitRange', { limits: [{ max: { cpu: '1000m' } }] }), 'spec.limits[0].max.cpu'],
    [
      'a metric',
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'x', { spec: { metrics: [{ pods: { target: { averageValue: '1000m' } } }] } }),
      'spec.metrics[0].pods.target.averageValue',
    ],
  ])('%s', (_, manifest, field) => {
    expect(found(manifest)).toMatchObject([{ severity: 'warning', field }]);
  });

  test('says what it becomes', () => {
    expect(found(deployment(resources({ memory: '1024Mi' })))).toMatchObject([
      { message: 'the API server makes "1Gi" of "1024Mi"', fix: 'write "1Gi"' },
    ]);
  });

  test.each<[string, object]>([
    ['as it should be', statefulSet()],
    [
      'of a custom resource',
      object('example.com/v1', 'StatefulSet', 'x', {
        spec: { volumeClaimTemplates: [{ spec: { resources: { requests: { storage: '1024Gi' } } } }] },
      }),
    ],
    ['no quantity', deployment(resources({ cpu: 'much' }))],
  ])('%s: well', (_, manifest) => {
    expect(found(manifest)).toEqual([]);
  });
});

import type { KubernetesVersion } from '../../../lib/checks';
import { KUBERNETES_VERSIONS } from '../../../lib/checks';
import { haveText, oldest, versions, versionsText } from '../../../lib/checks/schema/versions';
import { type Changeable, found, statefulSet } from './support';

const service = (spec: object) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'orders', namespace: 'shop' },
  spec: { ports: [{ port: 80 }], ...spec },
});
const pod = (change: (spec: Changeable) => void) => statefulSet((set) => change(set.spec.template.spec));

/** Fields and kinds of the table of availability, with the versions that have them. */
const AVAILABLE: [string, object, readonly KubernetesVersion[]][] = [
  [
    'a native sidecar',
    pod((s) => {
      s.initContainers = [{ name: 'proxy', image: 'p:1', restartPolicy: 'Always' }];
    }),
    ['1.29', '1.32', '1.34', '1.36'],
  ],
  [
    'volumeAttributesClassName',
    statefulSet((s) => {
      s.spec.volumeClaimTemplates[0].spec.volumeAttributesClassName = 'fast';
    }),
    ['1.29', '1.32', '1.34', '1.36'],
  ],
  [
    'the sleep of a lifecycle',
    pod((s) => {
      s.containers[0].lifecycle = { preStop: { sleep: { seconds: 5 } } };
    }),
    ['1.29', '1.32', '1.34', '1.36'],
  ],
  [
    'restartPolicyRules',
    pod((s) => {
      s.containers[0].restartPolicyRules = [{ action: 'Restart' }];
    }),
    ['1.34', '1.36'],
  ],
  ['trafficDistribution', service({ trafficDistribution: 'PreferClose' }), ['1.32', '1.34', '1.36']],
  [
    'hostUsers',
    pod((s) => {
      s.hostUsers = false;
    }),
    KUBERNETES_VERSIONS,
  ],
  [
    'no serviceName',
    statefulSet((s) => {
      s.spec.serviceName = undefined;
    }),
    ['1.34', '1.36'],
  ],
  [
    'volumeClaimUpdatePolicy',
    statefulSet((s) => {
      s.spec.volumeClaimUpdatePolicy = 'InPlace';
    }),
    [],
  ],
];

test.each(AVAILABLE)('%s', (_, object, has) => {
  expect(KUBERNETES_VERSIONS.filter((version) => found(object, { floor: version, target: version }).length === 0)).toEqual(has);
});

test('one finding names the versions of the range that lack a field', () => {
  const [, object] = AVAILABLE[4] as (typeof AVAILABLE)[number];
  expect(found(object)).toMatchObject([
    {
      rule: 'SCH-2',
      severity: 'error',
      field: 'spec.trafficDistribution',
      message: 'Kubernetes 1.27 and 1.29 have no field trafficDistribution in ServiceSpec',
      fix: 'leave it out, or raise the floor to 1.32',
    },
  ]);
  expect(found(object, { floor: '1.32' })).toEqual([]);
});

test('a field that the server never insisted on is a warning, and a mistake in every version when every version asks for it', () => {
  const object = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'a' },
    roleRef: { kind: 'Role', name: 'a' },
  };
  expect(found(object)).toMatchObject([
    { rule: 'SCH-2', severity: 'warning', message: 'RoleRef needs apiGroup in Kubernetes 1.27 to 1.34', fix: 'write apiGroup' },
  ]);
  expect(found(object, { target: '1.29' })).toMatchObject([{ rule: 'SCH-1', severity: 'warning', message: 'RoleRef needs apiGroup' }]);
  expect(found(object, { floor: '1.36' })).toEqual([]);
});

test('a field that newer versions demand', () => {
  const object = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'a' } };
  expect(found(object)).toMatchObject([{ rule: 'SCH-2', severity: 'error', message: 'CronJob needs spec in Kubernetes 1.36' }]);
});

test('a field that is gone', () => {
  const object = { apiVersion: 'resource.k8s.io/v1beta1', kind: 'X' };
  expect(found(object)[0]?.rule).toBe('SCH-2');
  const claim = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers: [], resourceClaims: [{ name: 'gpu', source: { resourceClaimName: 'gpu' } }] },
  };
  expect(found(claim)).toMatchObject([
    { rule: 'SCH-2', field: 'spec.resourceClaims[0].source', fix: 'leave it out: newer versions no longer have it' },
  ]);
});

test('sets of versions in words', () => {
  expect([versions('1.29'), versions(undefined, '1.29'), versions('1.29', '1.32'), versions()]).toEqual([
    0b11110, 0b00011, 0b00110, 0b11111,
  ]);
  expect([0b1, 0b11, 0b111, 0b1011].map(versionsText)).toEqual([
    'Kubernetes 1.27',
    'Kubernetes 1.27 and 1.29',
    'Kubernetes 1.27 to 1.32',
    'Kubernetes 1.27, 1.29 and 1.34',
  ]);
  expect([haveText(0b1), haveText(0b11), oldest(0b110), oldest(0)]).toEqual([
    'Kubernetes 1.27 has',
    'Kubernetes 1.27 and 1.29 have',
    '1.29',
    undefined,
  ]);
});

import { budget, labels, networkPolicy, object, service, statefulSet } from './objects';
import { deployment, findings } from './support';

const role = (...rules: object[]) => object('rbac.authorization.k8s.io/v1', 'Role', 'r', { rules });

describe('REF-3: a Service without a selector', () => {
  const found = (...objects: object[]) => findings('REF-3', objects);
  const alone = service('db', { selector: {} });

  test('and without anything that gives it addresses', () => {
    expect(found(alone)).toMatchObject([{ severity: 'warning', object: 'Service shop/db', field: 'spec.selector' }]);
  });

  test.each<[string, object]>([
    ['Endpoints', object('v1', 'Endpoints', 'db')],
    ['an EndpointSlice', object('discovery.k8s.io/v1', 'EndpointSlice', 'db-1', {}, { labels: { 'kubernetes.io/service-name': 'db' } })],
    ['a Role that names them', role({ resources: ['endpoints'], resourceNames: ['db'], verbs: ['get', 'patch'] })],
    ['a Role for all', role({ resources: ['endpoints'], verbs: ['update'] })],
  ])('%s: well', (_, writer) => {
    expect(found(alone, writer)).toEqual([]);
  });

  test.each<[string, object]>([
    ['Endpoints of another', object('v1', 'Endpoints', 'web')],
    ['a Role that names others', role({ resources: ['endpoints'], resourceNames: ['web'], verbs: ['patch'] })],
    ['a Role that reads', role({ resources: ['endpoints'], resourceNames: ['db'], verbs: ['get', 'list', 'watch'] })],
    [
      'a Role of another namespace',
      { ...role({ resources: ['endpoints'], verbs: ['update'] }), metadata: { name: 'r', namespace: 'till' } },
    ],
  ])('%s does not', (_, writer) => {
    expect(found(alone, writer)).toHaveLength(1);
  });

  test('a selector, or a name of DNS', () => {
    expect(found(service('db'), service('far', { selector: {}, type: 'ExternalName', externalName: 'db.example' }))).toEqual([]);
  });
});

describe('REF-4: what selects nothing', () => {
  const found = (...objects: object[]) =>
    findings('REF-4', objects).filter(({ message }) => message.startsWith('no pod') || message.startsWith('no Service'));
  const other = { matchLabels: { app: 'other' } };
  const monitor = (kind: string, spec: object) => object('monitoring.coreos.com/v1', kind, 'm', { spec });

  test.each<[string, object, string]>([
    ['NetworkPolicy', networkPolicy('p', { podSelector: other }), 'no pod among the manifests has app: other'],
    ['PodDisruptionBudget', budget('p', { selector: other }), 'no pod among the manifests has app: other'],
    ['Service', service('p', { selector: other.matchLabels }), 'no pod among the manifests has app: other'],
    ['PodMonitor', monitor('PodMonitor', { selector: other }), 'no pod among the manifests has app: other'],
    ['ServiceMonitor', monitor('ServiceMonitor', { selector: other }), 'no Service among the manifests has app: other'],
    ['one value of two is wrong', service('p', { selector: { ...labels, 'app.kubernetes.io/name': 'web' } }), 'no pod'],
  ])('%s', (_, manifest, message) => {
    expect(found(manifest, deployment(), service('web'))).toMatchObject([
      { severity: 'warning', message: expect.stringContaining(message) },
    ]);
  });

  test.each<[string, object]>([
    ['it selects some', networkPolicy('p')],
    ['it selects all', networkPolicy('p', { podSelector: {} })],
    ['a label that is set in the cluster', service('p', { selector: { ...labels, role: 'primary' } })],
    ['what has a label at all', networkPolicy('p', { podSelector: { matchExpressions: [{ key: 'leader', operator: 'Exists' }] } })],
    ['one pod of a set', service('p', { selector: { 'statefulset.kubernetes.io/pod-name': 'db-0' } })],
    ['the pods of a Job', networkPolicy('p', { podSelector: { matchLabels: { 'job-name': 'once' } } })],
    ['the pods of a Rollout', networkPolicy('p', { podSelector: { matchLabels: { app: 'rolled' } } })],
    ['the pods of an operator', networkPolicy('p', { podSelector: { matchLabels: { 'cnpg.io/cluster': 'orders' } } })],
    ['another namespace', monitor('PodMonitor', { selector: other, namespaceSelector: { matchNames: ['kube-system'] } })],
    ['all namespaces', monitor('PodMonitor', { selector: other, namespaceSelector: { any: true } })],
    ['a namespace of which nothing is here', { ...networkPolicy('p', { podSelector: other }), metadata: { name: 'p', namespace: 'till' } }],
  ])('%s: well', (_, manifest) => {
    const pods = { spec: { template: { metadata: { labels: { app: 'rolled' } }, spec: { containers: [{}] } } } };
    const others = [
      object('batch/v1', 'Job', 'once', { spec: { template: { spec: { containers: [{}] } } } }),
      object('argoproj.io/v1alpha1', 'Rollout', 'rolled', pods),
      object('postgresql.cnpg.io/v1', 'Cluster', 'orders'),
    ];
    expect(found(manifest, deployment(), statefulSet(), ...others)).toEqual([]);
  });
});

describe('REF-4: pods without a policy', () => {
  const found = (...objects: object[]) => findings('REF-4', objects).filter(({ message }) => message.startsWith('no NetworkPolicy'));
  const apart = networkPolicy('other', { podSelector: { matchLabels: { app: 'other' } } });

  test.each<[string, object, string]>([
    ['none', apart, 'no NetworkPolicy is for its pods'],
    ['ingress only', networkPolicy('p', { policyTypes: ['Ingress'] }), 'what its pods connect to'],
    ['egress only', networkPolicy('p', { policyTypes: ['Egress'] }), 'who connects to its pods'],
    ['ingress by default', networkPolicy('p', { policyTypes: undefined }), 'what its pods connect to'],
  ])('%s', (_, policy, message) => {
    expect(found(deployment(), policy)).toMatchObject([{ object: 'Deployment shop/app', message: expect.stringContaining(message) }]);
  });

  test.each<[string, object[]]>([
    ['both', [deployment(), networkPolicy('p')]],
    ['both, by rules for egress', [deployment(), networkPolicy('p', { policyTypes: undefined, egress: [] })]],
    [
      'one each',
      [deployment(), networkPolicy('p', { policyTypes: ['Ingress'] }), networkPolicy('q', { podSelector: {}, policyTypes: ['Egress'] })],
    ],
    ['none in the whole namespace', [deployment(), { ...apart, metadata: { name: 'p', namespace: 'till' } }]],
    ['on the network of the node', [deployment({}, { hostNetwork: true }), apart]],
    ['policies of Cilium', [deployment(), apart, object('cilium.io/v2', 'CiliumNetworkPolicy', 'p')]],
    ['a test of Helm', [{ ...deployment(), metadata: { name: 'app', namespace: 'shop', annotations: { 'helm.sh/hook': 'test' } } }, apart]],
  ])('%s: well', (_, objects) => {
    expect(found(...objects)).toEqual([]);
  });
});

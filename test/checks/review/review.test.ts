import * as fc from 'fast-check';
import { renderReviewMarkdown, renderReviewText } from '../../../lib/checks/review';
import type { Json } from '../../support';
import { claimTemplate, configMap, deployment, merged, object, review, service, statefulSet, template } from './support';

test.each<[string, Json[], Json[], string]>([
  ['nothing', [deployment()], [deployment()], 'safe'],
  ['another label', [deployment()], [deployment({ metadata: { labels: { a: 'b' } } })], 'safe'],
  ['a database that restarts', [statefulSet()], [statefulSet({}, template({ image: 'b:2' }))], 'risky'],
  ['a Service that is gone', [service()], [], 'risky'],
  ['a finding that is an error', [deployment()], [deployment({}, template({ image: 'b' }))], 'risky'],
  ['what the API server refuses', [statefulSet()], [statefulSet({ spec: { serviceName: 'x' } })], 'refused'],
  [
    'a shard that goes unprepared',
    [statefulSet({ metadata: { annotations: { 'cdk8s-stateful/scale-in': 'retire-first' } } })],
    [statefulSet({ spec: { replicas: 1 } })],
    'refused',
  ],
])('%s', (_, before, after, verdict) => {
  expect(review(before, after).verdict).toBe(verdict);
});

test('a rule that is turned off, or explained away, does not count', () => {
  const after = statefulSet({ spec: { serviceName: 'x' } });
  expect(review([statefulSet()], [after], { severities: { 'STS-1': 'off' } }).verdict).toBe('safe');
  expect(review([statefulSet()], [after], { severities: { 'STS-1': 'warning' } }).verdict).toBe('risky');
  const reason = { metadata: { annotations: { 'cdk8s-stateful/ignore-STS-1': 'deleted with --cascade=orphan' } } };
  expect(review([statefulSet()], [merged(after, reason)]).refused).toEqual([]);
});

test('a refusal of ours lets the rest be told as it is', () => {
  const sharded = statefulSet({ metadata: { annotations: { 'cdk8s-stateful/scale-in': 'retire-first' } } });
  const { refused, workloads } = review([sharded], [merged(sharded, { spec: { replicas: 1 } })]);
  expect(refused).toMatchObject([{ rule: 'STS-6', risk: 'refused' }]);
  expect(workloads[0]?.how[0]).toContain('orders-2 and orders-1 go');
});

test('empty trees', () => {
  expect(review([], [])).toMatchObject({ verdict: 'safe', objects: [] });
  expect(review([deployment()], []).counts).toEqual({ added: 0, removed: 1, renamed: 0, changed: 0 });
});

test.each<[string, Json, Json]>([
  [
    'Knative',
    object('serving.knative.dev/v1', 'Service', 'a', { spec: { a: 1 } }),
    object('serving.knative.dev/v1', 'Service', 'a', { spec: { a: 2, type: 'LoadBalancer' } }),
  ],
  [
    'Calico',
    object('projectcalico.org/v3', 'NetworkPolicy', 'a', { spec: { ingress: [] } }),
    object('projectcalico.org/v3', 'NetworkPolicy', 'a', { spec: { ingress: [{}] } }),
  ],
  [
    'Crossplane',
    object('iam.aws.upbound.io/v1beta1', 'Role', 'a', { rules: [] }),
    object('iam.aws.upbound.io/v1beta1', 'Role', 'a', { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
  ],
  [
    'Kruise',
    object('apps.kruise.io/v1beta1', 'StatefulSet', 'a', { spec: { volumeClaimTemplates: [claimTemplate()] } }),
    object('apps.kruise.io/v1beta1', 'StatefulSet', 'a', { spec: { volumeClaimTemplates: [claimTemplate('data', '20Gi')] } }),
  ],
])('a kind of %s with a known name is another kind', (_, before, after) => {
  expect(review([before], [after])).toMatchObject({ verdict: 'safe', objects: [{ change: 'changed' }] });
});

/** Objects of each kind that a section looks at. */
const SEEDS: Json[] = [
  deployment(),
  statefulSet({
    spec: { persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' } },
    metadata: { annotations: { 'cdk8s-stateful/scale-in': 'retire-first' } },
  }),
  deployment({ kind: 'DaemonSet' }),
  object('batch/v1', 'Job', 'a', { spec: { template: template() } }),
  object('batch/v1', 'CronJob', 'a', {
    spec: { jobTemplate: { spec: { template: template({ envFrom: [{ configMapRef: { name: 'orders-settings' } }] }) } } },
  }),
  service({ spec: { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] } }),
  configMap({ a: '1\n2' }),
  object('v1', 'PersistentVolumeClaim', 'files', { spec: claimTemplate().spec }),
  object('v1', 'Namespace', 'shop', { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } }),
  object('networking.k8s.io/v1', 'NetworkPolicy', 'a', {
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 1 }] }] },
  }),
  object('networking.k8s.io/v1', 'Ingress', 'a', {
    spec: { rules: [{ host: 'a', http: { paths: [{ path: '/', backend: { service: { name: 'b' } } }] } }], tls: [{ hosts: ['a'] }] },
  }),
  object('rbac.authorization.k8s.io/v1', 'Role', 'a', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }),
  object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'a', {
    roleRef: { kind: 'Role', name: 'a' },
    subjects: [{ kind: 'User', name: 'u' }],
  }),
  object('policy/v1', 'PodDisruptionBudget', 'a', { spec: { minAvailable: '50%', selector: { matchLabels: { app: 'orders' } } } }),
  object('autoscaling/v2', 'HorizontalPodAutoscaler', 'a', {
    spec: { minReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'orders' } },
  }),
];

/** A tree in which one value is anything at all. */
const broken = fc.tuple(fc.nat(), fc.anything()).map(([seed, value]) => {
  const tree = structuredClone(SEEDS);
  const places: [Json, string][] = [];
  (function walk(node: Json) {
    for (const [key, inner] of Object.entries(node)) {
      if (!Array.isArray(node) || node !== tree) places.push([node, key]);
      if (typeof inner === 'object' && inner !== null) walk(inner);
    }
  })(tree);
  const [node, key] = places[seed % places.length] as [Json, string];
  node[key] = value;
  return tree;
});
const tree = fc.oneof(broken, fc.array(fc.anything()), fc.constant(SEEDS));

test('no two trees make it throw, and it is plain data', () => {
  fc.assert(
    fc.property(tree, tree, (before, after) => {
      const made = review(before, after);
      renderReviewText(made);
      renderReviewMarkdown(made);
      JSON.stringify(made);
    }),
    { numRuns: 60 },
  );
});

test('equal trees change nothing', () => {
  fc.assert(
    fc.property(tree, (objects) => {
      expect(review(objects, structuredClone(objects))).toMatchObject({
        verdict: 'safe',
        ...Object.fromEntries(
          [
            'refused',
            'volumes',
            'workloads',
            'disruptions',
            'services',
            'network',
            'permissions',
            'secrets',
            'images',
            'findings',
            'objects',
          ].map((field) => [field, []]),
        ),
      });
    }),
    { numRuns: 40 },
  );
});

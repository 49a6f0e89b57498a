import { IMMUTABLE } from '../../../lib/checks/rules/changes/immutable';
import type { Json } from '../../support';
import { claimTemplate, deployment, merged, object, service, statefulSet, template } from '../review/support';
import { changeFindings } from './support';

const found = (before: Json, after: Json, options = {}) => changeFindings('STS-1', [before], [after], options);

/** Of each row one change that is refused, and one of the same object that is not. */
const job = (rest: object = {}) => object('batch/v1', 'Job', 'migrate', merged({ spec: { template: template() } }, rest));
const pod = (rest: object = {}) => object('v1', 'Pod', 'debug', merged({ spec: template().spec }, rest));
const claim = (rest: object = {}) => object('v1', 'PersistentVolumeClaim', 'files', merged({ spec: claimTemplate().spec }, rest));
const volume = (rest: object = {}) => cluster('v1', 'PersistentVolume', 'pv', merged({ spec: { csi: { driver: 'a' } } }, rest));
const secret = (rest: object = {}) => object('v1', 'Secret', 'login', rest);
const config = (rest: object = {}) => object('v1', 'ConfigMap', 'settings', rest);
const storageClass = (rest: object = {}) => cluster('storage.k8s.io/v1', 'StorageClass', 'fast', merged({ provisioner: 'a' }, rest));
const driver = (spec: object = {}) => cluster('storage.k8s.io/v1', 'CSIDriver', 'a', { spec });
const priority = (rest: object = {}) => cluster('scheduling.k8s.io/v1', 'PriorityClass', 'high', merged({ value: 100 }, rest));
const definition = (spec: object) =>
  cluster('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things', {
    spec: merged({ group: 'a', scope: 'Namespaced', names: { kind: 'Thing', plural: 'things' } }, spec),
  });
const binding = (kind: string, name: string, rest = {}) =>
  object('rbac.authorization.k8s.io/v1', kind, 'reads', merged({ roleRef: { kind: 'Role', name } }, rest));
const sealed = { immutable: true };

function cluster(apiVersion: string, kind: string, name: string, rest: object): Json {
  return merged(object(apiVersion, kind, name, rest), { metadata: { namespace: undefined } });
}

const REFUSED: [string, Json, Json][] = [
  ['spec.serviceName', statefulSet(), statefulSet({ spec: { serviceName: 'other' } })],
  ['spec.podManagementPolicy', statefulSet(), statefulSet({ spec: { podManagementPolicy: 'Parallel' } })],
  ['spec.selector', statefulSet(), statefulSet({ spec: { selector: { matchLabels: { a: 'b' } } } })],
  ['spec.revisionHistoryLimit', statefulSet(), statefulSet({ spec: { revisionHistoryLimit: 3 } })],
  ['spec.selector', deployment(), deployment({ spec: { selector: { matchLabels: { a: 'b' } } } })],
  [
    'spec.selector',
    deployment({ kind: 'ReplicaSet' }),
    deployment({ kind: 'ReplicaSet', spec: { selector: { matchLabels: { a: 'b' } } } }),
  ],
  ['spec.selector', deployment({ kind: 'DaemonSet' }), deployment({ kind: 'DaemonSet', spec: { selector: { matchLabels: { a: 'b' } } } })],
  ['spec.template', job(), job({ spec: { template: template({ image: 'example/app:2.0' }) } })],
  ['spec.completions', job({ spec: { completions: 1 } }), job({ spec: { completions: 2 } })],
  ['spec.selector', job(), job({ spec: { selector: { matchLabels: { a: 'b' } } } })],
  ['spec.completionMode', job(), job({ spec: { completionMode: 'Indexed' } })],
  ['spec.podFailurePolicy', job(), job({ spec: { podFailurePolicy: { rules: [{ action: 'FailJob' }] } } })],
  ['spec.backoffLimitPerIndex', job(), job({ spec: { backoffLimitPerIndex: 1 } })],
  ['spec.managedBy', job(), job({ spec: { managedBy: 'a/b' } })],
  ['spec.successPolicy', job(), job({ spec: { successPolicy: { rules: [{ succeededCount: 1 }] } } })],
  ['spec', pod(), pod({ spec: { nodeName: 'n1' } })],
  ['spec.accessModes', claim(), claim({ spec: { accessModes: ['ReadWriteMany'] } })],
  ['spec.volumeMode', claim(), claim({ spec: { volumeMode: 'Block' } })],
  ['spec.volumeName', claim({ spec: { volumeName: 'a' } }), claim({ spec: { volumeName: 'b' } })],
  ['spec.csi', volume(), volume({ spec: { csi: { driver: 'b' } } })],
  ['spec.nodeAffinity', volume({ spec: { nodeAffinity: { a: 1 } } }), volume({ spec: { nodeAffinity: { a: 2 } } })],
  ['spec.clusterIP', service({ spec: { clusterIP: '10.0.0.1' } }), service({ spec: { clusterIP: '10.0.0.2' } })],
  ['spec.clusterIP', service(), service({ spec: { clusterIP: 'None' } })],
  ['spec.clusterIPs', service({ spec: { clusterIPs: ['10.0.0.1'] } }), service({ spec: { clusterIPs: ['10.0.0.2'] } })],
  ['spec.ipFamilies', service({ spec: { ipFamilies: ['IPv4'] } }), service({ spec: { ipFamilies: ['IPv6'] } })],
  [
    'spec.loadBalancerClass',
    service({ spec: { type: 'LoadBalancer' } }),
    service({ spec: { type: 'LoadBalancer', loadBalancerClass: 'a/b' } }),
  ],
  [
    'spec.healthCheckNodePort',
    service({ spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30001 } }),
    service({ spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30002 } }),
  ],
  ['type', secret(), secret({ type: 'kubernetes.io/tls' })],
  ...['data', 'stringData', 'binaryData'].map((field): [string, Json, Json] => [
    field,
    config({ ...sealed, [field]: { a: '1' } }),
    config({ ...sealed, [field]: { a: '2' } }),
  ]),
  ['immutable', secret(sealed), secret()],
  ['data', secret({ ...sealed, data: { a: 'MQ==' } }), secret({ ...sealed, data: { a: 'Mg==' } })],
  ['roleRef', binding('RoleBinding', 'a'), binding('RoleBinding', 'b')],
  ['roleRef', binding('ClusterRoleBinding', 'a'), binding('ClusterRoleBinding', 'b')],
  ['provisioner', storageClass(), storageClass({ provisioner: 'b' })],
  ['parameters', storageClass(), storageClass({ parameters: { type: 'ssd' } })],
  ['reclaimPolicy', storageClass(), storageClass({ reclaimPolicy: 'Retain' })],
  ['volumeBindingMode', storageClass(), storageClass({ volumeBindingMode: 'WaitForFirstConsumer' })],
  [
    'driverName',
    cluster('storage.k8s.io/v1', 'VolumeAttributesClass', 'a', { driverName: 'a' }),
    cluster('storage.k8s.io/v1', 'VolumeAttributesClass', 'a', { driverName: 'b' }),
  ],
  [
    'parameters',
    cluster('storage.k8s.io/v1', 'VolumeAttributesClass', 'a', { parameters: { a: '1' } }),
    cluster('storage.k8s.io/v1', 'VolumeAttributesClass', 'a', { parameters: { a: '2' } }),
  ],
  ['spec.attachRequired', driver(), driver({ attachRequired: false })],
  ['spec.volumeLifecycleModes', driver(), driver({ volumeLifecycleModes: ['Ephemeral'] })],
  ['spec.podInfoOnMount', driver(), driver({ podInfoOnMount: true })],
  ['spec.fsGroupPolicy', driver(), driver({ fsGroupPolicy: 'File' })],
  ['value', priority(), priority({ value: 200 })],
  ['preemptionPolicy', priority(), priority({ preemptionPolicy: 'Never' })],
  ['spec.scope', definition({}), definition({ scope: 'Cluster' })],
  ['spec.group', definition({}), definition({ group: 'b' })],
  ['spec.names.kind', definition({}), definition({ names: { kind: 'Other' } })],
  ['spec.names.plural', definition({}), definition({ names: { plural: 'others' } })],
  [
    'spec.controller',
    cluster('networking.k8s.io/v1', 'IngressClass', 'a', { spec: { controller: 'a' } }),
    cluster('networking.k8s.io/v1', 'IngressClass', 'a', { spec: { controller: 'b' } }),
  ],
  [
    'handler',
    cluster('node.k8s.io/v1', 'RuntimeClass', 'a', { handler: 'a' }),
    cluster('node.k8s.io/v1', 'RuntimeClass', 'a', { handler: 'b' }),
  ],
  [
    'spec.scopes',
    object('v1', 'ResourceQuota', 'a', { spec: { scopes: ['BestEffort'] } }),
    object('v1', 'ResourceQuota', 'a', { spec: { scopes: ['Terminating'] } }),
  ],
  [
    'addressType',
    object('discovery.k8s.io/v1', 'EndpointSlice', 'a', { addressType: 'IPv4' }),
    object('discovery.k8s.io/v1', 'EndpointSlice', 'a', { addressType: 'IPv6' }),
  ],
  [
    'spec',
    object('resource.k8s.io/v1', 'ResourceClaim', 'a', { spec: { a: 1 } }),
    object('resource.k8s.io/v1', 'ResourceClaim', 'a', { spec: { a: 2 } }),
  ],
  [
    'spec',
    object('resource.k8s.io/v1', 'ResourceClaimTemplate', 'a', { spec: { a: 1 } }),
    object('resource.k8s.io/v1', 'ResourceClaimTemplate', 'a', { spec: { a: 2 } }),
  ],
  [
    'spec.source',
    object('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'a', { spec: { source: { persistentVolumeClaimName: 'a' } } }),
    object('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', 'a', { spec: { source: { persistentVolumeClaimName: 'b' } } }),
  ],
  [
    'spec.source',
    object('groupsnapshot.storage.k8s.io/v1beta1', 'VolumeGroupSnapshot', 'a', { spec: { source: { selector: { a: 1 } } } }),
    object('groupsnapshot.storage.k8s.io/v1beta1', 'VolumeGroupSnapshot', 'a', { spec: { source: { selector: { a: 2 } } } }),
  ],
];

test.each(REFUSED)('STS-1: %s is refused', (field, before, after) => {
  const findings = found(before, after);
  expect(findings).toMatchObject([{ severity: 'error', field, message: expect.stringContaining(`${field} changes`) }]);
  expect(findings[0]?.fix).not.toBe('');
  expect(found(before, before)).toEqual([]);
});

test('every row of the table has a change that it refuses', () => {
  const keyOf = (manifest: Json) =>
    manifest.apiVersion.includes('/') ? `${manifest.apiVersion.split('/')[0]}/${manifest.kind}` : manifest.kind;
  const seen = new Set(REFUSED.map(([field, , after]) => `${keyOf(after)} ${field}`));
  const isSeen = (kind: string, field: string) =>
    [...seen].some((key) => key === `${kind} ${field}` || (field.endsWith('.*') && key.startsWith(`${kind} ${field.slice(0, -1)}`)));
  const either = new Set(['Secret', 'ConfigMap']);
  const missing = IMMUTABLE.filter(
    ({ kinds, field }) =>
      !(kinds.some((kind) => either.has(kind)) ? kinds.some((kind) => isSeen(kind, field)) : kinds.every((kind) => isSeen(kind, field))),
  );
  expect(missing.map(({ kinds, field }) => [kinds, field])).toEqual([]);
});

test.each<[string, Json, Json]>([
  [
    'replicas, template, strategy',
    statefulSet(),
    statefulSet({
      spec: {
        replicas: 5,
        template: template({ image: 'a:2' }),
        updateStrategy: { type: 'OnDelete' },
        minReadySeconds: 5,
        ordinals: { start: 1 },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      },
    }),
  ],
  ['a default that is written', statefulSet(), statefulSet({ spec: { podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 } })],
  ['a default of a Job’s template', job(), job({ spec: { template: template({ imagePullPolicy: 'IfNotPresent' }) } })],
  [
    'where a suspended Job may run',
    job({ spec: { suspend: true } }),
    job({
      spec: {
        suspend: true,
        template: template(
          {},
          { nodeSelector: { a: 'b' }, tolerations: [{ key: 'x' }], affinity: { nodeAffinity: {} } },
          { annotations: { a: 'b' } },
        ),
      },
    }),
  ],
  [
    'completions of an indexed Job with parallelism',
    job({ spec: { completionMode: 'Indexed', completions: 2, parallelism: 2 } }),
    job({ spec: { completionMode: 'Indexed', completions: 3, parallelism: 3 } }),
  ],
  [
    'a hook of Helm',
    job({ metadata: { annotations: { 'helm.sh/hook': 'pre-upgrade' } } }),
    job({ metadata: { annotations: { 'helm.sh/hook': 'pre-upgrade' } }, spec: { template: template({ image: 'a:2' }) } }),
  ],
  [
    'a Job that Argo CD replaces by force',
    job(),
    job({
      metadata: { annotations: { 'argocd.argoproj.io/sync-options': 'Force=true,Replace=true' } },
      spec: { template: template({ image: 'a:2' }) },
    }),
  ],
  ['the image of a Pod', pod(), pod({ spec: { containers: [{ name: 'app', image: 'a:2' }] } })],
  ['a claim’s volume that is named for the first time', claim(), claim({ spec: { volumeName: 'a' } })],
  [
    'the size and attributes of a claim',
    claim(),
    claim({ spec: { resources: { requests: { storage: '20Gi' } }, volumeAttributesClassName: 'x' } }),
  ],
  [
    'a volume’s reclaim policy and first affinity',
    volume(),
    volume({ spec: { persistentVolumeReclaimPolicy: 'Retain', nodeAffinity: { a: 1 } } }),
  ],
  ['a Service’s address that is left out', service({ spec: { clusterIP: '10.0.0.1' } }), service()],
  ['a Service’s second family', service({ spec: { ipFamilies: ['IPv4'] } }), service({ spec: { ipFamilies: ['IPv4', 'IPv6'] } })],
  [
    'a Service that becomes an ExternalName',
    service({ spec: { clusterIP: '10.0.0.1' } }),
    service({ spec: { clusterIP: undefined, type: 'ExternalName', externalName: 'a' } }),
  ],
  ['a class with the type', service(), service({ spec: { type: 'LoadBalancer', loadBalancerClass: 'a/b' } })],
  ['the data of a Secret that is not sealed', secret({ data: { a: '1' } }), secret({ data: { a: '2' }, type: 'Opaque', ...sealed })],
  [
    'a budget',
    object('policy/v1', 'PodDisruptionBudget', 'a', { spec: { maxUnavailable: 1 } }),
    object('policy/v1', 'PodDisruptionBudget', 'a', { spec: { minAvailable: 1, selector: {} } }),
  ],
])('STS-1: taken: %s', (_, before, after) => {
  expect(found(before, after)).toEqual([]);
});

test('STS-1: revisionHistoryLimit may change from Kubernetes 1.33 on', () => {
  const [before, after] = [statefulSet(), statefulSet({ spec: { revisionHistoryLimit: 3 } })];
  expect(found(before, after)[0]?.message).toBe(
    'spec.revisionHistoryLimit changes from 10 to 3, which the API server refuses before Kubernetes 1.33',
  );
  expect(found(before, after, { floor: '1.32' })).toHaveLength(1);
  expect(found(before, after, { floor: '1.34' })).toEqual([]);
});

test('STS-1: says where inside a field, and how much else', () => {
  const after = job({ spec: { template: template({ image: 'example/app:2.0', command: ['a'] }, { hostname: 'x' }) } });
  expect(found(job(), after)[0]?.message).toBe(
    'spec.template changes (spec.containers[app].image from example/app:1.0 to example/app:2.0, and 2 more), which the API server refuses',
  );
});

test('STS-1: a set of this library grows by its props', () => {
  const ours = { metadata: { labels: { 'app.kubernetes.io/managed-by': 'cdk8s-stateful' } } };
  const after = merged(statefulSet(ours), { spec: { volumeClaimTemplates: [claimTemplate('data', '20Gi')] } });
  expect(found(statefulSet(ours), after)[0]?.fix).toContain(
    'keep the template as it was (`initialSize: 10Gi` beside the new size), and run',
  );
});

test('STS-1: a Job that is deleted after a time is refused only while it is there', () => {
  const at = (image: string) => job({ spec: { ttlSecondsAfterFinished: 60, template: template({ image }) } });
  expect(found(at('a:1'), at('a:2'))).toMatchObject([{ severity: 'warning' }]);
});

test('STS-1: says what to do, with commands that can be pasted', () => {
  const fixes = (before: Json, after: Json) => found(before, after)[0]?.fix;
  expect(fixes(statefulSet(), statefulSet({ spec: { serviceName: 'x' } }))).toContain(
    '`kubectl delete statefulset orders -n shop --cascade=orphan`',
  );
  expect(fixes(job(), job({ spec: { completions: 2 } }))).toContain('`kubectl delete job migrate -n shop`');
  expect(fixes(storageClass(), storageClass({ provisioner: 'b' }))).toContain('`kubectl delete storageclass fast`');
  expect(fixes(definition({}), definition({ scope: 'Cluster' }))).not.toContain('kubectl delete');
  const nasty = { metadata: { name: "a'; rm -rf ~" } };
  expect(fixes(merged(job(), nasty), merged(job({ spec: { completions: 2 } }), nasty))).toContain(
    `kubectl delete job 'a'\\''; rm -rf ~' -n shop`,
  );
  const nowhere = { metadata: { namespace: undefined } };
  expect(fixes(statefulSet(nowhere), statefulSet(merged(nowhere, { spec: { serviceName: 'x' } })))).toContain(
    'statefulset orders --cascade',
  );
});

test('STS-1: a Secret’s values are not repeated', () => {
  expect(JSON.stringify(found(secret({ ...sealed, data: { a: 'aHVzaA==' } }), secret({ ...sealed, data: { a: 'c2Vjcg==' } })))).not.toMatch(
    /aHVzaA|c2Vjcg/,
  );
});

test.each<[string, Json[], string, string]>([
  [
    'grows',
    [claimTemplate('data', '20Gi')],
    'the claim template data grows from 10Gi to 20Gi',
    `for i in 0 1 2; do kubectl patch pvc data-orders-$i -n shop --type merge -p '{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}'; done`,
  ],
  [
    'has other labels',
    [claimTemplate('data', '10Gi', { metadata: { labels: { 'helm.sh/chart': 'a-2' } } })],
    'the claim template data changes (metadata.labels)',
    '--cascade=orphan',
  ],
  ['is new', [claimTemplate(), claimTemplate('wal')], 'the claim template wal is new', '--cascade=orphan'],
])('STS-1: a claim template that %s', (_, volumeClaimTemplates, message, fix) => {
  const findings = found(statefulSet(), statefulSet({ spec: { volumeClaimTemplates } }));
  expect(findings).toMatchObject([
    { field: 'spec.volumeClaimTemplates', message: expect.stringContaining(message), fix: expect.stringContaining(fix) },
  ]);
});

test('STS-1: claim templates in another order; the same with what the API server fills in', () => {
  const both = [claimTemplate('a'), claimTemplate('b')];
  const set = (volumeClaimTemplates: Json[]) => statefulSet({ spec: { volumeClaimTemplates } });
  expect(found(set(both), set([...both].reverse()))).toMatchObject([{ message: expect.stringContaining('another order (b and a)') }]);
  expect(found(set(both), set(both.map((claim) => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim }))))).toEqual([]);
});

test('STS-1: counts no more where the object says why', () => {
  const annotations = { 'cdk8s-stateful/ignore-STS-1': 'the set was deleted with --cascade=orphan' };
  expect(found(statefulSet(), statefulSet({ metadata: { annotations }, spec: { serviceName: 'x' } }))).toEqual([]);
});

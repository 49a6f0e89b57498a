import { checkManifests } from '../../../lib/checks';
import { found } from './support';

const object = (apiVersion: unknown, kind: unknown) => ({ apiVersion, kind, metadata: { name: 'a' } });

test.each<[string, string, string, string]>([
  ['extensions/v1beta1', 'Ingress', 'Kubernetes 1.27 to 1.36 have no extensions/v1beta1 Ingress', 'write apiVersion: networking.k8s.io/v1'],
  ['extensions/v1beta1', 'Deployment', 'Kubernetes 1.27 to 1.36 have no extensions/v1beta1 Deployment', 'write apiVersion: apps/v1'],
  ['apps/v1beta2', 'StatefulSet', 'Kubernetes 1.27 to 1.36 have no apps/v1beta2 StatefulSet', 'write apiVersion: apps/v1'],
  [
    'policy/v1beta1',
    'PodDisruptionBudget',
    'Kubernetes 1.27 to 1.36 have no policy/v1beta1 PodDisruptionBudget',
    'write apiVersion: policy/v1',
  ],
  ['batch/v1beta1', 'CronJob', 'Kubernetes 1.27 to 1.36 have no batch/v1beta1 CronJob', 'write apiVersion: batch/v1'],
  [
    'autoscaling/v2beta2',
    'HorizontalPodAutoscaler',
    'Kubernetes 1.27 to 1.36 have no autoscaling/v2beta2 HorizontalPodAutoscaler',
    'write apiVersion: autoscaling/v2',
  ],
  [
    'rbac.authorization.k8s.io/v1beta1',
    'Role',
    'Kubernetes 1.27 to 1.36 have no rbac.authorization.k8s.io/v1beta1 Role',
    'write apiVersion: rbac.authorization.k8s.io/v1',
  ],
  [
    'apiextensions.k8s.io/v1beta1',
    'CustomResourceDefinition',
    'Kubernetes 1.27 to 1.36 have no apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
    'write apiVersion: apiextensions.k8s.io/v1',
  ],
  [
    'policy/v1beta1',
    'PodSecurityPolicy',
    'Kubernetes 1.27 to 1.36 have no policy/v1beta1 PodSecurityPolicy',
    'use the labels of Pod Security admission on the Namespace',
  ],
  [
    'flowcontrol.apiserver.k8s.io/v1beta3',
    'FlowSchema',
    'Kubernetes 1.32 to 1.36 have no flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema',
    'write apiVersion: flowcontrol.apiserver.k8s.io/v1, and raise the floor to 1.29',
  ],
  [
    'storage.k8s.io/v1',
    'VolumeAttributesClass',
    'Kubernetes 1.27 to 1.32 have no storage.k8s.io/v1 VolumeAttributesClass',
    'leave the object out, or raise the floor to 1.34',
  ],
])('%s %s', (apiVersion, kind, message, fix) => {
  expect(found(object(apiVersion, kind)).filter(({ rule }) => rule === 'SCH-2')).toMatchObject([
    { severity: 'error', field: 'apiVersion', message, fix },
  ]);
});

test.each<[string, string, string]>([
  ['acme.example/v1', 'Widget', 'give its CustomResourceDefinition in crds or among the manifests, or let unknown kinds be warnings'],
  ['v1', 'Deployment', 'write apiVersion: apps/v1'],
  ['apps/v1', 'Statefulset', 'write kind: StatefulSet'],
  [
    'serving.knative.dev/v1',
    'Service',
    'give its CustomResourceDefinition in crds or among the manifests, or let unknown kinds be warnings',
  ],
  [
    'kustomize.config.k8s.io/v1beta1',
    'Kustomization',
    'check what kustomize build prints: this file is for kustomize, not for the cluster',
  ],
  ['constructor/v1', 'toString', 'give its CustomResourceDefinition in crds or among the manifests, or let unknown kinds be warnings'],
])('nothing is known of %s %s', (apiVersion, kind, fix) => {
  const message = `nothing is known of ${apiVersion} ${kind}: it is no kind of Kubernetes 1.27 to 1.36, and no CustomResourceDefinition of it is here`;
  expect(found(object(apiVersion, kind))).toMatchObject([{ rule: 'SCH-2', severity: 'error', field: 'kind', message, fix }]);
  expect(found(object(apiVersion, kind), { unknownKinds: 'warning' })).toMatchObject([{ severity: 'warning', message }]);
});

test('a version that the definition of this package does not serve', () => {
  expect(found(object('external-secrets.io/v1beta1', 'ExternalSecret'))).toMatchObject([
    {
      rule: 'SCH-2',
      severity: 'error',
      message: 'external-secrets v2.9.0 serves ExternalSecret as v1, not as v1beta1',
      fix: 'write apiVersion: external-secrets.io/v1, or give the CustomResourceDefinition of your cluster',
    },
  ]);
});

test('a list is not what is in it', () => {
  for (const list of [
    { apiVersion: 'v1', kind: 'List', items: [] },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleList', items: [] },
  ]) {
    expect(found(list)).toMatchObject([
      {
        rule: 'SCH-1',
        severity: 'error',
        message: `${list.kind} is a list of objects, and none of them is looked at`,
        fix: 'write its items as objects of their own',
      },
    ]);
  }
});

test.each([
  [{ kind: 'Pod' }, 'apiVersion'],
  [{ apiVersion: 'v1' }, 'kind'],
  [{}, 'apiVersion'],
  [{ apiVersion: 1, kind: 'Pod' }, 'apiVersion'],
])('%j is no object of Kubernetes', (value, field) => {
  expect(checkManifests([value]).filter(({ rule }) => rule === 'SCH-1')).toMatchObject([
    { field, message: `it has no ${field}, so it is no object of Kubernetes` },
  ]);
});

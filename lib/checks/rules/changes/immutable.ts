import type { Pair } from '../../compare/pairs';
import { jobTakes, podTakes, recreated, serviceTakes, takenOnce, unsealed } from './exceptions';
import * as way from './remedies';

/** A field that the API server does not let change, or only some of it. */
export interface Immutable {
  /** `group/Kind`; without a group for the core's. */
  readonly kinds: readonly string[];
  /** Path of the field. One that ends in `.*` stands for each field below, by itself. */
  readonly field: string;
  /** Of the fields that `.*` stands for those that may change. */
  readonly except?: readonly string[];
  /** What the API server writes where the field is absent; for `.*` by the names of the fields below. */
  readonly defaults?: Readonly<Record<string, unknown>>;
  /** The first version of Kubernetes that takes the change. */
  readonly mutableSince?: string;
  /** Whether it takes this one all the same. */
  readonly unless?: (pair: Pair, field: string) => boolean;
  /** What to do instead, in one sentence. */
  readonly remedy: way.Remedy;
  /** Where the API server says so; a path is one of Kubernetes v1.36.0, read at v1.27.16, v1.32.0, v1.33.0 and v1.34.4 too. */
  readonly source: string;
}

const APPS = 'pkg/apis/apps/validation/validation.go';
const BATCH = 'pkg/apis/batch/validation/validation.go';
const CORE = 'pkg/apis/core/validation/validation.go';
const RBAC = 'pkg/apis/rbac/validation/validation.go';
const STORAGE = 'pkg/apis/storage/validation/validation.go';
const RESOURCE = 'pkg/apis/resource/validation/validation.go';
const SNAPSHOT = 'the CRD of external-snapshotter, x-kubernetes-validations';

const STATEFUL_SET_MAY = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
  'revisionHistoryLimit',
];
const VOLUME_MAY = ['capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'mountOptions'];

/** Every field that is known to be refused; each row has a test. PodDisruptionBudgets, autoscalers and Namespaces have none. */
export const IMMUTABLE: readonly Immutable[] = [
  {
    kinds: ['apps/StatefulSet'],
    field: 'spec.*',
    except: [...STATEFUL_SET_MAY, 'volumeClaimTemplates'], // STS-2 and claim-templates.ts
    defaults: { podManagementPolicy: 'OrderedReady', serviceName: '' },
    remedy: way.orphan,
    source: `${APPS} ValidateStatefulSetUpdate`,
  },
  {
    kinds: ['apps/StatefulSet'],
    field: 'spec.revisionHistoryLimit',
    defaults: { revisionHistoryLimit: 10 },
    mutableSince: '1.33',
    remedy: way.orphan,
    source: `${APPS} ValidateStatefulSetUpdate: refused in v1.32.0, taken in v1.33.0`,
  },
  {
    kinds: ['apps/Deployment', 'apps/ReplicaSet', 'apps/DaemonSet'],
    field: 'spec.selector',
    remedy: way.besides,
    source: `${APPS} ValidateDeploymentUpdate, ValidateReplicaSetUpdate, ValidateDaemonSetSpecUpdate`,
  },
  ...['template', 'completions'].map((field) => ({
    kinds: ['batch/Job'],
    field: `spec.${field}`,
    unless: jobTakes,
    remedy: way.anotherJob,
    source: `${BATCH} validatePodTemplateUpdate, validateCompletions`,
  })),
  ...['selector', 'completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'].map((field) => ({
    kinds: ['batch/Job'],
    field: `spec.${field}`,
    defaults: { completionMode: 'NonIndexed' },
    unless: recreated,
    remedy: way.anotherJob,
    source: `${BATCH} ValidateJobSpecUpdate`,
  })),
  {
    kinds: ['Pod'],
    field: 'spec',
    unless: podTakes,
    remedy: way.replace,
    source: `${CORE} ValidatePodUpdate`,
  },
  {
    kinds: ['PersistentVolumeClaim'],
    field: 'spec.*',
    except: ['resources', 'volumeAttributesClassName', 'storageClassName'], // size and class: claims.ts
    defaults: { volumeMode: 'Filesystem' },
    unless: takenOnce('volumeName'),
    remedy: way.anotherClaim,
    source: `${CORE} ValidatePersistentVolumeClaimUpdate`,
  },
  {
    kinds: ['PersistentVolume'],
    field: 'spec.*',
    except: [...VOLUME_MAY, 'volumeAttributesClassName'],
    defaults: { volumeMode: 'Filesystem' },
    unless: takenOnce('nodeAffinity'),
    remedy: way.anotherVolume,
    source: `${CORE} ValidatePersistentVolumeUpdate`,
  },
  ...[
    ['clusterIP', 'validateUpgradeDowngradeClusterIPs'],
    ['clusterIPs', 'validateUpgradeDowngradeClusterIPs'],
    ['ipFamilies', 'validateUpgradeDowngradeIPFamilies'],
    ['loadBalancerClass', 'validateLoadBalancerClassField'],
    ['healthCheckNodePort', 'validateServiceExternalTrafficFieldsUpdate'],
  ].map(([field, where]) => ({
    kinds: ['Service'],
    field: `spec.${field}`,
    unless: serviceTakes,
    remedy: way.replaceService,
    source: `${CORE} ${where}`,
  })),
  {
    kinds: ['Secret'],
    field: 'type',
    defaults: { type: 'Opaque' },
    remedy: way.anotherName,
    source: `${CORE} ValidateSecretUpdate`,
  },
  ...['data', 'binaryData', 'stringData', 'immutable'].map((field) => ({
    kinds: ['Secret', 'ConfigMap'],
    field,
    unless: unsealed,
    remedy: way.anotherName,
    source: `${CORE} ValidateSecretUpdate, ValidateConfigMapUpdate`,
  })),
  {
    kinds: ['rbac.authorization.k8s.io/RoleBinding', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
    field: 'roleRef',
    remedy: way.anotherBinding,
    source: `${RBAC} ValidateRoleBindingUpdate, ValidateClusterRoleBindingUpdate`,
  },
  ...['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'].map((field) => ({
    kinds: ['storage.k8s.io/StorageClass'],
    field,
    defaults: { parameters: {}, reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
    remedy: way.anotherClass,
    source: `${STORAGE} ValidateStorageClassUpdate`,
  })),
  ...['driverName', 'parameters'].map((field) => ({
    kinds: ['storage.k8s.io/VolumeAttributesClass'],
    field,
    remedy: way.anotherName,
    source: `${STORAGE} ValidateVolumeAttributesClassUpdate`,
  })),
  ...['attachRequired', 'volumeLifecycleModes'].map((field) => ({
    kinds: ['storage.k8s.io/CSIDriver'],
    field: `spec.${field}`,
    defaults: { attachRequired: true, volumeLifecycleModes: ['Persistent'] },
    remedy: way.replace,
    source: `${STORAGE} ValidateCSIDriverUpdate`,
  })),
  ...['podInfoOnMount', 'fsGroupPolicy'].map((field) => ({
    kinds: ['storage.k8s.io/CSIDriver'],
    field: `spec.${field}`,
    defaults: { podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType' },
    mutableSince: '1.29',
    remedy: way.replace,
    source: `${STORAGE} ValidateCSIDriverUpdate: refused in v1.27.16, taken in v1.32.0`,
  })),
  ...['value', 'preemptionPolicy'].map((field) => ({
    kinds: ['scheduling.k8s.io/PriorityClass'],
    field,
    defaults: { value: 0, preemptionPolicy: 'PreemptLowerPriority' },
    remedy: way.anotherName,
    source: 'pkg/apis/scheduling/validation/validation.go ValidatePriorityClassUpdate',
  })),
  ...['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'].map((field) => ({
    kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
    field,
    remedy: way.anotherDefinition,
    source: 'apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go validateCustomResourceDefinitionSpecUpdate',
  })),
  {
    kinds: ['networking.k8s.io/IngressClass'],
    field: 'spec.controller',
    remedy: way.anotherName,
    source: 'pkg/apis/networking/validation/validation.go validateIngressClassSpecUpdate',
  },
  {
    kinds: ['node.k8s.io/RuntimeClass'],
    field: 'handler',
    remedy: way.anotherName,
    source: 'pkg/apis/node/validation/validation.go ValidateRuntimeClassUpdate',
  },
  {
    kinds: ['ResourceQuota'],
    field: 'spec.scopes',
    remedy: way.replace,
    source: `${CORE} ValidateResourceQuotaUpdate`,
  },
  {
    kinds: ['discovery.k8s.io/EndpointSlice'],
    field: 'addressType',
    remedy: way.replace,
    source: 'pkg/apis/discovery/validation/validation.go ValidateEndpointSliceUpdate',
  },
  {
    kinds: ['resource.k8s.io/ResourceClaim', 'resource.k8s.io/ResourceClaimTemplate'],
    field: 'spec',
    remedy: way.anotherName,
    source: `${RESOURCE} ValidateResourceClaimUpdate, ValidateResourceClaimTemplateUpdate`,
  },
  {
    kinds: ['snapshot.storage.k8s.io/VolumeSnapshot', 'groupsnapshot.storage.k8s.io/VolumeGroupSnapshot'],
    field: 'spec.source',
    remedy: way.anotherName,
    source: SNAPSHOT,
  },
];

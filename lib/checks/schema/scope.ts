import { type Fields, text } from '../manifests/look';
import type * as Crds from './crds';

/**
 * Kinds that belong to no namespace, by their API group: of Kubernetes (`namespaced: false` in its discovery documents,
 * api/discovery/ in kubernetes/kubernetes), and of the CustomResourceDefinitions in this package (a test compares these).
 */
const CLUSTER_SCOPED: Readonly<Record<string, readonly string[]>> = {
  '': ['ComponentStatus', 'Namespace', 'Node', 'PersistentVolume'],
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'apiregistration.k8s.io': ['APIService'],
  'authentication.k8s.io': ['SelfSubjectReview', 'TokenReview'],
  'authorization.k8s.io': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'certificates.k8s.io': ['CertificateSigningRequest', 'ClusterTrustBundle'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'internal.apiserver.k8s.io': ['StorageVersion'],
  'networking.k8s.io': ['ClusterCIDR', 'IPAddress', 'IngressClass', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'resource.k8s.io': ['DeviceClass', 'DeviceTaintRule', 'ResourceClass', 'ResourcePoolStatusRequest', 'ResourceSlice'],
  'scheduling.k8s.io': ['PriorityClass'],
  'storage.k8s.io': ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment', 'VolumeAttributesClass'],
  'storagemigration.k8s.io': ['StorageVersionMigration'],
  extensions: ['PodSecurityPolicy'],
  policy: ['PodSecurityPolicy'],
  'cert-manager.io': ['ClusterIssuer'],
  'external-secrets.io': ['ClusterExternalSecret', 'ClusterPushSecret', 'ClusterSecretStore'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'groupsnapshot.storage.k8s.io': ['VolumeGroupSnapshotClass', 'VolumeGroupSnapshotContent'],
  'snapshot.storage.k8s.io': ['VolumeSnapshotClass', 'VolumeSnapshotContent'],
};

/**
 * Tells whether an object is for the whole cluster, so that it has no namespace. What nothing is known of counts as namespaced.
 *
 * @param definitions objects of which those that are CustomResourceDefinitions say it of their kinds
 */
export function clusterScopes(definitions: Iterable<unknown>): (object: Fields) => boolean {
  const given = new Map<string, boolean>();
  for (const object of definitions) {
    if (text(object, 'kind') !== 'CustomResourceDefinition') continue;
    const custom = (require('./crds') as typeof Crds).customKind(object); // loaded where there is one
    if (custom) given.set(`${custom.group}/${custom.kind}`, custom.scope === 'Cluster');
  }
  return (object) => {
    const [group, kind] = [groupOf(text(object, 'apiVersion') ?? ''), text(object, 'kind') ?? ''];
    return given.get(`${group}/${kind}`) ?? (Object.hasOwn(CLUSTER_SCOPED, group) && CLUSTER_SCOPED[group]?.includes(kind)) === true;
  };
}

/** The same where no definitions are given. */
export const clusterScoped = clusterScopes([]);

/** Of `apps/v1` it is `apps`; of `v1` it is empty. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

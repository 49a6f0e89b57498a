import { type Fields, text } from '../look';

/** Kinds of Kubernetes and of the custom resources known here that belong to no namespace. */
const CLUSTER_SCOPED = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'ClusterRole',
  'ClusterRoleBinding',
  'StorageClass',
  'PriorityClass',
  'CustomResourceDefinition',
]);

/** Whether an object is for the whole cluster, so that it has no namespace. */
export function clusterScoped(object: Fields): boolean {
  return CLUSTER_SCOPED.has(text(object, 'kind') ?? '');
}

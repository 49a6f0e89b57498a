import { clusterScoped } from '../schema/scope';
import { fields, text } from './look';

/**
 * What an object is for the API server, whatever its version: two objects with the same identity are one.
 *
 * @param namespace of objects that name none
 * @returns `group/kind/namespace/name`; the group of the core is empty, and so is the namespace of what belongs to the whole cluster
 */
export function identityOf(object: unknown, namespace: string): string {
  const [group = '', version] = (text(object, 'apiVersion') ?? '').split('/');
  const own = clusterScoped(fields(object)) ? '' : (text(object, 'metadata', 'namespace') ?? namespace);
  return `${version === undefined ? '' : group}/${text(object, 'kind') ?? ''}/${own}/${text(object, 'metadata', 'name') ?? ''}`;
}

/** As a sentence names it: `StatefulSet shop/orders`, `ClusterRole reader`; as the findings do. */
export function titleOf(object: unknown, namespace: string): string {
  const own = clusterScoped(fields(object)) ? '' : `${text(object, 'metadata', 'namespace') ?? namespace}/`;
  return `${text(object, 'kind') || 'object without a kind'} ${own}${text(object, 'metadata', 'name') ?? ''}`.trimEnd();
}

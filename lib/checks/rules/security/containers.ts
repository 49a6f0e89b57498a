import { fields, list, text } from '../../manifests/look';
import type { Container, PodTemplate } from '../../manifests/manifests';

/** `spec.template.spec`, or `spec` of a Pod. */
export function specPath(pod: PodTemplate): string {
  return pod.path ? `${pod.path}.spec` : 'spec';
}

type AnyContainer = Pick<Container, 'name' | 'path' | 'spec'>;

/** Those of the template, and the ephemeral ones that somebody attached to a Pod: the same standard holds for them. */
export function everyContainer(pod: PodTemplate): readonly AnyContainer[] {
  const ephemeral = list(pod.spec, 'ephemeralContainers').map((value, index): AnyContainer => {
    const spec = fields([value], 0);
    return { name: text(spec, 'name') ?? '', path: `${specPath(pod)}.ephemeralContainers[${index}]`, spec };
  });
  return ephemeral.length === 0 ? pod.containers : [...pod.containers, ...ephemeral];
}

/** As a sentence names it. */
export function titleOf({ name, path }: AnyContainer): string {
  return `container ${name || path}`;
}

/** Linux's means of protection do not exist there, and the standard asks for none of them since 1.25. */
export function isWindows(pod: PodTemplate): boolean {
  return text(pod.spec, 'os', 'name') === 'windows';
}

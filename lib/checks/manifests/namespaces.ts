import { text } from './look';
import type { Manifest } from './manifests';

/**
 * Whether an object names no namespace, so that it goes wherever the one who applies it says.
 *
 * Charts often write the namespace into some of their objects only, and leave the others to `helm -n`.
 */
export function placedByApplier({ object }: Manifest): boolean {
  return text(object, 'metadata', 'namespace') === undefined;
}

/** Whether an object may be in that namespace, as far as it says. */
export function mayBeIn(manifest: Manifest, namespace: string): boolean {
  return manifest.namespace === namespace || placedByApplier(manifest);
}

/** Whether two objects may meet in one namespace, as far as they say. */
export function mayMeet(a: Manifest, b: Manifest): boolean {
  return mayBeIn(a, b.namespace) || placedByApplier(b);
}

import { identityOf, titleOf } from '../checks';
import type { RenderedObject } from './rendered';

/** Sentences about objects that the API server would take for one, so that the last to be applied wins. */
export function duplicates(objects: readonly RenderedObject[], namespace: string): string[] {
  const taken = new Map<string, RenderedObject>();
  return objects.flatMap((object) => {
    const identity = identityOf(object.json, namespace);
    if (identity.endsWith('/')) return []; // without a name: the API server makes one
    const first = taken.get(identity);
    if (!first) {
      taken.set(identity, object);
      return [];
    }
    const what = titleOf(object.json, namespace);
    const cure = 'give one another name or namespace; where they go to different clusters, set clusterPerChart';
    return [`[${object.construct.node.path}] ${what} is made by ${first.construct.node.path} too: ${cure}`];
  });
}

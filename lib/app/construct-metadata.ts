import { ApiObject } from 'cdk8s';
import { titleOf } from '../checks';
import type { FileContent } from './folder';
import type { Named, RenderedObject } from './rendered';

/**
 * Which construct made which object, for the validation plugins of `cdk8s synth`. The command reads it from the output folder after
 * the app has ended, and from nowhere else; so it has to be there, where a GitOps tool may find it.
 *
 * There it is an empty List, which Argo CD and kubectl apply as nothing; cdk8s' own file has no kind, and makes Argo CD fail for the
 * whole folder. Beside cdk8s' keys, which are bare names and so mix up a Service with a StatefulSet, it has one for each object.
 */
export function constructMetadata(objects: readonly RenderedObject[]): FileContent {
  const resources: Record<string, { path: string }> = {};
  for (const { construct, json } of objects) {
    const entry = { path: construct.node.path };
    const name = ApiObject.isApiObject(construct) ? (construct as ApiObject).name : (json as Partial<Named> | undefined)?.metadata?.name;
    resources[`${name}`] = entry;
    resources[titleOf(json, 'default')] = entry;
  }
  const list = { apiVersion: 'v1', kind: 'List', items: [] };
  return { path: 'construct-metadata.json', text: () => JSON.stringify({ ...list, version: '1.0.0', resources }) };
}

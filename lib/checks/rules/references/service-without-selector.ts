import { fields, list, text } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { mayMeet } from '../../manifests/namespaces';
import type { Rule } from '../../rule';

/**
 * REF-3: someone gives a Service its addresses.
 *
 * Kubernetes does by the selector. Where there is none, it is whoever the manifests let write that Service's Endpoints, as they let
 * Patroni, or they write them themselves.
 */
export const serviceHasAddresses: Rule = {
  id: 'REF-3',
  severity: 'warning',
  title: 'a Service has a selector, or something else that writes its Endpoints',
  runs: ['synth', 'check'],
  source: 'kube-linter dangling-service; https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors',
  *find(manifests) {
    const writers = writersOf(manifests);
    for (const manifest of manifests.ofKind('Service')) {
      const { group, object, name } = manifest;
      if (group !== '' || text(object, 'spec', 'type') === 'ExternalName' || Object.keys(fields(object, 'spec', 'selector')).length > 0)
        continue;
      if ([...(writers.get(name) ?? []), ...(writers.get(ANY) ?? [])].some((writer) => mayMeet(writer, manifest))) continue;
      yield {
        manifest,
        field: 'spec.selector',
        message: 'the Service has no selector, and nothing among the manifests gives it addresses',
        fix: 'give it the labels of its pods as selector; or a Role that names its Endpoints to what writes them; or an EndpointSlice',
      };
    }
  },
};

const ANY = '*';

/** What writes the Endpoints of a Service, by the Service's name: they themselves, or a Role of the same namespace that lets its holder. */
function writersOf(manifests: Manifests): Map<string, Manifest[]> {
  const writers = new Map<string, Manifest[]>();
  const add = (name: string, writer: Manifest) => writers.set(name, [...(writers.get(name) ?? []), writer]);
  for (const endpoints of manifests.ofKind('Endpoints')) add(endpoints.name, endpoints);
  for (const slice of manifests.ofKind('EndpointSlice')) add(slice.labels['kubernetes.io/service-name'] ?? '', slice);
  for (const role of manifests.ofKind('Role')) {
    for (const rule of list(role.object, 'rules').filter(writesEndpoints)) {
      const names = list(rule, 'resourceNames').filter((name) => typeof name === 'string');
      for (const name of names.length > 0 ? names : [ANY]) add(name, role);
    }
  }
  return writers;
}

function writesEndpoints(rule: unknown): boolean {
  const any = (field: string, ...values: string[]) => list(rule, field).some((value) => values.includes(value as string));
  return any('resources', 'endpoints', 'endpointslices') && any('verbs', 'patch', 'update');
}

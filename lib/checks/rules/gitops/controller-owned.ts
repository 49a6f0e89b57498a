import { pathOf } from '../../manifests/every-value';
import { at, fields, isFields, list } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import type { Settings } from '../../settings';
import { patroniState, stateNames } from './patroni';

/** GIT-6: what a controller writes and Git holds has two owners, and changes back and forth. */
export const nothingOwnedByControllers: Rule = {
  id: 'GIT-6',
  severity: 'error',
  title: 'no object and no field is declared that a controller writes',
  runs: ['synth', 'check'],
  source:
    'https://argo-cd.readthedocs.io/en/stable/operator-manual/upgrading/2.14-3.0/, https://patroni.readthedocs.io/en/latest/kubernetes.html, kubernetes/enhancements KEP-555',
  *find(manifests, settings) {
    const state = patroniState(manifests);
    for (const manifest of manifests) {
      const scope = state.get(`${manifest.kind}/${manifest.namespace}/${manifest.name}`);
      if (scope !== undefined) yield ownedByPatroni(manifest, scope);
      else yield* objectsFound(manifest, manifests, settings);
      yield* fieldsFound(manifest);
    }
  },
};

function ownedByPatroni(manifest: Manifest, scope: string): Found {
  const message = `Patroni keeps the state of ${scope} in it: applying it can take the leader's lock away`;
  return { manifest, field: '', message, fix: `remove it, or give it a name that is not ${stateNames(scope).join(', ')}` };
}

function* objectsFound(manifest: Manifest, manifests: Manifests, { gitops }: Settings): Iterable<Found> {
  if (manifest.kind === 'Lease' && manifest.group === 'coordination.k8s.io') {
    const message = 'whoever holds the lease renews it: applying it can give it to a second one';
    yield { manifest, field: '', message, fix: 'remove it: its holder makes it' };
  }
  const service = addressesOf(manifest);
  if (service === undefined) return;
  const selector = at(manifests.get('', 'Service', manifest.namespace, service)?.object, 'spec', 'selector');
  if (isFields(selector) && Object.keys(selector).length > 0) {
    const message = `Kubernetes writes the addresses of the pods that Service ${service} selects`;
    yield { manifest, field: '', message, fix: "remove it, or the Service's selector where the addresses are not of pods" };
  } else if (gitops.includes('argocd')) {
    const message = `Argo CD leaves out every ${manifest.kind} since 3.0, so that it is never applied`;
    const fix = "use a Service of type ExternalName, or take the kind out of Argo CD's resource.exclusions";
    yield { manifest, field: '', message, fix, severity: 'warning' };
  }
}

/** The Service whose addresses an object holds; undefined for an object of another kind. */
function addressesOf({ kind, group, name, labels }: Manifest): string | undefined {
  if (kind === 'Endpoints' && group === '') return name;
  return kind === 'EndpointSlice' && group === 'discovery.k8s.io' ? (labels['kubernetes.io/service-name'] ?? '') : undefined;
}

/** Each with what the API server does with it. */
const METADATA: Readonly<Record<string, string>> = {
  managedFields: 'server-side apply refuses it',
  resourceVersion: 'it is refused as soon as the object has changed',
  uid: 'it is refused where the object was made anew',
};

/** controller-gen writes a status and a null timestamp into every CustomResourceDefinition; all tools leave them out. */
function* fieldsFound(manifest: Manifest): Iterable<Found> {
  const { object } = manifest;
  const generated = manifest.kind === 'CustomResourceDefinition';
  for (const [key, then] of Object.entries(METADATA)) {
    if (!present(at(object, 'metadata', key))) continue;
    yield { manifest, field: `metadata.${key}`, message: `the API server writes ${key}, and ${then}`, fix: 'remove it' };
  }
  for (const path of timestamps(manifest)) {
    if (generated && at(object, 'metadata', 'creationTimestamp') === null) continue;
    yield { manifest, field: path, message: 'the API server writes it, and shows a difference', fix: 'remove it', severity: 'warning' };
  }
  if (Object.hasOwn(object, 'status') && !generated) {
    const message = 'a controller writes the status, and what is declared here is never applied';
    yield { manifest, field: 'status', message, fix: 'remove it', severity: 'warning' };
  }
}

function present(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** `kubectl create --dry-run` writes `creationTimestamp: null` into an object and its templates. */
function timestamps({ object, pod }: Manifest): string[] {
  const claims = list(object, 'spec', 'volumeClaimTemplates').map((_, index) => ['spec', 'volumeClaimTemplates', index]);
  const places: (string | number)[][] = [[], ...(pod?.path ? [pod.path.split('.')] : []), ...claims];
  return places
    .filter((place) => Object.hasOwn(fields(object, ...place, 'metadata'), 'creationTimestamp'))
    .map((place) => pathOf([...place, 'metadata', 'creationTimestamp']));
}

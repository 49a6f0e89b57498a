import { canonicalQuantity } from '../../manifests/canonical';
import { fields, list } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Rule } from '../../rule';

/**
 * RES-2: quantities are as the API server gives them back, so that no tool sees a difference for ever.
 *
 * Of Kubernetes' own kinds: what custom resources hold is given back as it was written.
 */
export const quantitiesAreCanonical: Rule = {
  id: 'RES-2',
  severity: 'warning',
  title: 'quantities are as the API server writes them',
  runs: ['synth', 'check'],
  source: 'https://argo-cd.readthedocs.io/en/stable/faq/ (why a resource is out of sync); k8s.io/apimachinery pkg/api/resource/quantity.go',
  *find(manifests) {
    for (const manifest of manifests) {
      for (const [field, value] of quantitiesOf(manifest)) {
        const canonical = canonicalQuantity(value);
        if (canonical === undefined || canonical === value) continue; // what is no quantity is the schema's business
        const message = `the API server makes ${JSON.stringify(canonical)} of ${JSON.stringify(value)}`;
        yield { manifest, field, message, fix: `write ${JSON.stringify(canonical)}` };
      }
    }
  },
};

type Quantity = readonly [field: string, value: unknown];

function quantitiesOf(manifest: Manifest): Quantity[] {
  const own = Object.hasOwn(OWN, manifest.kind) ? OWN[manifest.kind] : undefined;
  return [...podQuantities(manifest), ...(own?.groups.includes(manifest.group) ? own.find(manifest) : [])];
}

function podQuantities({ pod }: Manifest): Quantity[] {
  if (!pod) return [];
  const spec = pod.path ? `${pod.path}.spec` : 'spec';
  return [
    ...resources(pod.spec, spec),
    ...entries(pod.spec, 'overhead', spec),
    ...pod.containers.flatMap((container) => resources(container.spec, container.path)),
    ...list(pod.spec, 'volumes').flatMap((volume, i): Quantity[] => [
      [`${spec}.volumes[${i}].emptyDir.sizeLimit`, fields(volume, 'emptyDir').sizeLimit],
      ...claim(fields(volume, 'ephemeral', 'volumeClaimTemplate'), `${spec}.volumes[${i}].ephemeral.volumeClaimTemplate`),
    ]),
  ];
}

function resources(holder: unknown, path: string): Quantity[] {
  const given = fields(holder, 'resources');
  return [...entries(given, 'requests', `${path}.resources`), ...entries(given, 'limits', `${path}.resources`)];
}

function claim(holder: unknown, path: string): Quantity[] {
  return resources(fields(holder, 'spec'), `${path}.spec`);
}

function entries(holder: unknown, field: string, path: string): Quantity[] {
  return Object.entries(fields(holder, field)).map(([key, value]) => [`${path}.${field}.${key}`, value]);
}

const BOUNDS = ['default', 'defaultRequest', 'max', 'maxLimitRequestRatio', 'min'];
const METRICS = ['containerResource', 'external', 'object', 'pods', 'resource'];

const OWN: Readonly<Record<string, { readonly groups: readonly string[]; readonly find: (manifest: Manifest) => Quantity[] }>> = {
  HorizontalPodAutoscaler: {
    groups: ['autoscaling'],
    find: ({ object }) =>
      list(object, 'spec', 'metrics').flatMap((metric, i) =>
        METRICS.flatMap((type) =>
          ['averageValue', 'value'].map((of): Quantity => [`spec.metrics[${i}].${type}.target.${of}`, fields(metric, type, 'target')[of]]),
        ),
      ),
  },
  LimitRange: {
    groups: [''],
    find: ({ object }) =>
      list(object, 'spec', 'limits').flatMap((limit, i) => BOUNDS.flatMap((bound) => entries(limit, bound, `spec.limits[${i}]`))),
  },
  PersistentVolume: { groups: [''], find: ({ object }) => entries(fields(object, 'spec'), 'capacity', 'spec') },
  PersistentVolumeClaim: { groups: [''], find: ({ object }) => claim(object, '').map(([field, value]) => [field.slice(1), value]) },
  ResourceQuota: { groups: [''], find: ({ object }) => entries(fields(object, 'spec'), 'hard', 'spec') },
  StatefulSet: {
    groups: ['apps'],
    find: ({ object }) =>
      list(object, 'spec', 'volumeClaimTemplates').flatMap((template, i) => claim(template, `spec.volumeClaimTemplates[${i}]`)),
  },
};

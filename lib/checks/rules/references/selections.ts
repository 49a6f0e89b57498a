import { makersNamedIn } from '../../manifests/custom-resources';
import { type Fields, fields } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import { beside, type LabelIndex, podsOf, servicesOf, valuesOf } from '../../manifests/selection';
import type { Found } from '../../rule';
import { monitored } from './monitors';

/** One object that finds others by their labels. */
interface Selecting {
  readonly manifest: Manifest;
  readonly field: string;
  readonly selector: Fields;
  /** What it looks for, in words. */
  readonly what: 'pod' | 'Service';
  readonly among: LabelIndex;
  /** Whether an object may be where it looks. */
  readonly where: (manifest: Manifest) => boolean;
  readonly namespaces: readonly string[] | undefined;
}

/**
 * What selects pods or Services selects some.
 *
 * Only where these manifests have any in that namespace: else they are in another folder, or another repository.
 */
export function* emptySelections(manifests: Manifests): Iterable<Found> {
  const populated = {
    pod: new Set(manifests.withPods.map(({ namespace }) => namespace)),
    Service: new Set(manifests.ofKind('Service').map(({ namespace }) => namespace)),
  };
  for (const { manifest, field, selector, what, among, where, namespaces } of selecting(manifests)) {
    const values = valuesOf(selector);
    if (!namespaces?.every((namespace) => populated[what].has(namespace))) continue;
    if (values.length === 0) continue; // all, or what has a label at all, which may be set in the cluster
    if (among.select(selector, where).found.length > 0) continue;
    if (values.some((value) => makersNamedIn(value, manifests).length > 0)) continue; // pods of an operator
    const labels = Object.entries(fields(selector, 'matchLabels')).map(([key, value]) => `${key}: ${value}`);
    const message = `no ${what} among the manifests ${labels.length > 0 ? `has ${labels.join(', ')}` : 'is selected'}`;
    yield { manifest, field, message, fix: `give ${field} the labels that the ${what} of ${manifest.title} has` };
  }
}

const SELECTORS: Readonly<Record<string, { readonly group: string; readonly field: string }>> = {
  NetworkPolicy: { group: 'networking.k8s.io', field: 'podSelector' },
  PodDisruptionBudget: { group: 'policy', field: 'selector' },
  PodMonitor: { group: 'monitoring.coreos.com', field: 'selector' },
  Service: { group: '', field: 'selector' },
  ServiceMonitor: { group: 'monitoring.coreos.com', field: 'selector' },
};

function* selecting(manifests: Manifests): Iterable<Selecting> {
  for (const [kind, { group, field }] of Object.entries(SELECTORS)) {
    for (const manifest of manifests.ofKind(kind)) {
      if (manifest.group !== group) continue;
      const given = fields(manifest.object, 'spec', field);
      const isMonitor = kind === 'PodMonitor' || kind === 'ServiceMonitor';
      const { has, namespaces } = isMonitor ? monitored(manifest) : { has: beside(manifest), namespaces: [manifest.namespace] };
      yield {
        manifest,
        field: `spec.${field}`,
        selector: kind === 'Service' ? { matchLabels: given } : given,
        what: kind === 'ServiceMonitor' ? 'Service' : 'pod',
        among: kind === 'ServiceMonitor' ? servicesOf(manifests) : podsOf(manifests),
        where: has,
        namespaces,
      };
    }
  }
}

import { Existing } from '../../manifests/existing';
import { at, fields, list, text, texts } from '../../manifests/look';
import type { Manifest, Manifests, PodTemplate } from '../../manifests/manifests';
import { selects, takes } from '../../manifests/selector';
import type { Found } from '../../rule';

type WithPods = Manifest & { readonly pod: PodTemplate };

const SELECTING = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);

/** The API server refuses a workload that does not select its own pods. */
export function* workloadSelectors(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.withPods) {
    const { kind, object, pod } = manifest;
    const byHand = at(object, 'spec', 'manualSelector') === true; // of a Job, whose selector is made else
    if (!SELECTING.has(kind) && !byHand) continue;
    const selector = fields(object, 'spec', 'selector');
    if (at(object, 'spec', 'selector') === undefined) continue; // a missing field is the schema's business
    const wanted = texts(selector, 'matchLabels');
    if (Object.keys(wanted).length === 0 && list(selector, 'matchExpressions').length === 0) {
      yield { manifest, field: 'spec.selector', message: 'the selector is empty', fix: 'select the labels of the pod template' };
    } else if (!selects(selector, pod.labels)) {
      yield mismatch(manifest, wanted);
    }
  }
}

function mismatch(manifest: WithPods, wanted: Readonly<Record<string, string>>): Found {
  const [key, value] = Object.entries(wanted).find(([k, v]) => manifest.pod.labels[k] !== v) ?? [];
  const has = key === undefined ? undefined : manifest.pod.labels[key];
  const message =
    key === undefined
      ? 'the selector does not select the pods of the template'
      : `the selector wants ${key}: ${value}, and the pods of the template have ${has === undefined ? 'no such label' : `${key}: ${has}`}`;
  return { manifest, field: 'spec.selector', message, fix: `give ${manifest.pod.path}.metadata.labels what spec.selector wants` };
}

/** Without a headless Service that selects them, the pods of a StatefulSet have no names in DNS. */
export function* governingServices(manifests: Manifests): Iterable<Found> {
  for (const manifest of manifests.withPods) {
    const name = manifest.kind === 'StatefulSet' ? text(manifest.object, 'spec', 'serviceName') : undefined;
    if (!name) continue;
    const [service] = Existing.of(manifests).objects('', 'Service', manifest.namespace, name, manifest);
    if (!service) continue; // REF-1's business
    const found = governs(service, manifest.pod);
    if (found) yield { manifest, field: 'spec.serviceName', ...found };
  }
}

function governs(service: Manifest, { labels }: PodTemplate): Omit<Found, 'manifest' | 'field'> | undefined {
  const selector = texts(service.object, 'spec', 'selector');
  if (Object.keys(selector).length === 0) {
    const message = `${service.title} has no selector, so that the pods have no names in DNS`;
    return { message, fix: 'name a headless Service that selects them', severity: 'warning' }; // Patroni's example does, and does without names
  }
  if (!takes(selector, labels)) {
    const message = `${service.title} does not select the pods, so that they have no names in DNS`;
    return { message, fix: `give ${service.title} labels of the pod template as its selector` };
  }
  if (text(service.object, 'spec', 'clusterIP') === 'None') return undefined;
  const message = `${service.title} is not headless, so that the pods have no names in DNS`;
  return { message, fix: 'name a Service with clusterIP: None', severity: 'warning' };
}

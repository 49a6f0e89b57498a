import { text } from '../../manifests/look';
import type { Manifest, Manifests } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { pathText } from '../../schema/say';
import type { Settings } from '../../settings';

/**
 * SCH-5: a namespace where one belongs.
 *
 * That an object names none is usual: what applies it says where. But the full DNS name of a Service has the namespace in it, and is
 * wrong as soon as that Service goes to another one.
 */
export const namespacesRight: Rule = {
  id: 'SCH-5',
  severity: 'error',
  title: 'what is for the whole cluster names no namespace, and a full DNS name is of the namespace that its Service gets',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/, cdk8s#1558, hpe-storage/co-deployments#282',
  *find(manifests, settings) {
    for (const manifest of manifests) {
      const written = text(manifest.object, 'metadata', 'namespace');
      if (manifest.clusterScoped) {
        if (written) yield superfluous(manifest, written);
      } else if (!written) yield* unfounded(manifest, manifests, settings);
    }
  },
};

function superfluous(manifest: Manifest, namespace: string): Found {
  const message = `${manifest.kind} is for the whole cluster, and names the namespace ${namespace}`;
  return { manifest, field: 'metadata.namespace', message, fix: 'remove metadata.namespace' };
}

/** The first full name of a Service among the manifests that, like this object, goes to whatever namespace is chosen when it is applied. */
function* unfounded(manifest: Manifest, manifests: Manifests, settings: Settings): Iterable<Found> {
  for (const { value, path } of texts(manifest.object)) {
    for (const [full, service = '', namespace = ''] of value.matchAll(SERVICE)) {
      if (namespace === settings.namespace) continue;
      const target = manifests.get('', 'Service', settings.namespace, service);
      if (!target || text(target.object, 'metadata', 'namespace')) continue;
      const message = `${full} is a name in the namespace ${namespace}, and neither this object nor the Service ${service} says that it goes there`;
      const fix = `write metadata.namespace: ${namespace} in both, or check with the namespace ${namespace}`;
      yield { manifest, field: path, message, fix };
      return;
    }
  }
}

/** `orders.shop.svc`, and what comes before it of a name of a pod; not a part of a longer word. */
const SERVICE = /(?<![\w-])([a-z][a-z0-9-]{0,62})\.([a-z0-9][a-z0-9-]{0,62})\.svc(?![\w-])/g;

/** How deep texts are looked for: no kind has them deeper. */
const DEEPEST = 50;

type Steps = readonly (string | number)[];

/** Every text that could hold such a name. What lies at several places, as an alias of YAML does, even in itself, is looked at once. */
function* texts(value: unknown, steps: Steps = [], seen = new Set<object>()): Iterable<{ readonly value: string; readonly path: string }> {
  if (typeof value === 'string') {
    if (value.includes('.svc')) yield { value, path: pathText(steps) };
  } else if (typeof value === 'object' && value !== null && steps.length < DEEPEST && !seen.has(value)) {
    seen.add(value);
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
    for (const [step, item] of entries) yield* texts(item, [...steps, step], seen);
  }
}

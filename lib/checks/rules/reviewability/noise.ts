import { everyValue, pathOf, type Steps } from '../../manifests/every-value';
import type { Manifest } from '../../manifests/manifests';
import { listed } from '../../manifests/words';
import type { Rule } from '../../rule';

/**
 * REV-3: a field that says nothing is read all the same, and some tools see a difference in it.
 *
 * Only of Kubernetes' own kinds: what an empty object means in a custom resource, nobody knows but its controller.
 */
export const noNoise: Rule = {
  id: 'REV-3',
  severity: 'warning',
  title: 'no field is null, or empty where that says nothing',
  runs: ['synth', 'check'],
  source: 'cdk8s-plus emits externalIPs: []; https://argo-cd.readthedocs.io/en/stable/user-guide/diffing/',
  *find(manifests) {
    for (const manifest of manifests) {
      const places = isKubernetes(manifest) ? empty(manifest) : [];
      const [field] = places;
      if (field === undefined) continue;
      yield {
        manifest,
        field,
        message: `${listed(places)} ${places.length === 1 ? 'says' : 'say'} nothing`,
        fix: 'leave out what is empty',
      };
    }
  },
};

function isKubernetes({ group, kind }: Manifest): boolean {
  return (!group.includes('.') || group.endsWith('.k8s.io')) && kind !== 'CustomResourceDefinition' && kind !== '';
}

function empty({ object }: Manifest): string[] {
  const places: string[] = [];
  everyValue(object, (value, steps) => {
    const key = steps.at(-1);
    if (typeof key !== 'string') return true;
    const nothing =
      value === null
        ? key !== 'creationTimestamp' // GIT-6
        : Array.isArray(value)
          ? value.length === 0 && !isMeant(key, steps)
          : typeof value === 'object' && Object.keys(value).length === 0 && NOTHING.has(key);
    if (nothing) places.push(pathOf(steps));
    return !(steps.length === 1 && (key === 'data' || key === 'status')); // the user's, and GIT-6's
  });
  return places;
}

/** Lists that say something by being empty: a policy that lets nobody in, a role that is filled by others. */
const LISTS = new Set(['ingress', 'egress', 'rules', 'subjects', 'endpoints', 'subsets', 'webhooks', 'matchConditions']);

function isMeant(key: string, steps: Steps): boolean {
  return LISTS.has(key) && steps.length <= 2;
}

/** Objects that are as good as absent. Most others are not: `emptyDir: {}`, `podSelector: {}`. */
const NOTHING = new Set([
  ...['labels', 'annotations', 'nodeSelector', 'affinity', 'nodeAffinity', 'podAffinity', 'podAntiAffinity'],
  ...['securityContext', 'resources', 'limits', 'requests', 'strategy', 'updateStrategy', 'lifecycle', 'overhead', 'dnsConfig'],
]);

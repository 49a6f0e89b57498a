import { allOf } from '../compare/kinds';
import { type Comparison, touches } from '../compare/pairs';
import { selecting, type Workload } from '../compare/workload';
import { type Fields, fields } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { selects } from '../manifests/selector';
import { listed } from '../manifests/words';
import { type Note, note } from './note';
import { type Allowed, type Direction, directionsOf, rulesOf, selectorWords } from './policy-words';

/**
 * What NetworkPolicies let through that they did not before, and the other way round: by the words of their rules, whichever policy
 * they stand in. A policy that moves a rule to another policy of the same pods changes nothing.
 *
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export function policyNotes(comparison: Comparison): Note[] {
  if (!touches(comparison, 'NetworkPolicy')) return [];
  const { before, after } = comparison;
  const [old, next] = [groupsOf(before), groupsOf(after)];
  return [...new Set([...next.keys(), ...old.keys()])].flatMap((key) => {
    const [was, is] = [old.get(key), next.get(key)];
    if (was && is) return changes(was, is, after);
    return is ? restricted(is, before, after) : freed(was as Group, before, after);
  });
}

/** All rules for the same pods in one direction. */
interface Group {
  readonly namespace: string;
  readonly selector: Fields;
  readonly direction: Direction;
  /** Titles of the policies that make it up. */
  readonly policies: string[];
  /** What is let through: a sentence's end by what stands for it. */
  readonly allowed: Map<string, Allowed>;
}

function groupsOf(all: Manifests): Map<string, Group> {
  const found = new Map<string, Group>();
  for (const policy of allOf(all, 'networking', 'NetworkPolicy')) {
    const selector = fields(policy.object, 'spec', 'podSelector');
    for (const direction of directionsOf(policy)) {
      const key = `${policy.namespace}\n${selectorWords(selector)}\n${direction}`;
      const group = found.get(key) ?? {
        namespace: policy.namespace,
        selector,
        direction,
        policies: [],
        allowed: new Map<string, Allowed>(),
      };
      group.policies.push(policy.title);
      for (const rule of rulesOf(policy, direction)) group.allowed.set(`${rule.peer} ${rule.port}`, rule);
      found.set(key, group);
    }
  }
  return found;
}

function changes(was: Group, is: Group, after: Manifests): Note[] {
  const opened = [...is.allowed].filter(([key]) => !was.allowed.has(key)).map(([, rule]) => rule);
  const closed = [...was.allowed].filter(([key]) => !is.allowed.has(key)).map(([, rule]) => rule);
  const risk = podsOf(is, after).length > 0 ? 'risky' : 'safe';
  return [
    ...byPeer(opened).map(([peer, ports]) => policyNote('risky', is, sentence(is, peer, ports, 'from now on'))),
    ...byPeer(closed).map(([peer, ports]) => policyNote(risk, is, sentence(is, peer, ports, 'no longer'))),
  ];
}

/** New rules for pods that nothing restricted in that direction: what they do not allow ends. */
function restricted(group: Group, before: Manifests, after: Manifests): Note[] {
  const running = podsOf(group, before).filter((workload) => !isRestricted(workload, group.direction, before));
  if (podsOf(group, after).length > 0 && running.length === 0) return [];
  const only = byPeer([...group.allowed.values()]).map(([peer, ports]) => `${ports} ${preposition(group)} ${peer}`);
  const what = group.direction === 'Ingress' ? 'accept' : 'may connect to';
  const message =
    only.length > 0 ? `${podWords(group)} ${what} from now on only ${listed(only, 5)}` : `${podWords(group)} ${what} nothing any more`;
  return [policyNote(running.length > 0 ? 'risky' : 'safe', group, message)];
}

/** Rules that are gone with all that restricted their pods. */
function freed(group: Group, before: Manifests, after: Manifests): Note[] {
  const pods = podsOf(group, after);
  const free = pods.filter((workload) => !isRestricted(workload, group.direction, after));
  const unknown = pods.length === 0 && podsOf(group, before).length === 0;
  if (free.length === 0 && !unknown) return [];
  const what = group.direction === 'Ingress' ? 'accept connections from anyone' : 'may connect to anything';
  const who = free.length > 0 ? listed(free.map(({ title }) => title)) : podWords(group);
  return [policyNote('risky', group, `${who} ${what}: no policy restricts that any more`)];
}

function policyNote(risk: Note['risk'], { policies, direction }: Group, message: string): Note {
  return note(risk, listed(policies), message, { field: direction === 'Ingress' ? 'spec.ingress' : 'spec.egress' });
}

function sentence(group: Group, peer: string, ports: string, when: 'from now on' | 'no longer'): string {
  const verb = group.direction === 'Ingress' ? 'accept' : 'may connect to';
  const what = `${ports} ${preposition(group)} ${peer}`;
  return when === 'no longer'
    ? `${podWords(group)} no longer ${verb.replace('may connect', 'connect')} ${what}`
    : `${podWords(group)} ${verb} ${what} from now on`;
}

function preposition({ direction }: Group): string {
  return direction === 'Ingress' ? 'from' : 'of';
}

function podWords({ selector, namespace }: Group): string {
  const words = selectorWords(selector);
  return words ? `pods of ${namespace} with ${words}` : `all pods of ${namespace}`;
}

/** One sentence for each peer, with its ports. */
function byPeer(rules: readonly Allowed[]): [string, string][] {
  const found = new Map<string, string[]>();
  for (const { peer, port } of rules) found.set(peer, [...(found.get(peer) ?? []), port]);
  return [...found].map(([peer, ports]) => [peer, listed(ports)]);
}

function podsOf({ namespace, selector }: Group, all: Manifests): Workload[] {
  const takes = selecting(selector);
  return all.withPods.filter((workload) => workload.namespace === namespace && takes(workload.pod.labels));
}

function isRestricted({ namespace, pod }: Workload, direction: Direction, all: Manifests): boolean {
  const applies = (policy: Manifest) => policy.namespace === namespace && directionsOf(policy).includes(direction);
  return allOf(all, 'networking', 'NetworkPolicy').some(
    (policy) => applies(policy) && selects(fields(policy.object, 'spec', 'podSelector'), pod.labels),
  );
}

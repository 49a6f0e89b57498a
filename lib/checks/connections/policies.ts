import { at, type Fields, fields, isFields, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { type Block, blockOf, mayHavePods } from './addresses';
import { Ports, protocolOf } from './ports';
import { Selection } from './selection';

export const DIRECTIONS = ['ingress', 'egress'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Whom a rule is about: everyone, some pods, or some addresses. */
export type Peer =
  | { readonly kind: 'anything' }
  | { readonly kind: 'pods'; readonly selection: Selection }
  | { readonly kind: 'addresses'; readonly block: Block; readonly except: readonly Block[] };

/** With any of these peers, on these ports. */
export interface PolicyRule {
  readonly peers: readonly Peer[];
  readonly ports: Ports;
}

/**
 * A NetworkPolicy. A direction without rules is one that it says nothing about; with an empty list it allows nothing.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export interface Policy {
  /** Of this one among all of its tree. */
  readonly id: number;
  readonly appliesTo: Selection;
  readonly ingress: readonly PolicyRule[] | undefined;
  readonly egress: readonly PolicyRule[] | undefined;
}

export function policiesOf(manifests: Manifests): Policy[] {
  return manifests
    .ofKind('NetworkPolicy')
    .filter(isStandard)
    .map((manifest, id) => policy(manifest, id));
}

/** What else says who may talk to whom, and is not understood here: the policies of Cilium, Calico, Istio, of administrators. */
export function otherPolicies(manifests: Manifests): Manifest[] {
  return manifests.all.filter(
    (manifest) => (manifest.kind.endsWith('NetworkPolicy') && !isStandard(manifest)) || manifest.kind === 'AuthorizationPolicy',
  );
}

function isStandard({ kind, group }: Manifest): boolean {
  return kind === 'NetworkPolicy' && group === 'networking.k8s.io';
}

function policy({ object, namespace }: Manifest, id: number): Policy {
  const spec = fields(object, 'spec');
  const given = list(spec, 'policyTypes');
  // as the API server fills it in: always Ingress, and Egress where there are rules for it
  const types = given.length > 0 ? given : ['Ingress', ...(list(spec, 'egress').length > 0 ? ['Egress'] : [])];
  const rules = (direction: Direction, peers: string) => list(spec, direction).map((entry) => rule(fields(entry), peers, namespace));
  return {
    id,
    appliesTo: Selection.within(namespace, fields(spec, 'podSelector')),
    ingress: types.includes('Ingress') ? rules('ingress', 'from') : undefined,
    egress: types.includes('Egress') ? rules('egress', 'to') : undefined,
  };
}

/** An empty list of peers or ports means all of them. */
function rule(entry: Fields, field: string, namespace: string): PolicyRule {
  const [peers, ports] = [list(entry, field), list(entry, 'ports')];
  return {
    peers: peers.length === 0 ? [{ kind: 'anything' }] : peers.flatMap((peer) => peersOf(fields([peer], 0), namespace)),
    ports: ports.length === 0 ? Ports.ALL : Ports.union(ports.map(portsOf)),
  };
}

function peersOf(peer: Fields, namespace: string): Peer[] {
  if (isFields(peer.ipBlock)) return addresses(peer.ipBlock);
  if (!isFields(peer.podSelector) && !isFields(peer.namespaceSelector)) return []; // the API server refuses it
  return Selection.ofPeer(peer, namespace).map((selection) => ({ kind: 'pods', selection }));
}

/**
 * All addresses there are include those of pods, as in Kubernetes' own tests of network plugins (Cilium differs), unless an
 * exception touches the ranges from which pods get theirs. Of smaller blocks nobody knows here whether pods are in them.
 */
function addresses(ipBlock: Fields): Peer[] {
  const block = blockOf(ipBlock.cidr);
  if (!block) return [];
  const except = list(ipBlock, 'except').flatMap((cidr) => blockOf(cidr) ?? []);
  const pods: Peer[] = block.prefix === 0 && !except.some(mayHavePods) ? [{ kind: 'pods', selection: Selection.EVERY_POD }] : [];
  return [{ kind: 'addresses', block, except }, ...pods];
}

function portsOf(entry: unknown): Ports {
  const protocol = protocolOf(at(entry, 'protocol'));
  if (!protocol) return Ports.NONE;
  const [port, name, end] = [at(entry, 'port'), text(entry, 'port'), at(entry, 'endPort')];
  if (port === undefined || port === null) return Ports.range(protocol);
  if (name !== undefined) return Ports.named(protocol, name);
  return typeof port === 'number' ? Ports.range(protocol, port, typeof end === 'number' ? end : port) : Ports.NONE;
}

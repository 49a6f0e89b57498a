import type * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';
import type { Peer, PeerSelector } from '../platform';

/** Ports of one rule, TCP unless said otherwise. */
export function policyPorts(ports: number[], protocol: 'TCP' | 'UDP' = 'TCP'): k8s.NetworkPolicyPort[] {
  return ports.map((port) => ({ port: k8s.IntOrString.fromNumber(port), protocol }));
}

/** Pods with these labels in the policy's own namespace. */
export function podPeer(labels: Record<string, string>): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: labels } };
}

/** A peer as NetworkPolicies write it: one entry a namespace. */
export function policyPeers(peer: Peer): k8s.NetworkPolicyPeer[] {
  return isConstructPeer(peer) ? constructPeers(peer) : [selectorPeer(peer)];
}

/** Whether a peer is one of cdk8s-plus: by its method, since two copies of that package may be installed. */
export function isConstructPeer(peer: Peer): peer is kplus.INetworkPolicyPeer {
  return typeof (peer as kplus.INetworkPolicyPeer).toNetworkPolicyPeerConfig === 'function';
}

function selectorPeer(peer: PeerSelector): k8s.NetworkPolicyPeer {
  if (peer.cidr !== undefined) return { ipBlock: { cidr: peer.cidr } };
  const namespaceLabels = peer.namespace === undefined ? peer.namespaceLabels : namespaceNamed(peer.namespace);
  return {
    ...(namespaceLabels && { namespaceSelector: { matchLabels: namespaceLabels } }),
    ...(peer.podLabels && { podSelector: { matchLabels: peer.podLabels } }),
  };
}

function constructPeers(peer: kplus.INetworkPolicyPeer): k8s.NetworkPolicyPeer[] {
  const { ipBlock, podSelector } = peer.toNetworkPolicyPeerConfig();
  if (ipBlock) return [{ ipBlock: ipBlock._toKube() }];
  if (!podSelector) return [];
  const pods = podSelector.labelSelector._toKube();
  const { names, labelSelector } = podSelector.namespaces ?? {};
  const namespaceSelector = labelSelector?._toKube();
  if (!names || names.length === 0) return [{ podSelector: pods, ...(namespaceSelector && { namespaceSelector }) }];
  return names.map((name) => ({
    podSelector: pods,
    namespaceSelector: { ...namespaceSelector, matchLabels: { ...namespaceSelector?.matchLabels, ...namespaceNamed(name) } },
  }));
}

/** The label that Kubernetes itself puts on every namespace. */
function namespaceNamed(name: string): Record<string, string> {
  return { 'kubernetes.io/metadata.name': name };
}

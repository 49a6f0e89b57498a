import type * as kplus from 'cdk8s-plus-27';

/** Pods or addresses, where no construct stands for them. Give `podLabels`, `namespace`/`namespaceLabels`, or `cidr` alone. */
export interface PeerSelector {
  /** Labels of the pods, at least one. @default - every pod of the namespaces */
  readonly podLabels?: Record<string, string>;
  /** The one namespace they are in, by name. @default - the namespace of what they connect to */
  readonly namespace?: string;
  /** Labels of the namespaces they are in, at least one; instead of `namespace`. @default - the namespace of what they connect to */
  readonly namespaceLabels?: Record<string, string>;
  /** Addresses outside the cluster, e.g. `10.20.0.0/16`. @default - none */
  readonly cidr?: string;
}

/** Who may connect: a kplus workload, `kplus.Pods`, `kplus.Namespaces`, `kplus.NetworkPolicyIpBlock`, or a plain selector. */
export type Peer = kplus.INetworkPolicyPeer | PeerSelector;

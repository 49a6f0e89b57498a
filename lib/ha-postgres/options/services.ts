/** A Service that clients use. */
export interface ServiceOptions {
  /** @default 'ClusterIP' */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** E.g. what a cloud's load balancer wants to know. @default - none */
  readonly annotations?: Record<string, string>;
  /** Who may use the load balancer, as CIDRs. @default - everybody in reach; synth warns */
  readonly loadBalancerSourceRanges?: string[];
  /** @default - the cluster's own */
  readonly loadBalancerClass?: string;
  /** Port on every node, 30000 to 32767. @default - Kubernetes chooses */
  readonly nodePort?: number;
  /** `Local` keeps the client's address, and reaches only pods on the node itself. @default 'Cluster' */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** The Services that clients use. */
export interface ServicesOptions {
  /** Of the leader. @default - of type ClusterIP */
  readonly primary?: ServiceOptions;
  /** Of the replicas. @default - of type ClusterIP */
  readonly replica?: ServiceOptions;
  /** @default - the cluster's own */
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  /** @default - the cluster's own */
  readonly ipFamilies?: ('IPv4' | 'IPv6')[];
  /** Through a Gateway, as an alternative to a load balancer. @default - none */
  readonly route?: GatewayRouteOptions;
}

/** A route of the Gateway API to the leader. */
export interface GatewayRouteOptions {
  /** Name of the Gateway. */
  readonly gateway: string;
  /** @default - the namespace of the database */
  readonly gatewayNamespace?: string;
  /** Listener of the Gateway. @default - any that fits */
  readonly sectionName?: string;
  /** Names by which TLS clients ask for it: makes a TLSRoute instead of a TCPRoute; needs direct TLS negotiation (PostgreSQL 17). @default - a TCPRoute */
  readonly hostnames?: string[];
}

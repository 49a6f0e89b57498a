/** A Service that clients use. */
export interface ServiceOptions {
  /** @default 'ClusterIP' */
  readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
  /** E.g. what a cloud's load balancer wants to know. @default - none */
  readonly annotations?: Record<string, string>;
  /** Who may use the load balancer, as CIDRs; the NetworkPolicy lets them in too. @default - everybody in reach; synth warns */
  readonly loadBalancerSourceRanges?: string[];
  /** @default - the cluster's own */
  readonly loadBalancerClass?: string;
  /** Port on every node, 30000 to 32767. @default - Kubernetes chooses */
  readonly nodePort?: number;
  /**
   * `Local` keeps the client's address, and reaches only pods on the node itself: after a failover a load balancer has to notice by its
   * own health checks that the leader's node is another. With `Cluster` the members see the nodes' addresses.
   *
   * @default 'Cluster'
   */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
}

/** The Services that clients use. */
export interface ServicesOptions {
  /** Of the leader. @default - of type ClusterIP */
  readonly primary?: ServiceOptions;
  /** Of the replicas. @default - of type ClusterIP */
  readonly replica?: ServiceOptions;
  /** Of the Services that lead to members. Two families need `dcs: 'configMaps'`: in `endpoints` mode Patroni writes one address. @default - the cluster's own */
  readonly ipFamilyPolicy?: 'SingleStack' | 'PreferDualStack' | 'RequireDualStack';
  /** The first is also the one by which members know each other, and can never change. @default - the cluster's own */
  readonly ipFamilies?: ('IPv4' | 'IPv6')[];
  /** Through a Gateway, as an alternative to a load balancer. @default - none */
  readonly route?: GatewayRouteOptions;
}

/** A route of the Gateway API (1.5 or later, `gateway.networking.k8s.io/v1`) to the leader. Let the Gateway's own pods in with `allowFrom`. */
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

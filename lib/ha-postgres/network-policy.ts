import type { k8s } from 'cdk8s-plus-27';
import { isConstructPeer, podPeer, policyPeers, policyPorts } from '../internal/network-policy';
import type { Peer } from '../platform';
import { PGBACKREST_PORT, storeEgress } from './backups';
import { EXPORTER_PORT } from './monitoring';
import { type HaPostgresPlan, PORTS } from './plan';
import { sourcePorts } from './recovery';
import { loadBalancerClients } from './services';

/**
 * Who talks to the members, and to whom they talk. The kubelet's probes come from the pod's own node, which Kubernetes
 * always lets through.
 */
export function networkPolicy(plan: HaPostgresPlan, clients: readonly Peer[]): k8s.KubeNetworkPolicyProps {
  const members = [podPeer(plan.selector('database'))];
  const { primary, replica } = plan.props.services ?? {};
  const from = [...clients, ...loadBalancerClients(primary, replica)].flatMap(policyPeers);
  return {
    metadata: plan.metadata(plan.names.cluster, 'database'),
    spec: {
      podSelector: { matchLabels: plan.selector('database') },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: members, ports: policyPorts([PORTS.postgresql, PORTS.restApi]) }, // replication; Patroni's failsafe and switchover
        ...(plan.backups ? [{ from: [podPeer(plan.selector('backup'))], ports: policyPorts([PGBACKREST_PORT]) }] : []),
        ...(from.length > 0 ? [{ from, ports: policyPorts([PORTS.postgresql]) }] : []),
        ...scrapers(plan),
        ...(plan.pooler ? [{ from: [podPeer(plan.selector('pooler'))], ports: policyPorts([PORTS.postgresql]) }] : []),
      ],
      egress: [
        { to: members, ports: policyPorts([PORTS.postgresql, PORTS.restApi]) },
        apiServer(plan),
        ...storeEgress(plan, [...(plan.backups?.storePorts ?? []), ...(sourcePorts(plan) ?? [])]),
        ...(plan.standby?.host ? [{ ports: policyPorts([plan.standby.port]) }] : []), // the leader it follows, wherever that is
        ...upgradeSource(plan),
        { ports: [...policyPorts([53], 'UDP'), ...policyPorts([53])] }, // DNS, which may listen on a node's own address
      ],
    },
  };
}

/** Metrics only; but a policy knows ports and no paths, and Patroni's port does more: see the warning RestApiScraped. */
function scrapers({ monitoring }: HaPostgresPlan): k8s.NetworkPolicyIngressRule[] {
  if (!monitoring) return [];
  const from = policyPeers(monitoring.scrapedBy);
  return from.length > 0 ? [{ from, ports: policyPorts([PORTS.restApi, ...(monitoring.exporter ? [EXPORTER_PORT] : [])]) }] : [];
}

/** A policy sees the address behind the Service `kubernetes`, which no selector can name. */
function apiServer(plan: HaPostgresPlan): k8s.NetworkPolicyEgressRule {
  const { apiServerCidrs, apiServerPorts = [443, 6443] } = plan.props.networkPolicy ?? {};
  return {
    ...(apiServerCidrs && { to: apiServerCidrs.map((cidr) => ({ ipBlock: { cidr } })) }),
    ports: policyPorts(apiServerPorts),
  };
}

/** By its pods where it is of this library; a host name elsewhere is nothing that a policy knows. */
function upgradeSource({ upgrade }: HaPostgresPlan): k8s.NetworkPolicyEgressRule[] {
  if (!upgrade) return [];
  const { source } = upgrade;
  const peer = source as Partial<Peer> as Peer;
  return [{ ...(isConstructPeer(peer) && { to: policyPeers(peer) }), ports: policyPorts([source.primary.port]) }];
}

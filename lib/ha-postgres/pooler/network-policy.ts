import type { k8s } from 'cdk8s-plus-27';
import { podPeer, policyPeers, policyPorts } from '../../internal/network-policy';
import type { Peer } from '../../platform';
import { type HaPostgresPlan, PORTS } from '../plan';
import { loadBalancerClients } from '../services';
import { POOLER_PORT } from './plan';

/** Who talks to the pooler, and that it talks to nobody but the members and DNS. */
export function poolerNetworkPolicy(plan: HaPostgresPlan, clients: readonly Peer[]): k8s.KubeNetworkPolicyProps {
  const from = [...clients, ...loadBalancerClients(plan.props.pooler?.service)].flatMap(policyPeers);
  return {
    metadata: plan.metadata(plan.names.pooler, 'pooler'),
    spec: {
      podSelector: { matchLabels: plan.selector('pooler') },
      policyTypes: ['Ingress', 'Egress'],
      ingress: from.length > 0 ? [{ from, ports: policyPorts([POOLER_PORT]) }] : [],
      egress: [
        { to: [podPeer(plan.selector('database'))], ports: policyPorts([PORTS.postgresql]) },
        { ports: [...policyPorts([53], 'UDP'), ...policyPorts([53])] }, // DNS, which may listen on a node's own address
      ],
    },
  };
}

import type { k8s } from 'cdk8s-plus-27';
import { podPeer, policyPorts } from '../../internal/network-policy';
import type { HaPostgresPlan } from '../plan';
import { type BackupsPlan, PGBACKREST_PORT } from './plan';

/** The Jobs reach the members, the store and DNS; nobody reaches them. */
export function jobsPolicy(plan: HaPostgresPlan, backups: BackupsPlan): k8s.KubeNetworkPolicyProps {
  return {
    metadata: plan.metadata(plan.names.backups.config, 'backup'),
    spec: {
      podSelector: { matchLabels: plan.selector('backup') },
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [podPeer(plan.selector('database'))], ports: policyPorts([PGBACKREST_PORT]) },
        ...storeEgress(plan, backups.storePorts ?? []),
        { ports: [...policyPorts([53], 'UDP'), ...policyPorts([53])] },
      ],
    },
  };
}

/** To the store, by port: its addresses are seldom known. */
export function storeEgress(plan: HaPostgresPlan, ports: number[]): k8s.NetworkPolicyEgressRule[] {
  const { storeCidrs } = plan.props.networkPolicy ?? {};
  if (ports.length === 0) return []; // no rule: one without ports would open all
  return [{ ...(storeCidrs && { to: storeCidrs.map((cidr) => ({ ipBlock: { cidr } })) }), ports: policyPorts([...new Set(ports)]) }];
}

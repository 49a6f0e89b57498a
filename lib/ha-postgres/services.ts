import { k8s } from 'cdk8s-plus-27';
import { POSTGRESQL_PORT_NAME } from './patroni';
import { type HaPostgresPlan, PORTS } from './plan';

/** Old members of a cluster that is taken over do not name the port of their container. */
function postgresql(plan: HaPostgresPlan, byNumber = plan.props.adopt !== undefined): k8s.ServicePort {
  return {
    name: plan.portName,
    port: PORTS.postgresql,
    protocol: 'TCP',
    targetPort: byNumber ? k8s.IntOrString.fromNumber(PORTS.postgresql) : k8s.IntOrString.fromString(POSTGRESQL_PORT_NAME),
  };
}

/**
 * Where clients write.
 *
 * In Endpoints mode it has no selector: Patroni itself writes the leader's address, in the same request as the leader lock.
 * A selector would make Kubernetes write there too, and take Patroni's labels away with it.
 */
export function primaryService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  const { roleLabel, leaderLabelValue } = plan.patroni;
  return {
    metadata: plan.metadata(plan.names.cluster, 'database'),
    spec: {
      type: 'ClusterIP',
      ports: [plan.dcs === 'endpoints' ? postgresql(plan, true) : postgresql(plan)],
      ...(plan.dcs === 'configMaps' && { selector: { ...plan.selector('database'), [roleLabel]: leaderLabelValue } }),
    },
  };
}

/** Where clients read what may be a little old: every replica that streams and is not far behind. */
export function replicaService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  const { roleLabel, followerLabelValue } = plan.patroni;
  return {
    metadata: plan.metadata(plan.names.replica, 'database'),
    spec: {
      type: 'ClusterIP',
      ports: [postgresql(plan)],
      selector: { ...plan.selector('database'), [roleLabel]: followerLabelValue },
    },
  };
}

/** A stable DNS name for each member, ready or not: members find each other while none is ready. */
export function podsService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  return {
    metadata: plan.metadata(plan.names.pods, 'database'),
    spec: {
      type: 'ClusterIP',
      clusterIp: 'None',
      publishNotReadyAddresses: true,
      ports: [postgresql(plan)],
      selector: plan.selector('database'),
    },
  };
}

/**
 * Keeps one of Patroni's Endpoints alive: a new leader of the controller manager deletes every Endpoints object that no
 * Service has the name of, and with it Patroni's configuration or the name of the synchronous standby.
 */
export function guardService(plan: HaPostgresPlan, name: string): k8s.KubeServiceProps {
  return {
    metadata: plan.metadata(name, 'database'),
    spec: { type: 'ClusterIP', clusterIp: 'None' },
  };
}

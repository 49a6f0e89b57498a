import { k8s } from 'cdk8s-plus-27';
import type { Peer } from '../platform';
import type { ServiceOptions } from './options';
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

/** A Service that clients use. */
export interface ClientService {
  readonly metadata: k8s.ObjectMeta;
  readonly port: k8s.ServicePort;
  /** @default - none: someone else writes the addresses */
  readonly selector?: Record<string, string>;
  /** What the user says of it. */
  readonly options?: ServiceOptions;
}

/** It, with what the user says of it written as Kubernetes wants it: nothing where nothing is said, so that Kubernetes may fill it in. */
export function clientService(plan: HaPostgresPlan, { metadata, port, selector, options = {} }: ClientService): k8s.KubeServiceProps {
  const annotated = options.annotations ?? metadata.annotations;
  const { nodePort, externalTrafficPolicy, loadBalancerClass, loadBalancerSourceRanges } = options;
  return {
    metadata: { ...metadata, ...(annotated && { annotations: { ...options.annotations, ...metadata.annotations } }) },
    spec: {
      type: options.type ?? 'ClusterIP',
      ports: [{ ...port, ...(nodePort !== undefined && { nodePort }) }],
      ...(selector && { selector }),
      ...(externalTrafficPolicy && { externalTrafficPolicy }),
      ...(loadBalancerClass && { loadBalancerClass }),
      ...(loadBalancerSourceRanges && { loadBalancerSourceRanges }),
      ...addressFamilies(plan),
    },
  };
}

/** Whom a load balancer lets in, for policies to let in: `externalTrafficPolicy: Local` and most load balancers of clouds keep their addresses. */
export function loadBalancerClients(...services: (ServiceOptions | undefined)[]): Peer[] {
  const ranges = services.flatMap((service) => service?.loadBalancerSourceRanges ?? []);
  return [...new Set(ranges)].map((cidr) => ({ cidr }));
}

/** Of every Service that leads to the members. */
function addressFamilies({ props }: HaPostgresPlan): Pick<k8s.ServiceSpec, 'ipFamilyPolicy' | 'ipFamilies'> {
  const { ipFamilyPolicy, ipFamilies } = props.services ?? {};
  return { ...(ipFamilyPolicy && { ipFamilyPolicy }), ...(ipFamilies && { ipFamilies }) };
}

/**
 * Where clients write.
 *
 * In Endpoints mode it has no selector: Patroni itself writes the leader's address, in the same request as the leader lock.
 * A selector would make Kubernetes write there too, and take Patroni's labels away with it.
 */
export function primaryService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  const { roleLabel, leaderLabelValue } = plan.patroni;
  const byPatroni = plan.dcs === 'endpoints';
  return clientService(plan, {
    metadata: plan.kept(plan.names.cluster, 'database'),
    port: byPatroni ? postgresql(plan, true) : postgresql(plan),
    selector: byPatroni ? undefined : { ...plan.selector('database'), [roleLabel]: leaderLabelValue },
    options: plan.props.services?.primary,
  });
}

/** Where clients read what may be a little old: every replica that streams and is not far behind. */
export function replicaService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  const { roleLabel, followerLabelValue } = plan.patroni;
  return clientService(plan, {
    metadata: plan.kept(plan.names.replica, 'database'),
    port: postgresql(plan),
    selector: { ...plan.selector('database'), [roleLabel]: followerLabelValue },
    options: plan.props.services?.replica,
  });
}

/** A stable DNS name for each member, ready or not: members find each other while none is ready. */
export function podsService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  return {
    metadata: plan.kept(plan.names.pods, 'database'),
    spec: {
      type: 'ClusterIP',
      clusterIp: 'None',
      publishNotReadyAddresses: true,
      ports: [postgresql(plan)],
      selector: plan.selector('database'),
      ...addressFamilies(plan),
    },
  };
}

/**
 * Keeps one of Patroni's Endpoints alive: a new leader of the controller manager deletes every Endpoints object that no
 * Service has the name of, and with it Patroni's configuration or the name of the synchronous standby. Nothing ever connects
 * to it, so it says nothing of address families.
 */
export function guardService(plan: HaPostgresPlan, name: string): k8s.KubeServiceProps {
  return {
    metadata: plan.kept(name, 'database'),
    spec: { type: 'ClusterIP', clusterIp: 'None' },
  };
}

import type { TcpRouteProps, TlsRouteProps } from '../../imports/gateway.networking.k8s.io';
import type { GatewayRouteOptions } from './options';
import { type HaPostgresPlan, PORTS } from './plan';

/** Through a Gateway to the leader, by port. */
export function tcpRoute(plan: HaPostgresPlan): TcpRouteProps | undefined {
  const { route } = plan.props.services ?? {};
  if (!route || route.hostnames) return undefined;
  return { metadata: plan.metadata(plan.names.cluster, 'database'), spec: { parentRefs: [gateway(route)], rules: [toLeader(plan)] } };
}

/** The same, by the name that a TLS client asks for: several databases share one port of the Gateway. */
export function tlsRoute(plan: HaPostgresPlan): TlsRouteProps | undefined {
  const { route } = plan.props.services ?? {};
  if (!route?.hostnames) return undefined;
  return {
    metadata: plan.metadata(plan.names.cluster, 'database'),
    spec: { parentRefs: [gateway(route)], hostnames: route.hostnames, rules: [toLeader(plan)] },
  };
}

/** With what the API server would fill in, so that no tool ever sees a difference. */
function gateway({ gateway, gatewayNamespace, sectionName }: GatewayRouteOptions) {
  return {
    group: 'gateway.networking.k8s.io',
    kind: 'Gateway',
    name: gateway,
    ...(gatewayNamespace && { namespace: gatewayNamespace }),
    ...(sectionName && { sectionName }),
  };
}

function toLeader(plan: HaPostgresPlan) {
  return { backendRefs: [{ group: '', kind: 'Service', name: plan.names.cluster, port: PORTS.postgresql, weight: 1 }] };
}

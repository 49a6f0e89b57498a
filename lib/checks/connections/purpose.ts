import type { Connection } from './ends';
import { Ports } from './ports';

const DNS = Ports.range('TCP', 53).or(Ports.range('UDP', 53));
const BESIDE_DNS = [Ports.range('TCP', 52), Ports.range('TCP', 54), Ports.range('UDP', 52), Ports.range('UDP', 54)];
const API_SERVER = Ports.range('TCP', 6443);
const ITS_SERVICE = Ports.range('TCP', 443);
const BESIDE_API_SERVER = [442, 444, 6442, 6444].map((port) => Ports.range('TCP', port));

/** What some ports of a connection are for, as far as one can tell from their numbers. It allows no less than it says. */
export interface Purpose {
  readonly dns: Ports;
  readonly apiServer: Ports;
}

/**
 * DNS: port 53 of anything that is no workload here. The API server: 6443 of anything, and 443 with it, since its Service has
 * that; 443 alone is any web server. A port within a range stands for nothing.
 */
export function purposeOf({ to, ports }: Connection): Purpose {
  const isForDns = to.workload === undefined && !coversAny(ports, BESIDE_DNS);
  const isForApiServer = to.kind === 'anything' && ports.covers(API_SERVER) && !coversAny(ports, BESIDE_API_SERVER);
  return {
    dns: isForDns ? ports.and(DNS) : Ports.NONE,
    apiServer: isForApiServer ? ports.and(API_SERVER.or(ITS_SERVICE)) : Ports.NONE,
  };
}

/** `Deployment shop/web → StatefulSet shop/orders: TCP 5432`; with `(DNS)` or `(API server)` behind ports that are for that. */
export function connectionText(connection: Connection): string {
  const { from, to, ports } = connection;
  const { dns, apiServer } = purposeOf(connection);
  const purposes = [...(dns.isEmpty ? [] : ['DNS']), ...(apiServer.isEmpty ? [] : ['API server'])];
  return `${from.title} → ${to.title}: ${ports}${purposes.length > 0 ? ` (${purposes.join(', ')})` : ''}`;
}

function coversAny(ports: Ports, others: readonly Ports[]): boolean {
  return others.some((other) => ports.covers(other));
}

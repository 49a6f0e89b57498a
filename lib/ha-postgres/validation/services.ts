import type { IConstruct } from 'constructs';
import { isCidr, isDnsName } from '../../internal/names';
import { oneOf, refuser } from '../../internal/refuse';
import { type PeerSelector, warn } from '../../platform';
import type { ServiceOptions } from '../options';
import type { HaPostgresPlan } from '../plan';
import type { HaPostgresProps } from '../props';

/** Every Service that the user has a say in, by its prop. */
function clientServices({ services, pooler }: HaPostgresProps): [prop: string, options: ServiceOptions][] {
  const all = { 'services.primary': services?.primary, 'services.replica': services?.replica, 'pooler.service': pooler?.service };
  return Object.entries(all).flatMap(([prop, options]): [string, ServiceOptions][] => (options ? [[prop, options]] : []));
}

export function services(scope: IConstruct, props: HaPostgresProps): void {
  const refuse = refuser(scope);
  const ports = new Map<number, string>();
  for (const [prop, options] of clientServices(props)) {
    clientService(scope, prop, options);
    const { nodePort } = options;
    if (nodePort === undefined) continue;
    const twin = ports.get(nodePort);
    if (twin) refuse('NodePortTwice', `${prop}.nodePort`, nodePort, `a port of its own: ${twin} has that one on every node`);
    ports.set(nodePort, prop);
  }
  addressFamilies(scope, props);
  reachable(scope, props);
}

function clientService(scope: IConstruct, prop: string, options: ServiceOptions): void {
  const refuse = refuser(scope);
  const { type = 'ClusterIP', nodePort, externalTrafficPolicy, loadBalancerSourceRanges, loadBalancerClass } = options;
  oneOf(refuse, `${prop}.type`, type, ['ClusterIP', 'NodePort', 'LoadBalancer']);
  oneOf(refuse, `${prop}.externalTrafficPolicy`, externalTrafficPolicy, ['Cluster', 'Local']);
  if (nodePort !== undefined && (!Number.isInteger(nodePort) || nodePort < 30000 || nodePort > 32767))
    refuse('NodePortInvalid', `${prop}.nodePort`, nodePort, 'from 30000 to 32767, the range of Kubernetes');
  const [inside] = Object.entries({ nodePort, externalTrafficPolicy }).filter(([, value]) => value !== undefined);
  if (type === 'ClusterIP' && inside)
    refuse('ServiceTypeMissing', `${prop}.${inside[0]}`, inside[1], `left out, or ${prop}.type 'NodePort' or 'LoadBalancer'`);
  const [balanced] = Object.entries({ loadBalancerSourceRanges, loadBalancerClass }).filter(([, value]) => value !== undefined);
  if (type !== 'LoadBalancer' && balanced)
    refuse('LoadBalancerMissing', `${prop}.${balanced[0]}`, balanced[1], `left out, or ${prop}.type 'LoadBalancer'`);
  for (const cidr of loadBalancerSourceRanges ?? []) {
    if (!isCidr(cidr)) refuse('CidrInvalid', `${prop}.loadBalancerSourceRanges`, cidr, "an address and a prefix length, as '10.20.0.0/16'");
  }
  if (type === 'LoadBalancer' && !loadBalancerSourceRanges?.length) {
    warn(
      scope,
      'LoadBalancerOpen',
      `${prop}.type is 'LoadBalancer' without loadBalancerSourceRanges: everybody who can reach it may try passwords; name the networks of the clients`,
    );
  }
}

function addressFamilies(scope: IConstruct, { services: { ipFamilyPolicy, ipFamilies } = {}, dcs = 'endpoints' }: HaPostgresProps): void {
  const refuse = refuser(scope);
  oneOf(refuse, 'services.ipFamilyPolicy', ipFamilyPolicy, ['SingleStack', 'PreferDualStack', 'RequireDualStack']);
  for (const family of ipFamilies ?? []) oneOf(refuse, 'services.ipFamilies', family, ['IPv4', 'IPv6']);
  const two = ipFamilyPolicy === 'PreferDualStack' || ipFamilyPolicy === 'RequireDualStack';
  if (ipFamilies && (ipFamilies.length === 0 || new Set(ipFamilies).size < ipFamilies.length))
    refuse('IpFamiliesInvalid', 'services.ipFamilies', ipFamilies, "one family, or two different ones, as ['IPv4', 'IPv6']");
  if (ipFamilies?.length === 2 && !two)
    refuse(
      'IpFamiliesInvalid',
      'services.ipFamilies',
      ipFamilies,
      "one family, or services.ipFamilyPolicy 'PreferDualStack' or 'RequireDualStack'",
    );
  if (two && dcs === 'endpoints') {
    refuse(
      'DualStackEndpoints',
      'services.ipFamilyPolicy',
      ipFamilyPolicy,
      "'SingleStack' where dcs is 'endpoints': Patroni writes one address of the leader, so the Service would lead nowhere in the other family; dcs 'configMaps' can do both",
    );
  }
}

/** What comes from outside has the address of a client or of a node, and a policy has to let either in. */
function reachable(scope: IConstruct, props: HaPostgresProps): void {
  const { enabled, clients } = props.networkPolicy ?? {};
  if (enabled === false || clients?.some((client) => (client as PeerSelector | null)?.cidr !== undefined)) return;
  for (const [prop, { type = 'ClusterIP', externalTrafficPolicy, loadBalancerSourceRanges = [] }] of clientServices(props)) {
    if (type === 'ClusterIP' || (externalTrafficPolicy === 'Local' && loadBalancerSourceRanges.length > 0)) continue;
    const known = loadBalancerSourceRanges.length > 0 ? 'no addresses in but loadBalancerSourceRanges' : 'no addresses in';
    const seen = externalTrafficPolicy === 'Local' ? 'the clients' : 'the nodes';
    warn(
      scope,
      'OutsideNotLetIn',
      `${prop}.type is '${type}', and the NetworkPolicy lets ${known}: what comes from outside usually has those of ${seen}; name them in networkPolicy.clients, as { cidr: '10.20.0.0/16' }`,
    );
  }
}

export function route(scope: IConstruct, { props, postgresVersion }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const { gateway, hostnames } = props.services?.route ?? { gateway: undefined };
  if (props.services?.route && !gateway) refuse('GatewayMissing', 'services.route.gateway', gateway, 'the name of a Gateway');
  if (hostnames === undefined) return;
  const wrong = hostnames.find((name) => !isDnsName(name.replace(/^\*\./, '')));
  if (hostnames.length === 0 || wrong !== undefined)
    refuse('HostnameInvalid', 'services.route.hostnames', wrong ?? hostnames, "DNS names, as ['orders.example.com']");
  if (!props.tls) refuse('RouteWithoutTls', 'services.route.hostnames', hostnames, 'left out without tls: only a TLS client says a name');
  if (postgresVersion < 17) {
    refuse(
      'RouteByNameUnsupported',
      'services.route.hostnames',
      hostnames,
      `left out: a Gateway reads the name from the first message, which is TLS only from PostgreSQL 17 on (sslnegotiation=direct), and postgresVersion is ${postgresVersion}`,
    );
  }
}

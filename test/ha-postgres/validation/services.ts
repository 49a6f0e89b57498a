import { CertificateSource, Image } from '../../../lib';
import { DIGEST, login } from '../../support';
import type { Given, Rules } from './rules';

const primary = (options: Given) => ({ services: { primary: options } });
const cidrs = { networkPolicy: { clients: [{ cidr: '10.0.0.0/8' }] } };
const route = (options: Given, more: Given = {}) => ({ ...more, services: { route: { gateway: 'front', ...options } } });
const tls = { tls: { certificate: CertificateSource.secret('orders-tls') } };
const hostnames = ['orders.example.com'];

export const services: Rules = {
  refused: [
    ...[29999, 32768, 30000.5].map((nodePort): Rules['refused'][number] => [
      `6.6/19: nodePort ${nodePort}`,
      'NodePortInvalid',
      primary({ type: 'NodePort', nodePort }),
      `services.primary.nodePort is ${nodePort}, but must be from 30000 to 32767`,
    ]),
    [
      '6.6/19: nodePort without its type',
      'ServiceTypeMissing',
      primary({ nodePort: 30001 }),
      "services.primary.nodePort is 30001, but must be left out, or services.primary.type 'NodePort' or 'LoadBalancer'",
    ],
    [
      '6.6/19: externalTrafficPolicy inside of the cluster',
      'ServiceTypeMissing',
      { services: { replica: { externalTrafficPolicy: 'Local' } } },
      'services.replica.externalTrafficPolicy is "Local", but must be left out, or services.replica.type',
    ],
    [
      '6.6/19: source ranges without a load balancer',
      'LoadBalancerMissing',
      primary({ type: 'NodePort', loadBalancerSourceRanges: ['10.0.0.0/8'] }),
      'services.primary.loadBalancerSourceRanges is ["10.0.0.0/8"], but must be left out, or services.primary.type \'LoadBalancer\'',
    ],
    [
      "6.6/19: the pooler's Service too",
      'LoadBalancerMissing',
      { pooler: { login: login('pooler'), service: { loadBalancerClass: 'x' } } },
      'pooler.service.loadBalancerClass is "x", but must be left out, or pooler.service.type',
    ],
    [
      '6.6/19: one port of the nodes for two',
      'NodePortTwice',
      { services: { primary: { type: 'NodePort', nodePort: 30001 }, replica: { type: 'NodePort', nodePort: 30001 } } },
      'services.replica.nodePort is 30001, but must be a port of its own: services.primary has that one',
    ],
    [
      '6.6/19: source ranges are CIDRs',
      'CidrInvalid',
      primary({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.1'] }),
      'services.primary.loadBalancerSourceRanges is "10.0.0.1", but must be an address and a prefix length',
    ],
    [
      '6.6/19: types',
      'ValueUnknown',
      primary({ type: 'ExternalName' }),
      "services.primary.type is \"ExternalName\", but must be one of 'ClusterIP', 'NodePort', 'LoadBalancer'",
    ],
    [
      '6.6/19: families',
      'ValueUnknown',
      { services: { ipFamilies: ['ipv4'] } },
      "services.ipFamilies is \"ipv4\", but must be one of 'IPv4', 'IPv6'",
    ],
    [
      '6.6/19: two families need a policy for two',
      'IpFamiliesInvalid',
      { services: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'SingleStack' } },
      'services.ipFamilies is ["IPv4","IPv6"], but must be one family, or services.ipFamilyPolicy',
    ],
    [
      '6.6/19: one family twice',
      'IpFamiliesInvalid',
      { dcs: 'configMaps', services: { ipFamilies: ['IPv4', 'IPv4'], ipFamilyPolicy: 'PreferDualStack' } },
      'services.ipFamilies is ["IPv4","IPv4"], but must be one family, or two different ones',
    ],
    [
      '6.6/19: no family',
      'IpFamiliesInvalid',
      { services: { ipFamilies: [] } },
      'services.ipFamilies is [], but must be one family, or two different ones',
    ],
    [
      '6.6/19: Patroni writes one address of the leader',
      'DualStackEndpoints',
      { services: { ipFamilyPolicy: 'PreferDualStack' } },
      "services.ipFamilyPolicy is \"PreferDualStack\", but must be 'SingleStack' where dcs is 'endpoints'",
    ],
    ['route: a Gateway', 'GatewayMissing', route({ gateway: '' }), 'services.route.gateway is "", but must be the name of a Gateway'],
    [
      'route: names',
      'HostnameInvalid',
      route({ hostnames: ['Orders'] }, tls),
      'services.route.hostnames is "Orders", but must be DNS names',
    ],
    ['route: no name', 'HostnameInvalid', route({ hostnames: [] }, tls), 'services.route.hostnames is [], but must be DNS names'],
    [
      'route: a name is said by TLS',
      'RouteWithoutTls',
      route({ hostnames }),
      'services.route.hostnames is ["orders.example.com"], but must be left out without tls',
    ],
    [
      'route: a name is said first from PostgreSQL 17 on',
      'RouteByNameUnsupported',
      route({ hostnames }, { ...tls, postgresVersion: 16, image: Image.of('postgres', { digest: DIGEST }) }),
      'services.route.hostnames is ["orders.example.com"], but must be left out … postgresVersion is 16',
    ],
  ],
  warned: [
    [
      '6.6/19: a load balancer for everybody',
      'LoadBalancerOpen',
      { ...cidrs, ...primary({ type: 'LoadBalancer' }) },
      "services.primary.type is 'LoadBalancer' without loadBalancerSourceRanges",
      'name the networks of the clients',
    ],
    [
      'network: what comes through a node has its address',
      'OutsideNotLetIn',
      primary({ type: 'NodePort' }),
      "services.primary.type is 'NodePort', and the NetworkPolicy lets no addresses in",
      'those of the nodes',
      'networkPolicy.clients',
    ],
    [
      'network: with Local it has the address of the client',
      'OutsideNotLetIn',
      { services: { replica: { type: 'NodePort', externalTrafficPolicy: 'Local' } } },
      "services.replica.type is 'NodePort'",
      'those of the clients',
    ],
    [
      'network: without Local, the addresses of the clients do not help',
      'OutsideNotLetIn',
      primary({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.30.0.0/16'] }),
      'the NetworkPolicy lets no addresses in but loadBalancerSourceRanges',
      'those of the nodes',
    ],
  ],
  accepted: [
    ['6.6/19: a port of the nodes', { ...cidrs, ...primary({ type: 'NodePort', nodePort: 30000 }) }],
    ['6.6/19: the last one', { ...cidrs, ...primary({ type: 'NodePort', nodePort: 32767 }) }],
    [
      'network: a load balancer that keeps the addresses of clients it knows',
      primary({ type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['10.0.0.0/8', 'fd00::/8'] }),
    ],
    ['6.6/19: two families', { dcs: 'configMaps', services: { ipFamilies: ['IPv6', 'IPv4'], ipFamilyPolicy: 'RequireDualStack' } }],
    ['6.6/19: one family, in endpoints mode', { services: { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' } }],
    ['route: by name', route({ hostnames: ['*.example.com'] }, tls)],
  ],
};

import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { networkPolicy } from '../../lib/ha-postgres/network-policy';
import type { Peer } from '../../lib/platform';
import { emptyChart, login, objectOf, plain, planOf, postgresIn } from '../support';

const MEMBERS = { podSelector: { matchLabels: planOf().selector('database') } };
const TCP = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));
const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

function specOf(clients: Peer[] = [], options: Parameters<typeof planOf>[0] = {}) {
  return plain(networkPolicy(planOf(options), clients)).spec;
}

/** A workload, as applications have them. */
function web(scope: Construct, namespace?: string): kplus.Deployment {
  return new kplus.Deployment(scope, 'web', { metadata: { name: 'web', namespace }, containers: [{ image: 'web:1' }] });
}

test('members talk to each other, to the API server and to DNS, and nobody talks to them', () => {
  expect(specOf()).toEqual({
    podSelector: MEMBERS.podSelector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [MEMBERS], ports: TCP(5432, 8008) }],
    egress: [{ to: [MEMBERS], ports: TCP(5432, 8008) }, { ports: TCP(443, 6443) }, { ports: [{ port: 53, protocol: 'UDP' }, ...TCP(53)] }],
  });
});

test('where the API server is may be said', () => {
  const { egress } = specOf([], { networkPolicy: { apiServerCidrs: ['10.0.0.1/32', 'fd00::1/128'], apiServerPorts: [6444] } });
  expect(egress[1]).toEqual({ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }, { ipBlock: { cidr: 'fd00::1/128' } }], ports: TCP(6444) });
});

test('whom a load balancer lets in, the policy lets in, each once, and to PostgreSQL only', () => {
  const office = '10.20.0.0/16';
  const shop = 'fd00::/8';
  const open = (...loadBalancerSourceRanges: string[]) => ({ type: 'LoadBalancer' as const, loadBalancerSourceRanges });
  const services = { primary: open(office), replica: open(office, shop) };
  const { ingress } = specOf([{ namespace: 'shop' }], { services });
  expect(ingress[1]).toEqual({
    from: [{ namespaceSelector: named('shop') }, { ipBlock: { cidr: office } }, { ipBlock: { cidr: shop } }],
    ports: TCP(5432),
  });
});

/** Every kind of peer, and how the policy writes it. */
const PEERS: [string, (scope: Construct) => Peer, object[]][] = [
  ['pods of the own namespace', () => ({ podLabels: { app: 'web' } }), [{ podSelector: { matchLabels: { app: 'web' } } }]],
  ['a whole namespace', () => ({ namespace: 'shop' }), [{ namespaceSelector: named('shop') }]],
  ['namespaces by label', () => ({ namespaceLabels: { team: 'a' } }), [{ namespaceSelector: { matchLabels: { team: 'a' } } }]],
  [
    'pods of another namespace',
    () => ({ namespace: 'shop', podLabels: { app: 'web' } }),
    [{ namespaceSelector: named('shop'), podSelector: { matchLabels: { app: 'web' } } }],
  ],
  ['addresses', () => ({ cidr: '10.20.0.0/16' }), [{ ipBlock: { cidr: '10.20.0.0/16' } }]],
  [
    'kplus.NetworkPolicyIpBlock',
    (scope) => kplus.NetworkPolicyIpBlock.ipv4(scope, 'office', '10.20.0.0/16', ['10.20.9.0/24']),
    [{ ipBlock: { cidr: '10.20.0.0/16', except: ['10.20.9.0/24'] } }],
  ],
  [
    'kplus.Pods.select in two namespaces',
    (scope) =>
      kplus.Pods.select(scope, 'pods', {
        labels: { app: 'web' },
        namespaces: kplus.Namespaces.select(scope, 'namespaces', { names: ['shop', 'till'] }),
      }),
    [
      { podSelector: { matchLabels: { app: 'web' } }, namespaceSelector: named('shop') },
      { podSelector: { matchLabels: { app: 'web' } }, namespaceSelector: named('till') },
    ],
  ],
  [
    'kplus.Pods.select by expression',
    (scope) => kplus.Pods.select(scope, 'pods', { expressions: [kplus.LabelExpression.in('app', ['web', 'till'])] }),
    [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'till'] }] } }],
  ],
  [
    'kplus.Namespaces by label',
    (scope) => kplus.Namespaces.select(scope, 'namespaces', { labels: { team: 'a' } }),
    [{ podSelector: {}, namespaceSelector: { matchLabels: { team: 'a' } } }],
  ],
  [
    'kplus.Namespaces by label and name',
    (scope) => kplus.Namespaces.select(scope, 'namespaces', { labels: { team: 'a' }, names: ['shop'] }),
    [{ podSelector: {}, namespaceSelector: { matchLabels: { team: 'a', 'kubernetes.io/metadata.name': 'shop' } } }],
  ],
  ['every kplus namespace', (scope) => kplus.Namespaces.all(scope, 'namespaces'), [{ podSelector: {}, namespaceSelector: {} }]],
  [
    'kplus.Namespace',
    (scope) => new kplus.Namespace(scope, 'namespace', { metadata: { name: 'shop' } }),
    [{ podSelector: {}, namespaceSelector: named('shop') }],
  ],
];

test.each(PEERS)('client: %s', (_, peer, from) => {
  const { ingress } = specOf([peer(emptyChart())]);
  expect(ingress.slice(1)).toEqual([{ from, ports: TCP(5432) }]); // never 8008, which is Patroni's
});

test.each(PEERS)('client, through the construct and two synths: %s', (_, peer, from) => {
  // GIVEN
  const chart = emptyChart();
  postgresIn(chart).allowFrom(peer(chart));
  // WHEN
  const policy = objectOf(chart, 'NetworkPolicy', 'orders');
  // THEN
  expect(policy.spec.ingress[1]).toEqual({ from, ports: TCP(5432) });
  expect(chart.toJson()).toContainEqual(policy);
});

test.each([
  ['the own namespace', undefined, {}],
  ['another namespace', 'till', { namespaceSelector: named('till') }],
])('client: a kplus.Deployment in %s', (_, namespace, where) => {
  const deployment = web(emptyChart(), namespace);
  const { ingress } = specOf([deployment]);
  expect(ingress[1].from).toEqual([{ ...where, podSelector: { matchLabels: deployment.matchLabels } }]);
});

test('several clients share one rule, those of the props first', () => {
  // GIVEN
  const chart = emptyChart();
  const postgres = postgresIn(chart, { networkPolicy: { clients: [{ namespace: 'shop' }] } });
  // WHEN
  postgres.allowFrom({ cidr: '10.0.0.0/8' });
  // THEN
  const { ingress } = objectOf(chart, 'NetworkPolicy', 'orders').spec;
  expect(ingress).toHaveLength(2);
  expect(ingress[1].from).toEqual([{ namespaceSelector: named('shop') }, { ipBlock: { cidr: '10.0.0.0/8' } }]);
});

test('a pooler is a client of the members, and open to all whom the members are open to', () => {
  // GIVEN
  const chart = emptyChart();
  const postgres = postgresIn(chart, { pooler: { login: login('pooler') }, networkPolicy: { clients: [{ namespace: 'shop' }] } });
  const pods = { podSelector: { matchLabels: planOf().selector('pooler') } };
  // WHEN
  postgres.allowFrom({ cidr: '10.0.0.0/8' });
  postgres.pooler?.allowFrom({ namespace: 'till' });
  // THEN
  const both = [{ namespaceSelector: named('shop') }, { ipBlock: { cidr: '10.0.0.0/8' } }];
  expect(objectOf(chart, 'NetworkPolicy', 'orders').spec.ingress.slice(1)).toEqual([
    { from: both, ports: TCP(5432) },
    { from: [pods], ports: TCP(5432) },
  ]);
  expect(objectOf(chart, 'NetworkPolicy', 'orders-pooler').spec).toEqual({
    podSelector: pods.podSelector,
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [...both, { namespaceSelector: named('till') }], ports: TCP(6432) }],
    egress: [{ to: [MEMBERS], ports: TCP(5432) }, { ports: [{ port: 53, protocol: 'UDP' }, ...TCP(53)] }],
  });
});

test('a peer that selects nothing opens nothing', () => {
  const nobody = { toNetworkPolicyPeerConfig: () => ({}) } as unknown as kplus.INetworkPolicyPeer;
  expect(specOf([nobody]).ingress).toHaveLength(1);
});

test('without a policy there is none', () => {
  const chart = emptyChart();
  const postgres = postgresIn(chart, { networkPolicy: { enabled: false, clients: [{ namespace: 'shop' }] } });
  expect(postgres.networkPolicy).toBeUndefined();
  expect(chart.toJson().filter((o: { kind: string }) => o.kind === 'NetworkPolicy')).toEqual([]);
});

import { CertificateSource } from '../../lib';
import { tcpRoute, tlsRoute } from '../../lib/ha-postgres/route';
import { chartWith, namesOf, objectOf, planOf } from '../support';

const tls = { certificate: CertificateSource.secret('orders-tls') };
const toLeader = [{ backendRefs: [{ group: '', kind: 'Service', name: 'orders', port: 5432, weight: 1 }] }];

test('without a route there is none', () => {
  expect([tcpRoute(planOf()), tlsRoute(planOf())]).toEqual([undefined, undefined]);
  expect(namesOf(chartWith()).filter((name) => name.includes('Route'))).toEqual([]);
});

test('by port: a TCPRoute to the Service of the leader, complete with what the API server would fill in', () => {
  const chart = chartWith({ services: { route: { gateway: 'front', gatewayNamespace: 'gateways', sectionName: 'postgres' } } });
  expect(objectOf(chart, 'TCPRoute', 'orders').spec).toEqual({
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front', namespace: 'gateways', sectionName: 'postgres' }],
    rules: toLeader,
  });
});

test('by name: a TLSRoute', () => {
  const chart = chartWith({ tls, services: { route: { gateway: 'front', hostnames: ['orders.example.com'] } } });
  const { spec } = objectOf(chart, 'TLSRoute', 'orders');
  expect(spec).toEqual({
    parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'front' }],
    hostnames: ['orders.example.com'],
    rules: toLeader,
  });
  expect(namesOf(chart)).not.toContain('TCPRoute/orders');
});

test('a route may be pruned: what is no longer in Git is no way in', () => {
  expect(tcpRoute(planOf({ services: { route: { gateway: 'front' } } }))?.metadata?.annotations).toBeUndefined();
});

import { mentions } from '../../../lib/checks/review/mentions';
import { serviceNotes } from '../../../lib/checks/review/services';
import type { Json } from '../../support';
import {
  comparison,
  configMap,
  deployment,
  manifests,
  messages,
  object,
  PROTECTED,
  review,
  service,
  statefulSet,
  template,
} from './support';

const notes = (before: Json[], after: Json[]) => messages(serviceNotes(comparison(before, after)));
const balancer = (spec: object = {}, rest: object = {}) => service({ spec: { type: 'LoadBalancer', ...spec }, ...rest });

test.each<[string, Json[], Json[], string[]]>([
  ['is gone', [service()], [], ['risky: its address orders.shop.svc is gone']],
  [
    'is renamed',
    [service({ spec: { type: 'ClusterIP', a: 1 } })],
    [service({ spec: { type: 'ClusterIP', a: 1 } }, 'other')],
    ['risky: its address orders.shop.svc becomes other.shop.svc'],
  ],
  ['is new', [], [service()], []],
  [
    'is new and open',
    [],
    [balancer({ loadBalancerSourceRanges: ['10.0.0.0/8'] })],
    ['risky: it is new, and reachable from outside the cluster (LoadBalancer), by 10.0.0.0/8'],
  ],
  [
    'opens',
    [service()],
    [service({ spec: { type: 'NodePort' } })],
    ['risky: the type goes from ClusterIP to NodePort: from now on it is reachable from outside the cluster'],
  ],
  [
    'closes',
    [balancer()],
    [service()],
    ['risky: the type goes from LoadBalancer to ClusterIP: clients outside the cluster no longer reach it'],
  ],
  [
    'changes how it is open',
    [service({ spec: { type: 'NodePort' } })],
    [balancer()],
    ['risky: the type goes from NodePort to LoadBalancer'],
  ],
  ['writes its default type', [service()], [service({ spec: { type: 'ClusterIP' } })], []],
  [
    'leaves out None',
    [service({ spec: { clusterIP: 'None' } })],
    [service()],
    ['risky: clusterIP: None is no longer written, but the API server keeps it: the Service stays headless'],
  ],
  [
    'leads elsewhere',
    [service({ spec: { externalName: 'a' } })],
    [service({ spec: { externalName: 'b' } })],
    ['risky: externalName goes from a to b: clients are led elsewhere'],
  ],
])('a Service that %s', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual(expected);
});

const ports = (...list: object[]) => service({ spec: { ports: list } });

test.each<[string, Json, Json, string[]]>([
  ['that is new', ports({ port: 80 }), ports({ port: 80 }, { port: 81 }), ['safe: port 81/TCP is new']],
  ['that is gone', ports({ port: 80 }, { port: 81 }), ports({ port: 80 }), ['risky: port 81/TCP is gone: clients that use it fail']],
  [
    'with another number',
    ports({ name: 'a', port: 80 }),
    ports({ name: 'a', port: 81 }),
    ['risky: port 80 → 81: clients that use the old one fail'],
  ],
  ['with another name', ports({ name: 'a', port: 80 }), ports({ name: 'b', port: 80 }), ['safe: name a → b']],
  ['with another target', ports({ port: 80 }), ports({ port: 80, targetPort: 8080 }), ['safe: targetPort absent → 8080']],
  [
    'whose node port changes',
    ports({ port: 80, nodePort: 30000 }),
    ports({ port: 80, nodePort: 30001 }),
    ['risky: nodePort 30000 → 30001: clients that use the old one fail'],
  ],
  ['with written defaults', ports({ port: 80 }), ports({ port: 80, protocol: 'TCP', targetPort: 80 }), []],
])('a port %s', (_, before, after, expected) => {
  expect(notes([before], [after])).toEqual(expected);
});

const selecting = (selector: object) => ({ ...service(), spec: { ...service().spec, selector } });

test.each<[string, Json, Json, string[]]>([
  ['what is not there', selecting({ app: 'x' }), selecting({ app: 'y' }), ['risky: the selector goes from app=x to app=y']],
  [
    'others',
    selecting({ app: 'orders' }),
    selecting({ app: 'carts' }),
    ['risky: the selector takes no pods of these manifests instead of Deployment shop/orders'],
  ],
  [
    'the same',
    selecting({ app: 'orders' }),
    selecting({ app: 'orders', tier: 'web' }),
    ['safe: the selector changes, and still takes Deployment shop/orders'],
  ],
])('a selector that takes %s', (_, before, after, expected) => {
  const pods = deployment({}, template({}, {}, { labels: { app: 'orders', tier: 'web' } }));
  expect(notes([before, pods], [after, pods])).toEqual(expected);
});

test.each<[string, Json, Json, string[]]>([
  ['anyone', balancer({ loadBalancerSourceRanges: ['10.0.0.0/8'] }), balancer(), ['risky: everyone may reach it, not only 10.0.0.0/8']],
  [
    'fewer',
    balancer(),
    balancer({ loadBalancerSourceRanges: ['10.0.0.0/8'] }),
    ['risky: only 10.0.0.0/8 may reach it: others are shut out'],
  ],
  [
    'others',
    balancer({ loadBalancerSourceRanges: ['10.0.0.0/8'] }),
    balancer({ loadBalancerSourceRanges: ['11.0.0.0/8'] }),
    ['risky: 11.0.0.0/8 may reach it too', 'risky: 10.0.0.0/8 may no longer reach it'],
  ],
  [
    'the same by another balancer',
    balancer(),
    balancer({}, { metadata: { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } } }),
    [expect.stringContaining('the cloud may make another load balancer')],
  ],
])('a load balancer for %s', (_, before, after, expected) => {
  expect(notes([before], [after])).toEqual(expected);
});

test('a Service that is protected from pruning stays', () => {
  expect(review([service(PROTECTED)], []).services).toEqual([]);
  expect(review([service()], []).services).toHaveLength(1);
});

test.each<[string, Json, boolean]>([
  ['a variable with its full name', deployment({}, template({ env: [{ name: 'A', value: 'orders.shop.svc:80' }] })), true],
  ['a variable with its short name', deployment({}, template({ env: [{ name: 'A', value: 'http://user@orders:80/x' }] })), true],
  ['an argument', deployment({}, template({ args: ['orders.shop'] })), true],
  ['a configuration', configMap({ a: 'url = http://orders.shop/' }), true],
  [
    'an Ingress',
    object('networking.k8s.io/v1', 'Ingress', 'a', {
      spec: { rules: [{ http: { paths: [{ backend: { service: { name: 'orders' } } }] } }] },
    }),
    true,
  ],
  [
    'another name',
    deployment(
      {},
      template({
        env: [
          { name: 'A', value: 'my-orders.shop.svc' },
          { name: 'B', value: 'orders-db' },
          { name: 'C', value: 'orders.shopping' },
        ],
      }),
    ),
    false,
  ],
  [
    'the short name from elsewhere',
    deployment({ metadata: { namespace: 'x' } }, template({ env: [{ name: 'A', value: 'orders' }] })),
    false,
  ],
])('%s names the Service: %s', (_, other, is) => {
  const all = manifests([service(), other]);
  expect(mentions(all.ofKind('Service')[0] as never, all)).toEqual(is ? [expect.stringContaining(other.metadata.name)] : []);
});

test('says who still names a Service that is gone', () => {
  const client = statefulSet({}, template({ env: [{ name: 'HOST', value: 'orders.shop.svc' }] }));
  expect(notes([service(), client], [client])).toEqual([
    'risky: its address orders.shop.svc is gone; still named by StatefulSet shop/orders',
  ]);
});

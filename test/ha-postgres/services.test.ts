import type { ServiceOptions } from '../../lib';
import { clientService, guardService, podsService, primaryService, replicaService } from '../../lib/ha-postgres/services';
import { chartWith, login, namesOf, objectOf, plain, planOf } from '../support';

const SELECTOR = {
  'app.kubernetes.io/name': 'ha-postgres',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'database',
};

test('in Endpoints mode the Service of the leader is called as the scope and has no selector: Patroni writes the address', () => {
  const service = plain(primaryService(planOf({ dcs: 'endpoints' })));
  expect(service.metadata.name).toBe('orders');
  expect(service.spec).toEqual({ type: 'ClusterIP', ports: [{ name: 'postgresql', port: 5432, protocol: 'TCP', targetPort: 5432 }] });
});

test('in ConfigMaps mode it selects the leader by its role label', () => {
  const service = plain(primaryService(planOf({ dcs: 'configMaps' })));
  expect(service.spec).toEqual({
    type: 'ClusterIP',
    ports: [{ name: 'postgresql', port: 5432, protocol: 'TCP', targetPort: 'postgresql' }],
    selector: { ...SELECTOR, role: 'primary' },
  });
});

test.each([
  ['4.1', 'primary'],
  ['3.1', 'primary'],
  ['3.0', 'master'],
])('Patroni %s labels its leader %s', (patroniVersion, label) => {
  const service = primaryService(planOf({ dcs: 'configMaps', patroniVersion }));
  expect(service.spec?.selector?.role).toBe(label);
});

test('role label and its values are those of the props', () => {
  const plan = planOf({
    dcs: 'configMaps',
    patroni: { roleLabel: 'example.com/role', leaderLabelValue: 'lead', followerLabelValue: 'follow' },
  });
  expect(primaryService(plan).spec?.selector).toEqual({ ...SELECTOR, 'example.com/role': 'lead' });
  expect(replicaService(plan).spec?.selector).toEqual({ ...SELECTOR, 'example.com/role': 'follow' });
});

test.each(['endpoints', 'configMaps'] as const)('replicas have a Service of their own, ready ones only (%s)', (dcs) => {
  const service = plain(replicaService(planOf({ dcs })));
  expect(service.metadata.name).toBe('orders-replica');
  expect(service.spec).toEqual({
    type: 'ClusterIP',
    ports: [{ name: 'postgresql', port: 5432, protocol: 'TCP', targetPort: 'postgresql' }],
    selector: { ...SELECTOR, role: 'replica' },
  });
});

test('each member has a DNS name before it is ready', () => {
  const service = plain(podsService(planOf()));
  expect(service.metadata.name).toBe('orders-pods');
  expect(service.spec).toMatchObject({ clusterIp: 'None', publishNotReadyAddresses: true, selector: SELECTOR });
});

test('a guard has nothing but the name of what it guards, and is never pruned', () => {
  const service = plain(guardService(planOf(), 'orders-sync'));
  expect(service.metadata.name).toBe('orders-sync');
  expect(service.spec).toEqual({ type: 'ClusterIP', clusterIp: 'None' });
  expect(service.metadata.annotations).toEqual({
    'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
    'kustomize.toolkit.fluxcd.io/prune': 'disabled',
  });
});

test('in Endpoints mode what holds the leader lock is never pruned either', () => {
  expect(primaryService(planOf()).metadata?.annotations).toHaveProperty(['kustomize.toolkit.fluxcd.io/prune'], 'disabled');
});

test.each([
  ['endpoints', ['Service/orders-config', 'Service/orders-failover', 'Service/orders-sync']],
  ['configMaps', []],
] as const)('with dcs %s the guards are %j', (dcs, guards) => {
  const names = namesOf(chartWith({ dcs }));
  expect(names.filter((n) => /-(config|failover|sync)$/.test(n))).toEqual(guards);
});

test("the Service's port has the name that Patroni gives the port of its Endpoints", () => {
  // GIVEN both write the name into the object that kube-proxy compares
  const chart = chartWith();
  const { ports } = plain(primaryService(planOf())).spec;
  // THEN
  expect(JSON.stringify(chart.toJson())).toContain(`- name: ${ports[0].name}\\n      port: 5432`);
});

describe('what the user says of a Service', () => {
  const primary: ServiceOptions = {
    type: 'LoadBalancer',
    annotations: { internal: 'true' },
    loadBalancerSourceRanges: ['10.20.0.0/16'],
    loadBalancerClass: 'example.com/class',
    nodePort: 30500,
    externalTrafficPolicy: 'Local',
  };

  test.each([
    ['endpoints', undefined],
    ['configMaps', { ...SELECTOR, role: 'primary' }],
  ] as const)('is written there, and nothing else changes (%s)', (dcs, selector) => {
    const { metadata, spec } = plain(primaryService(planOf({ dcs, services: { primary } })));
    const { annotations, type, nodePort, ...rest } = primary;
    expect(metadata.annotations).toEqual({ ...annotations, ...plain(podsService(planOf())).metadata.annotations });
    expect(spec).toMatchObject({ type, ...rest, ports: [{ port: 5432, nodePort }] });
    expect(spec.selector).toEqual(selector);
    expect(plain(replicaService(planOf({ dcs, services: { primary } })))).toEqual(plain(replicaService(planOf({ dcs }))));
  });

  test('is of the replicas where it is said of them', () => {
    expect(plain(replicaService(planOf({ services: { replica: { type: 'NodePort' } } }))).spec.type).toBe('NodePort');
  });

  test('annotations never beat those that keep the Service', () => {
    const annotations = { 'kustomize.toolkit.fluxcd.io/prune': 'enabled' };
    expect(primaryService(planOf({ services: { primary: { annotations } } })).metadata?.annotations).toHaveProperty(
      ['kustomize.toolkit.fluxcd.io/prune'],
      'disabled',
    );
  });

  test('address families are those of all Services that lead to members; Kubernetes gives the guards both by itself', () => {
    const families = { ipFamilyPolicy: 'SingleStack', ipFamilies: ['IPv6'] } as const;
    const plan = planOf({ services: { ...families, ipFamilies: ['IPv6'] } });
    for (const service of [primaryService, replicaService, podsService]) expect(plain(service(plan)).spec).toMatchObject(families);
    expect(plain(guardService(plan, 'orders-sync')).spec).toEqual({ type: 'ClusterIP', clusterIp: 'None' });
  });
});

test("another Service for clients, as the pooler's, can be told the same", () => {
  const service = clientService(planOf({ services: { ipFamilies: ['IPv6'] } }), {
    metadata: { name: 'orders-pooler' },
    port: { name: 'pgbouncer', port: 5432, protocol: 'TCP' },
    selector: { a: 'b' },
    options: { type: 'NodePort', nodePort: 30001 },
  });
  expect(plain(service)).toMatchObject({
    metadata: { name: 'orders-pooler' },
    spec: {
      type: 'NodePort',
      ports: [{ name: 'pgbouncer', port: 5432, protocol: 'TCP', nodePort: 30001 }],
      selector: { a: 'b' },
      ipFamilies: ['IPv6'],
    },
  });
});

test("the pooler's Service says what `pooler.service` says, and its policy lets the clients of its load balancer in", () => {
  const service = { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.20.0.0/16'], externalTrafficPolicy: 'Local' } as const;
  const chart = chartWith({ pooler: { login: login('pooler'), service: { ...service, loadBalancerSourceRanges: ['10.20.0.0/16'] } } });
  expect(objectOf(chart, 'Service', 'orders-pooler').spec).toMatchObject(service);
  expect(objectOf(chart, 'NetworkPolicy', 'orders-pooler').spec.ingress[0].from).toEqual([{ ipBlock: { cidr: '10.20.0.0/16' } }]);
});

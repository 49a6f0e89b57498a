import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Connections } from '../../../lib/checks/connections';
import { app, between, inNamespace, lines, manifests, namespace, pods, policy } from './support';

const tree = [app('web'), app('db')];
const ingress = (rule: object, more: object = {}) => policy('db', { ingress: [rule], ...more });
const egress = (rule: object) => policy('web', { policyTypes: ['Egress'], egress: [rule] });

describe('web reaches db', () => {
  test.each<[string, object[], string]>([
    ['without policies', [], 'all ports'],
    ['a policy of another workload', [policy('other', {})], 'all ports'],
    ['a policy of another namespace', [policy(undefined, {}, 'other')], 'all ports'],
    ['a policy of another group of the same kind', [{ ...policy('db', {}), apiVersion: 'projectcalico.org/v3' }], 'all ports'],
    ['nothing let in', [policy('db', {})], 'no port'],
    ['nothing let in, an empty podSelector', [policy(undefined, {})], 'no port'],
    ['nothing let in, no podSelector', [{ ...policy('db', {}), spec: { policyTypes: ['Ingress'] } }], 'no port'],
    ['ingress: an empty list', [policy('db', { ingress: [] })], 'no port'],
    ['ingress: an empty rule lets everyone in', [ingress({})], 'all ports'],
    ['ingress: an empty list of peers and ports, too', [ingress({ from: [], ports: [] })], 'all ports'],
    ['ingress: pods by their labels', [ingress({ from: [pods('web')] })], 'all ports'],
    ['ingress: pods by other labels', [ingress({ from: [pods('app')] })], 'no port'],
    ['ingress: one of two peers', [ingress({ from: [pods('app'), pods('web')] })], 'all ports'],
    ['ingress: all pods of its own namespace', [ingress({ from: [{ podSelector: {} }] })], 'all ports'],
    ['ingress: all pods of every namespace', [ingress({ from: [{ namespaceSelector: {} }] })], 'all ports'],
    ['ingress: by the name of the namespace', [ingress({ from: [{ namespaceSelector: inNamespace('shop') }] })], 'all ports'],
    ['ingress: by the name of another namespace', [ingress({ from: [{ namespaceSelector: inNamespace('till') }] })], 'no port'],
    ['ingress: both selectors have to take it', [ingress({ from: [pods('web', inNamespace('till'))] })], 'no port'],
    ['ingress: both selectors do', [ingress({ from: [pods('web', inNamespace('shop'))] })], 'all ports'],
    [
      'ingress: by a label of the namespace',
      [namespace('shop', { team: 'a' }), ingress({ from: [pods('web', { matchLabels: { team: 'a' } })] })],
      'all ports',
    ],
    ['ingress: by a label that nobody here knows', [ingress({ from: [pods('web', { matchLabels: { team: 'a' } })] })], 'no port'],
    ['ingress: a peer that says nothing', [ingress({ from: [{}] })], 'no port'],
    ['ingress: a peer that is none', [ingress({ from: [null, 'web'] })], 'no port'],
    ['ingress: all addresses', [ingress({ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] })], 'all ports'],
    [
      'ingress: all but those where no pod is',
      [ingress({ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }] })],
      'all ports',
    ],
    ['ingress: the internet', [ingress({ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] } }] })], 'no port'],
    ['ingress: some addresses, perhaps of pods', [ingress({ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })], 'no port'],
    ['ports', [ingress({ ports: [{ port: 5432 }, { port: 53, protocol: 'UDP' }] })], 'TCP 5432; UDP 53'],
    ['ports: all of a protocol', [ingress({ ports: [{ protocol: 'UDP' }] })], 'UDP any'],
    ['ports: up to endPort', [ingress({ ports: [{ port: 30000, endPort: 32767 }] })], 'TCP 30000-32767'],
    ['ports: endPort below port', [ingress({ ports: [{ port: 90, endPort: 80 }] })], 'no port'],
    ['ports: by name', [ingress({ ports: [{ port: 'http' }] })], 'TCP 8080'],
    ['ports: by a name of another protocol', [ingress({ ports: [{ port: 'http', protocol: 'UDP' }] })], 'no port'],
    ['ports: by a name that the pods do not have', [ingress({ ports: [{ port: 'https' }] })], 'no port'],
    ['ports: an unknown protocol', [ingress({ ports: [{ protocol: 'ICMP' }] })], 'no port'],
    ['policies add up', [ingress({ ports: [{ port: 1 }] }), policy(undefined, { ingress: [{ ports: [{ port: 2 }] }] })], 'TCP 1-2'],
    ['rules add up', [policy('db', { ingress: [{ ports: [{ port: 1 }] }, { from: [pods('web')], ports: [{ port: 3 }] }] })], 'TCP 1, 3'],
    ['egress: nothing let out', [policy('web', { policyTypes: ['Egress'] })], 'no port'],
    ['egress: pods by their labels', [egress({ to: [pods('db')] })], 'all ports'],
    ['egress: other pods', [egress({ to: [pods('cache')] })], 'no port'],
    ['egress: by the name of a port, as the other end has it', [egress({ ports: [{ port: 'http' }] })], 'TCP 8080'],
    ['egress and ingress', [egress({ ports: [{ port: 1, endPort: 5 }] }), ingress({ ports: [{ port: 4, endPort: 9 }] })], 'TCP 4-5'],
    ['egress allowed, ingress not', [egress({}), policy('db', {})], 'no port'],
    ['policyTypes: without, egress rules count', [policy('web', { egress: [{ ports: [{ port: 1 }] }] })], 'TCP 1'],
    ['policyTypes: without, an empty list of egress is none', [policy('web', { egress: [] })], 'all ports'],
    ['policyTypes: Egress only, ingress rules do not count', [policy('db', { policyTypes: ['Egress'], ingress: [] })], 'all ports'],
    ['policyTypes: Ingress only, egress rules do not count', [policy('web', { policyTypes: ['Ingress'], egress: [] })], 'all ports'],
    ['policyTypes: without, a policy for egress isolates ingress, too', [policy('db', { egress: [{}] })], 'no port'],
  ])('%s', (_, policies, ports) => {
    expect(between([...tree, ...policies])).toBe(ports);
  });

  test('a pod on its node’s network is isolated by nothing, and found by no selector', () => {
    const onHost = { spec: { hostNetwork: true } };
    expect(between([app('web'), app('db', onHost), policy('db', {})])).toBe('all ports');
    expect(between([app('web', onHost), app('db'), ingress({ from: [pods('web')] })])).toBe('no port');
    expect(between([app('web', onHost), app('db'), ingress({ from: [{ namespaceSelector: {} }] })])).toBe('no port');
    expect(between([app('web', onHost), app('db'), ingress({})])).toBe('all ports');
  });

  test('a name of a port may stand for several, of main containers and sidecars', () => {
    const ports = (containerPort: number) => [{ name: 'http', containerPort }];
    const initContainers = [{ ports: ports(1) }, { ports: ports(2), restartPolicy: 'Always' }];
    const containers = [{ ports: ports(3) }, { ports: ports(4) }];
    expect(between([app('web'), app('db', { spec: { initContainers, containers } }), ingress({ ports: [{ port: 'http' }] })])).toBe(
      'TCP 2-4',
    );
  });
});

test('each connection is said once, wide ends where a rule has them', () => {
  const objects = [
    ...tree,
    app('cache'),
    policy('db', {
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [pods('web'), pods('db')], ports: [{ port: 5432 }] },
        { from: [{ namespaceSelector: inNamespace('monitoring') }], ports: [{ port: 9187 }] },
      ],
      egress: [{ to: [pods('db')], ports: [{ port: 5432 }] }, { ports: [{ port: 53, protocol: 'UDP' }] }],
    }),
  ];
  expect(lines(objects)).toEqual([
    'Deployment shop/cache → anything: all ports',
    'Deployment shop/db → Deployment shop/db: TCP 5432',
    'Deployment shop/db → anything: UDP 53 (DNS)',
    'Deployment shop/web → Deployment shop/db: TCP 5432',
    'Deployment shop/web → anything: all ports',
    'anything → Deployment shop/cache: all ports',
    'anything → Deployment shop/web: all ports',
    'pods of namespace monitoring → Deployment shop/db: TCP 9187',
  ]);
});

describe('ends outside the manifests', () => {
  const from = (...peers: object[]) =>
    lines([app('db'), policy('db', { ingress: [{ from: peers, ports: [{ port: 80 }] }] })]).filter((line) => line.endsWith('TCP 80'));
  const into = (end: string) => `${end} → Deployment shop/db: TCP 80`;
  const block = (cidr: string, ...except: string[]) => ({ ipBlock: { cidr, except } });

  test.each<[object[], string[]]>([
    [[pods('web')], ['pods app=web of namespace shop']],
    [[pods('web', inNamespace('till'))], ['pods app=web of namespace till']],
    [[pods('web', {})], ['pods app=web of every namespace']],
    [[pods('web', { matchLabels: { team: 'a' } })], ['pods app=web of namespaces team=a']],
    [[{ podSelector: {} }], ['pods of namespace shop']],
    [[{ namespaceSelector: {} }], ['pods of every namespace']],
    [[{ podSelector: {} }, pods('web')], ['pods of namespace shop']],
    [
      [{ namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['b', 'a'] }] } }],
      ['pods of namespace a', 'pods of namespace b'],
    ],
    [[block('10.0.0.0/8')], ['10.0.0.0/8']],
    [[block('10.0.0.0/8', '10.1.0.0/16')], ['10.0.0.0/8 except 10.1.0.0/16']],
    [[block('10.0.0.0/8'), block('10.1.0.0/16')], ['10.0.0.0/8']],
    [
      [block('10.0.0.0/8', '10.1.0.0/16'), block('10.1.2.0/24')],
      ['10.0.0.0/8 except 10.1.0.0/16', '10.1.2.0/24'],
    ],
    [[block('10.0.0.0/8', '10.1.0.0/16'), block('10.0.0.0/8', '10.2.0.0/16')], ['10.0.0.0/8']],
    [[block('0.0.0.0/0', '169.254.169.254/32')], ['any IPv4 address except 169.254.169.254/32', 'pods of every namespace']],
    [
      [block('0.0.0.0/0', '192.168.0.0/16', '172.16.0.0/12', '10.0.0.0/8')],
      ['the internet (any IPv4 address except 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16)'],
    ],
    [[block('::/0', 'fc00::/7')], ['any IPv6 address except fc00::/7']],
    [[block('nonsense')], []],
    [[block('10.0.0.0/8', 'nonsense')], ['10.0.0.0/8']],
  ])('%j', (peers, ends) => {
    expect(from(...peers)).toEqual(ends.map(into).sort());
  });

  test('addresses in a smaller block have what is said of the larger one, and more', () => {
    const rule = (port: number, ...peers: object[]) => ({ from: peers, ports: [{ port }] });
    expect(lines([app('db'), policy('db', { ingress: [rule(80, block('10.0.0.0/8')), rule(443, block('10.1.0.0/16'))] })])).toEqual([
      '10.0.0.0/8 → Deployment shop/db: TCP 80',
      '10.1.0.0/16 → Deployment shop/db: TCP 443',
      'Deployment shop/db → anything: all ports',
    ]);
  });

  test('the name of a port is that of the pods talked to: unknown for pods that are not here, nothing for addresses', () => {
    const to = [pods('api', inNamespace('till')), block('10.0.0.0/8')];
    const objects = [app('web'), policy('web', { policyTypes: ['Egress'], egress: [{ to, ports: [{ port: 'http' }] }] })];
    expect(lines(objects)).toEqual([
      'Deployment shop/web → pods app=api of namespace till: TCP http',
      'anything → Deployment shop/web: all ports',
    ]);
    const ingress = [{ from: [block('10.0.0.0/8')], ports: [{ port: 'http' }] }];
    expect(lines([app('web'), policy('web', { ingress })])).toContain('10.0.0.0/8 → Deployment shop/web: TCP 8080');
  });

  test('pods of a selector that also means other namespaces are said, though a workload here has its labels', () => {
    expect(lines([...tree, policy('db', { ingress: [{ from: [pods('web', {})] }] })])).toEqual([
      'Deployment shop/db → anything: all ports',
      'Deployment shop/web → Deployment shop/db: all ports',
      'Deployment shop/web → anything: all ports',
      'anything → Deployment shop/web: all ports',
      'pods app=web of every namespace → Deployment shop/db: all ports',
    ]);
  });

  test('a selector that finds very many workloads is said as it is written', () => {
    const many = Array.from({ length: 51 }, (_, i) => app(`app-${i}`, { labels: { part: 'shop' } }));
    const found = lines([...many, app('db'), policy('db', { ingress: [{ from: [{ podSelector: { matchLabels: { part: 'shop' } } }] }] })]);
    expect(found.filter((line) => line.includes('→ Deployment shop/db'))).toEqual([
      'pods part=shop of namespace shop → Deployment shop/db: all ports',
    ]);
  });
});

test.each<[object[], string]>([
  [[{ port: 53, protocol: 'UDP' }, { port: 53 }], 'TCP 53; UDP 53 (DNS)'],
  [[{ port: 443 }, { port: 6443 }], 'TCP 443, 6443 (API server)'],
  [[{ port: 53 }, { port: 6443 }, { port: 25 }], 'TCP 25, 53, 6443 (DNS, API server)'],
  [[{ port: 443 }], 'TCP 443'],
  [[{ port: 1, endPort: 100 }], 'TCP 1-100'],
  [[{ protocol: 'TCP' }], 'TCP any'],
  [[], 'all ports'],
])('what ports are for is said where their numbers tell: %j', (ports, text) => {
  const objects = [app('web'), policy('web', { policyTypes: ['Ingress', 'Egress'], egress: [{ ports }] })];
  expect(lines(objects)).toEqual([`Deployment shop/web → anything: ${text}`]);
});

describe('workloads', () => {
  test('are what makes pods, whatever the kind', () => {
    const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [] } };
    const metadata = { name: 'x', namespace: 'shop' };
    const objects = [
      { apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec: { jobTemplate: { spec: { template } } } },
      { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: { template } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, labels: { app: 'x' } }, spec: { containers: [] } },
      app('db'),
      policy('db', { ingress: [{ from: [pods('x')] }] }),
    ];
    expect(lines(objects).filter((line) => line.includes('→ Deployment'))).toEqual([
      'CronJob shop/x → Deployment shop/db: all ports',
      'Job shop/x → Deployment shop/db: all ports',
      'Pod shop/x → Deployment shop/db: all ports',
    ]);
  });

  test('a Job’s pods have the label with its name', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate', namespace: 'shop' }, spec: { template: { spec: {} } } };
    const peer = { podSelector: { matchLabels: { 'batch.kubernetes.io/job-name': 'migrate' } } };
    expect(lines([job, app('db'), policy('db', { ingress: [{ from: [peer] }] })])).toContain(
      'Job shop/migrate → Deployment shop/db: all ports',
    );
  });

  test('with generated names, or the same name twice, are kept apart', () => {
    const job = (name: object) => ({ apiVersion: 'batch/v1', kind: 'Job', metadata: name, spec: { template: { spec: {} } } });
    const { pods } = new Connections(
      manifests([job({ generateName: 'a-' }), job({ generateName: 'b-' }), job({}), job({ name: 'c' }), job({ name: 'c' })]),
    );
    expect([...pods.workloads.values()].map(({ title }) => title)).toEqual([
      'Job default/a-*',
      'Job default/b-*',
      'Job default/*',
      'Job default/c',
      'Job default/c (2)',
    ]);
  });
});

test('policies of other makers are named, not understood', () => {
  const other = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: 'x', namespace: 'shop' } });
  const { unread } = new Connections(
    manifests([
      other('cilium.io/v2', 'CiliumNetworkPolicy'),
      other('projectcalico.org/v3', 'NetworkPolicy'),
      other('security.istio.io/v1', 'AuthorizationPolicy'),
      policy('db', {}),
    ]),
  );
  expect(unread.map(({ title }) => title)).toEqual(['CiliumNetworkPolicy shop/x', 'NetworkPolicy shop/x', 'AuthorizationPolicy shop/x']);
});

test('what the everything-on cluster of this library allows', () => {
  const yaml = readFileSync(join(__dirname, '../../golden/ha-postgres.everything.yaml'), 'utf8');
  const found = lines(parseAllDocuments(yaml).map((document) => document.toJS()));
  expect(found.filter((line) => line.includes('→ StatefulSet') || line.startsWith('StatefulSet'))).toEqual([
    '10.30.0.0/16 → StatefulSet shop/everything: TCP 5432',
    ...['backup-full', 'backup-incr', 'drill', 'verify'].map(
      (name) => `CronJob shop/everything-${name} → StatefulSet shop/everything: TCP 8432`,
    ),
    'Deployment shop/everything-pooler → StatefulSet shop/everything: TCP 5432',
    'StatefulSet shop/everything → 10.0.0.1/32: TCP 6444',
    'StatefulSet shop/everything → 10.1.0.0/16: TCP 9000, 9443',
    'StatefulSet shop/everything → StatefulSet shop/everything: TCP 5432, 8008',
    'StatefulSet shop/everything → anything: TCP 53; UDP 53 (DNS)',
    'pods app=prometheus of namespace monitoring → StatefulSet shop/everything: TCP 8008, 9187',
    'pods app=web of namespace till → StatefulSet shop/everything: TCP 5432',
  ]);
});

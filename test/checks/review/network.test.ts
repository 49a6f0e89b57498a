import { policyNotes } from '../../../lib/checks/review/policies';
import { portNotes } from '../../../lib/checks/review/ports';
import type { Json } from '../../support';
import { comparison, deployment, messages, object, template } from './support';

const notes = (before: Json[], after: Json[]) => messages(policyNotes(comparison([...before, deployment()], [...after, deployment()])));
const policy = (spec: object, name = 'p') =>
  object('networking.k8s.io/v1', 'NetworkPolicy', name, { spec: { podSelector: { matchLabels: { app: 'orders' } }, ...spec } });
const from = (...peers: object[]) => ({ from: peers, ports: [{ port: 80 }] });
const pods = (app: string) => ({ podSelector: { matchLabels: { app } } });
const ORDERS = 'pods of shop with app=orders';

test.each<[string, Json[], Json[], string[]]>([
  [
    'another peer',
    [policy({ ingress: [from(pods('a'))] })],
    [policy({ ingress: [from(pods('a'), pods('b'))] })],
    [`risky: ${ORDERS} accept 80/TCP from pods with app=b of the same namespace from now on`],
  ],
  [
    'a peer less',
    [policy({ ingress: [from(pods('a'), pods('b'))] })],
    [policy({ ingress: [from(pods('a'))] })],
    [`risky: ${ORDERS} no longer accept 80/TCP from pods with app=b of the same namespace`],
  ],
  ['anyone', [policy({ ingress: [] })], [policy({ ingress: [{}] })], [`risky: ${ORDERS} accept every port from anyone from now on`]],
  [
    'a namespace',
    [policy({ ingress: [] })],
    [policy({ ingress: [from({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } } })] })],
    [`risky: ${ORDERS} accept 80/TCP from every pod of namespace x from now on`],
  ],
  [
    'some namespaces',
    [policy({ ingress: [] })],
    [policy({ ingress: [from({ namespaceSelector: { matchLabels: { a: 'b' } }, ...pods('c') })] })],
    [expect.stringContaining('from pods with app=c of namespaces with a=b')],
  ],
  [
    'any namespace',
    [policy({ ingress: [] })],
    [policy({ ingress: [from({ namespaceSelector: {} })] })],
    [expect.stringContaining('from every pod of any namespace')],
  ],
  [
    'addresses',
    [policy({ ingress: [] })],
    [policy({ ingress: [from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } })] })],
    [expect.stringContaining('from 10.0.0.0/8 without 10.1.0.0/16')],
  ],
  [
    'a range of ports',
    [policy({ ingress: [] })],
    [policy({ ingress: [{ ports: [{ port: 1, endPort: 9, protocol: 'UDP' }] }] })],
    [expect.stringContaining('accept 1–9/UDP from anyone')],
  ],
  [
    'a way out',
    [policy({ egress: [], policyTypes: ['Egress'] })],
    [policy({ egress: [{ to: [pods('db')], ports: [{ port: 5432 }] }], policyTypes: ['Egress'] })],
    [`risky: ${ORDERS} may connect to 5432/TCP of pods with app=db of the same namespace from now on`],
  ],
  [
    'a rule that moves to another policy',
    [policy({ ingress: [from(pods('a'))] }), policy({ ingress: [] }, 'q')],
    [policy({ ingress: [] }), policy({ ingress: [from(pods('a'))] }, 'q')],
    [],
  ],
  [
    'labels in another order',
    [policy({ podSelector: { matchLabels: { a: '1', b: '2' } } })],
    [policy({ podSelector: { matchLabels: { b: '2', a: '1' } } })],
    [],
  ],
])('a policy with %s', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual(expected);
});

test.each<[string, Json[], Json[], string[]]>([
  [
    'first policy of running pods',
    [],
    [policy({ ingress: [from(pods('a'))] })],
    [`risky: ${ORDERS} accept from now on only 80/TCP from pods with app=a of the same namespace`],
  ],
  ['first policy that lets nothing through', [], [policy({})], [`risky: ${ORDERS} accept nothing any more`]],
  [
    'only policy that is gone',
    [policy({ ingress: [from(pods('a'))] })],
    [],
    ['risky: Deployment shop/orders accept connections from anyone: no policy restricts that any more'],
  ],
  [
    'policy that is gone where another stays',
    [policy({ ingress: [] }), policy({ podSelector: {} }, 'all')],
    [policy({ podSelector: {} }, 'all')],
    [],
  ],
  [
    'policy of pods that are not there',
    [],
    [policy({ podSelector: { matchLabels: { app: 'x' } } })],
    ['safe: pods of shop with app=x accept nothing any more'],
  ],
  [
    'policy that is gone of pods that are not there',
    [policy({ podSelector: { matchLabels: { app: 'x' } } })],
    [],
    ['risky: pods of shop with app=x accept connections from anyone: no policy restricts that any more'],
  ],
])('the %s', (_, before, after, expected) => {
  expect(notes(before, after)).toEqual(expected);
});

test('pods that come with their policy are no news', () => {
  expect(messages(policyNotes(comparison([], [policy({ ingress: [from(pods('a'))] }), deployment()])))).toEqual([]);
});

test('ports of containers', () => {
  const pod = (...ports: object[]) => template({ ports });
  const change = comparison(
    [deployment({}, pod({ containerPort: 80 }))],
    [deployment({}, pod({ containerPort: 80, protocol: 'TCP' }, { containerPort: 9187, name: 'metrics' }))],
  );
  expect(messages(portNotes(change))).toEqual(['safe: opens 9187/TCP (metrics)']);
  expect(messages(portNotes(comparison([deployment({}, pod({ containerPort: 53, protocol: 'UDP' }))], [deployment()])))).toEqual([
    'safe: no longer opens 53/UDP',
  ]);
});

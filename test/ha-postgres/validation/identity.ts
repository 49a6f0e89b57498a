import type { Construct } from 'constructs';
import type { HaPostgres } from '../../../lib';
import { emptyChart, namesOf, postgresIn } from '../../support';
import type { Given, Refusal, Rules } from './rules';

const LONG = 'o'.repeat(41);
const peer = (value: Given) => ({ next: (postgres: HaPostgres) => postgres.allowFrom(value) });

export const identity: Rules = {
  refused: [
    ['6.6/1: name is a DNS label', 'NameInvalid', { name: 'Orders' }, 'name is "Orders", but must be a DNS label of at most 40 characters'],
    ['6.6/1: name begins with a letter', 'NameInvalid', { name: '1orders' }, 'name is "1orders", but must be … that begins with a letter'],
    ['6.6/1: name has room for what is added', 'NameInvalid', { name: LONG }, `name is "${LONG}", but must be … at most 40 characters`],
    [
      '6.6/2: one name, one cluster',
      'ClusterNotUnique',
      { before: (scope: Construct) => postgresIn(scope, { name: 'orders' }, 'first') },
      'name is "orders", but must be different from that of test/first in the same namespace',
    ],
    [
      '6.6/2: one label set, one cluster',
      'ClusterNotUnique',
      {
        before: (scope: Construct) => postgresIn(scope, {}, 'first'),
        props: { patroni: { labels: { application: 'patroni', 'cluster-name': 'first' }, scopeLabel: 'scope' } },
      },
      'patroni.labels is "application=patroni, cluster-name=first, scope=orders", but must be different from that of test/first in the same namespace',
    ],
    [
      "6.6/23: no other pod has Patroni's labels",
      'PodWouldBeMember',
      peer({ podLabels: { application: 'patroni', 'cluster-name': 'orders', app: 'backup' } }),
      'allowFrom(peer).podLabels is {"application":"patroni","cluster-name":"orders","app":"backup"}, but must be without the labels by which Patroni finds its members (application=patroni, cluster-name=orders)',
    ],
    ['clients: somebody', 'PeerEmpty', peer({}), "allowFrom(peer) is {}, but must be … to let everybody in, use { cidr: '0.0.0.0/0' }"],
    [
      'clients: addresses or labels',
      'PeerMixed',
      peer({ cidr: '10.0.0.0/8', namespace: 'a' }),
      'allowFrom(peer) is {"cidr":"10.0.0.0/8","namespace":"a"}, but must be either a cidr or labels: use two calls',
    ],
    [
      'clients: a namespace by name and by labels',
      'PeerMixed',
      peer({ namespace: 'a', namespaceLabels: { team: 'b' } }),
      'allowFrom(peer) is {"namespace":"a","namespaceLabels":{"team":"b"}}, but must be either a namespace or namespaceLabels',
    ],
    ...(['podLabels', 'namespaceLabels'] as const).map(
      (labels): Refusal => [
        `clients: no ${labels} are all`,
        'PeerEverybody',
        peer({ [labels]: {} }),
        `allowFrom(peer).${labels} is {}, but must be left out, or at least one label`,
      ],
    ),
    [
      'clients: a namespace without a name',
      'PeerNamespaceInvalid',
      peer({ namespace: '' }),
      'allowFrom(peer).namespace is "", but must be the name of a namespace',
    ],
    ['clients: nothing', 'PeerInvalid', peer(undefined), 'allowFrom(peer) is missing, but must be a kplus workload, or a selector as'],
    [
      'clients: a name',
      'PeerInvalid',
      { networkPolicy: { clients: ['web'] } },
      'networkPolicy.clients[0] is "web", but must be … { podLabels: { app: \'web\' } }',
    ],
    [
      'clients: a CIDR has a prefix',
      'CidrInvalid',
      peer({ cidr: '10.0.0.1' }),
      `allowFrom(peer).cidr is "10.0.0.1", but must be an address and a prefix length, as '10.20.0.0/16'`,
    ],
    [
      'clients: after synth',
      'AdditionAfterSynth',
      {
        next: (postgres: HaPostgres) => {
          namesOf(postgres.node.scope as never);
          postgres.allowFrom({ namespace: 'shop' });
        },
      },
      'allowFrom(peer) is "called after synth", but must be called before app.synth(), which has read the list',
    ],
  ],
  accepted: [
    ['6.6/1: 40 characters', { name: 'o'.repeat(40) }],
    ['6.6/2: the same name in another chart without namespace, in an app of its own', { before: () => postgresIn(emptyChart()) }],
    ['6.6/23: other pods of one application', peer({ podLabels: { application: 'patroni' } })],
    ['clients: addresses of both families', { next: (p: HaPostgres) => ['10.0.0.0/8', 'fd00::/8'].map((cidr) => p.allowFrom({ cidr })) }],
    ['clients: everybody', peer({ cidr: '0.0.0.0/0' })],
  ],
};

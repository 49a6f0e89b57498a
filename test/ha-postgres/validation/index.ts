import { Size } from 'cdk8s';
import { Image } from '../../../lib';
import { DIGEST } from '../../support';
import type { Rules } from './rules';

export const index: Rules = {
  refused: [
    ['6.6/3: members >= 1', 'MembersNotPositive', { members: 0 }, 'members is 0, but must be a whole number of at least 1'],
    ['6.6/3: members is whole', 'MembersNotPositive', { members: 2.5 }, 'members is 2.5, but must be a whole number of at least 1'],
    ['6.6/3: members is a number', 'MembersNotPositive', { members: '3' }, 'members is "3", but must be a whole number of at least 1'],
    [
      'versions: PostgreSQL',
      'PostgresVersionUnknown',
      { postgresVersion: 12 },
      'postgresVersion is 12, but must be a major version from 13 to 18',
    ],
    [
      'versions: PostgreSQL to come',
      'PostgresVersionUnknown',
      { postgresVersion: 19 },
      'postgresVersion is 19, but must be a major version from 13 to 18',
    ],
    [
      'versions: Patroni',
      'VersionUnknown',
      { patroniVersion: '2.1' },
      `patroniVersion is "2.1", but must be a version as '3.0', no older than that`,
    ],
    [
      'versions: text',
      'VersionUnknown',
      { patroniVersion: 'newest' },
      `patroniVersion is "newest", but must be a version as '3.0', no older than that`,
    ],
    [
      'versions: Kubernetes',
      'VersionUnknown',
      { kubernetesVersion: '1.26' },
      `kubernetesVersion is "1.26", but must be a version as '1.27'`,
    ],
    ['words: dcs', 'ValueUnknown', { dcs: 'etcd' }, `dcs is "etcd", but must be one of 'endpoints', 'configMaps'`],
    [
      'words: durability',
      'ValueUnknown',
      { durability: 'strict' },
      `durability is "strict", but must be one of 'async', 'sync', 'syncStrict', 'quorum'`,
    ],
    [
      'words: spread',
      'ValueUnknown',
      { placement: { spread: 'hard' } },
      `placement.spread is "hard", but must be one of 'preferred', 'required'`,
    ],
    [
      'words: logLevel',
      'ValueUnknown',
      { patroni: { logLevel: 'LOUD' } },
      `patroni.logLevel is "LOUD", but must be one of 'DEBUG', 'INFO'`,
    ],
    [
      '6.6/4: a number of no unit',
      'DurationInvalid',
      { patroni: { ttl: 30 } },
      'patroni.ttl is 30, but must be a Duration, as Duration.seconds(30)',
    ],
    [
      'network: API server',
      'CidrInvalid',
      { networkPolicy: { apiServerCidrs: ['10.0.0.1'] } },
      'networkPolicy.apiServerCidrs is "10.0.0.1", but must be an address and a prefix length',
    ],
    [
      'network: API server port',
      'PortInvalid',
      { networkPolicy: { apiServerPorts: [99999] } },
      'networkPolicy.apiServerPorts is 99999, but must be from 1 to 65535',
    ],
    [
      'network: no address of the API server',
      'ApiServerUnclear',
      { networkPolicy: { apiServerCidrs: [] } },
      'networkPolicy.apiServerCidrs is [], but must be left out for every address, or not empty',
    ],
    [
      'network: no port of the API server',
      'ApiServerUnclear',
      { networkPolicy: { apiServerPorts: [] } },
      'networkPolicy.apiServerPorts is [], but must be left out for 443 and 6443, or not empty',
    ],
    [
      'versions: Patroni that does not know PostgreSQL 18',
      'PatroniTooOld',
      { postgresVersion: 18, patroniVersion: '3.3', image: Image.of('x', { digest: DIGEST }) },
      'patroniVersion is "3.3", but must be 4.0 or later where postgresVersion is 18',
    ],
    [
      '6.6/13: initialSize <= size',
      'InitialSizeTooLarge',
      { storage: { size: Size.gibibytes(10), initialSize: Size.gibibytes(20) } },
      'storage.initialSize is 20480 MiB, but must be at most storage.size',
    ],
    ['words: tuning', 'ValueUnknown', { postgresql: { tuning: 'off' } }, `postgresql.tuning is "off", but must be one of 'auto', 'none'`],
  ],
  warned: [['6.6/12: no WAL volume', 'WalOnDataVolume', { walStorage: undefined }, 'walStorage is missing', 'a volume of its own']],
  accepted: [
    ['the least', {}],
    ['6.6/3: one member', { members: 1 }],
    [
      'versions: Patroni that knows PostgreSQL 18',
      { postgresVersion: 18, patroniVersion: '4.0', image: Image.of('x', { digest: DIGEST }) },
    ],
  ],
};

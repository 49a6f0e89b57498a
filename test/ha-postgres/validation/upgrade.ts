import type { Construct } from 'constructs';
import {
  Adoption,
  BackupTarget,
  Endpoint,
  HaPostgres,
  type HaPostgresProps,
  type PostgresAttributes,
  type UpgradeOptions,
} from '../../../lib';
import { login, postgresIn } from '../../support';
import type { Rules } from './rules';

const SHOP: Partial<HaPostgresProps> = {
  durability: 'sync',
  roles: [{ name: 'shop', ...login('shop') }],
  databases: [{ name: 'shop', owner: 'shop' }],
};

/** A cluster that replaces an existing one, with these changes to the one, its options and the other. */
const upgrade =
  (props: Partial<HaPostgresProps> = {}, options: Partial<UpgradeOptions> = {}, attributes: Partial<PostgresAttributes> = {}) =>
  (scope: Construct) => ({
    ...SHOP,
    upgradeFrom: {
      phase: 'copy' as const,
      source: HaPostgres.fromEndpoints(scope, 'old', {
        primary: new Endpoint('old.example', 5432),
        administrator: login('old'),
        ...attributes,
      }),
      ...options,
    },
    ...props,
  });
const ofLibrary = (parameters: Record<string, string>) => (scope: Construct) => ({
  ...SHOP,
  upgradeFrom: { phase: 'copy' as const, source: postgresIn(scope, { name: 'before', postgresql: { parameters } }, 'old') },
});

export const upgrades: Rules = {
  refused: [
    [
      'words: phase',
      'ValueUnknown',
      upgrade({}, { phase: 'go' as 'copy' }),
      `upgradeFrom.phase is "go", but must be one of 'copy', 'switch', 'cancel'`,
    ],
    ...(
      [
        ['adopt', { adopt: Adoption.patroniExample(), walStorage: undefined, postgresql: { parameters: { max_connections: 1 } } }],
        ['recovery', { recovery: { source: BackupTarget.volume({ claimName: 'x', path: '/x' }) } }],
        ['standbyOf', { standbyOf: { host: 'old.example' } }],
      ] as const
    ).map(([name, props]): Rules['refused'][number] => [
      `born in one way: ${name}`,
      'UpgradeAndOther',
      upgrade(props),
      `${name} is "(given)", but must be left out where upgradeFrom is given`,
    ]),
    [
      'a source is a PostgreSQL',
      'UpgradeSourceInvalid',
      upgrade({}, { source: {} as UpgradeOptions['source'] }),
      'upgradeFrom.source is missing, but must be an HaPostgres',
    ],
    [
      'a source with a superuser',
      'UpgradeAdministratorMissing',
      upgrade({}, {}, { administrator: undefined }),
      'upgradeFrom.source.administrator is "(not given)", but must be known: a superuser',
    ],
    [
      'a name that needs no quotes',
      'RoleNameInvalid',
      upgrade({}, {}, { administrator: { username: "x' host=", ...login('old') } }),
      'upgradeFrom.source.administrator.username is "x\' host=", but must be at most 63 of a-z',
    ],
    ['never backwards', 'UpgradeBackwards', upgrade({}, {}, { postgresVersion: 18 }), 'postgresVersion is 17, but must be 18 or later'],
    [
      'a source that can be followed',
      'UpgradeWalLevel',
      upgrade({}, {}, { walLevel: 'replica' }),
      `upgradeFrom.source is "one with wal_level replica", but must be one with postgresql.parameters: { wal_level: 'logical' }`,
    ],
    [
      'databases that are here',
      'UpgradeDatabaseUnknown',
      upgrade({}, { databases: ['till'] }),
      'upgradeFrom.databases is "till", but must be one of databases: shop',
    ],
    ['something to bring', 'UpgradeNothing', upgrade({ databases: [] }), 'databases is [], but must be at least the databases'],
    [
      'no silent loss in a failover of the new cluster',
      'UpgradeNotSynchronous',
      upgrade({ durability: 'async' }),
      `durability is "async", but must be 'sync', 'syncStrict' or 'quorum' until the switch is done`,
    ],
    [
      '6.6/24: a sidecar named as the one that copies',
      'SidecarNameTaken',
      upgrade({ pod: { sidecars: [{ image: 'x:1', name: 'upgrade' }] } }),
      'pod.sidecars is "upgrade", but must be a container name other than patroni, agent, upgrade',
    ],
  ],
  accepted: [
    ['from the same major, e.g. to another locale', upgrade({}, {}, { postgresVersion: 17 })],
    ['from one of this library', ofLibrary({ wal_level: 'logical' })],
    ['a single member loses nothing by a failover', upgrade({ members: 1, durability: 'async' })],
  ],
};

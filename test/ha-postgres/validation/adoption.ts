import { Size } from 'cdk8s';
import { Adoption, type AdoptionOptions, BackupTarget, type HaPostgresProps, type SecretKey } from '../../../lib';
import { login } from '../../support';
import type { Rules } from './rules';

/** A plain Patroni cluster taken over, with these changes. */
const adopted = (adopt: AdoptionOptions, props: Partial<HaPostgresProps> = {}): Partial<HaPostgresProps> => ({
  adopt: Adoption.patroniExample(adopt),
  walStorage: undefined,
  postgresql: { parameters: { max_connections: 100 } },
  ...props,
});
const withWal = (adopt: AdoptionOptions) => adopted({ walClaim: 'pgwal', ...adopt }, { walStorage: { size: Size.gibibytes(5) } });

export const adoption: Rules = {
  refused: [
    [
      'words',
      'ValueUnknown',
      adopted({ dcs: 'etcd' as 'endpoints' }, { dcs: 'endpoints' }),
      `adopt.dcs is "etcd", but must be one of 'endpoints', 'configMaps'`,
    ],
    [
      'words: passwords',
      'ValueUnknown',
      adopted({ authMethod: 'trust' as 'md5' }),
      `adopt.authMethod is "trust", but must be one of 'md5', 'scram-sha-256'`,
    ],
    ['never root', 'UserIdInvalid', adopted({ userId: 0 }), 'adopt.userId is 0, but must be … at least 1, the owner of the files'],
    ['no half group', 'UserIdInvalid', adopted({ groupId: 1.5 }), 'adopt.groupId is 1.5, but must be a whole number'],
    [
      'a partition of the members',
      'PartitionInvalid',
      adopted({ partition: 4 }),
      'adopt.partition is 4, but must be from 0 (all members are taken over) to members (3, none is yet)',
    ],
    [
      'G24: the other dcs',
      'AdoptOtherDcs',
      adopted({}, { dcs: 'configMaps' }),
      `dcs is "configMaps", but must be 'endpoints', as adopt.dcs: old and new members would hold two locks`,
    ],
    [
      'G25: other labels',
      'AdoptOtherLabels',
      adopted({ labels: { application: 'spilo' } }, { patroni: { labels: { application: 'patroni' } } }),
      'patroni.labels is {"application":"patroni"}, but must be left out, or as adopt.labels: {"application":"spilo"}',
    ],
    [
      'G14: the WAL has a volume',
      'AdoptWalMissing',
      { adopt: Adoption.timescaledbSingle('orders'), walStorage: undefined },
      "walStorage is missing, but must be given: the cluster's WAL is on claim wal-volume … take walClaim out of adopt",
    ],
    [
      'G14: the WAL has no volume',
      'AdoptWalAdded',
      { adopt: Adoption.spilo() },
      'walStorage is "(given)", but must be left out, or adopt.walClaim given: a volume that the old members lack cannot be added',
    ],
    [
      'G14: tablespaces',
      'AdoptTablespaces',
      adopted({}, { postgresql: { tablespaces: [{ name: 'cold', storage: { size: Size.gibibytes(1) } }] } }),
      'postgresql.tablespaces is "(given)", but must be left out where adopt is given',
    ],
    [
      'data is there',
      'AdoptAndRecovery',
      adopted({}, { recovery: { source: BackupTarget.volume({ claimName: 'x', path: '/orders' }) } }),
      'recovery is "(given)", but must be left out where adopt is given',
    ],
    [
      'name of the StatefulSet',
      'NameInvalid',
      adopted({ statefulSetName: 'Orders' }),
      'adopt.statefulSetName is "Orders", but must be the name of the StatefulSet that runs',
    ],
    ['name of a claim', 'NameInvalid', adopted({ dataClaim: 'pg_data' }), 'adopt.dataClaim is "pg_data", but must be the name of a claim'],
    [
      'a claim named as a volume of ours',
      'VolumeNameTaken',
      adopted({ dataClaim: 'run' }),
      'adopt.dataClaim is "run", but must be a name other',
    ],
    [
      'two claims of one name',
      'VolumeNameTaken',
      withWal({ walClaim: 'pgdata' }),
      'adopt.walClaim is "pgdata", but must be different from',
    ],
    ['absolute paths', 'PathInvalid', adopted({ dataMount: 'pgdata' }), 'adopt.dataMount is "pgdata", but must be an absolute path'],
    [
      'a folder below the mount',
      'PathInvalid',
      adopted({ pgdata: '/home/postgres/pgdata' }),
      'adopt.pgdata is "/home/postgres/pgdata", but must be a folder below dataMount (/home/postgres/pgdata): the volume\'s own folder',
    ],
    [
      'a WAL folder below the mount',
      'PathInvalid',
      withWal({ waldir: '/pg_wal' }),
      'adopt.waldir is "/pg_wal", but must be a folder below walMount (/home/postgres/wal)',
    ],
    [
      'a path of ours',
      'MountCollides',
      adopted({ dataMount: '/var', pgdata: '/var/data' }),
      'adopt.dataMount is "/var", but must be a path apart from /var/run/postgresql, which is in use',
    ],
    [
      '6.6/7: a label of its own before Patroni 3.1',
      'LabelValueUnsupported',
      { patroniVersion: '3.0', patroni: { followerLabelValue: 'standby' } },
      `patroni.followerLabelValue is "standby", but must be left out or 'replica', since Patroni before 3.1 cannot change it`,
    ],
    [
      '6.6/15: the names that come with the adoption count',
      'RoleNamesEqual',
      adopted({}, { credentials: { superuser: login('s'), replication: login('r'), rewind: { username: 'standby', ...login('w') } } }),
      'credentials.rewind.username is "standby", but must be a role of its own: credentials.replication has that name',
    ],
    [
      'a password is still needed',
      'CredentialsMissing',
      adopted(
        {},
        { credentials: { superuser: login('s'), replication: { password: undefined as unknown as SecretKey }, rewind: login('w') } },
      ),
      'credentials.replication is missing',
    ],
  ],
  warned: [
    [
      'the shared configuration is replaced',
      'AdoptedParametersUnknown',
      { adopt: Adoption.timescaledbSingle('orders') },
      'postgresql.parameters has no max_connections, and adopt is given',
      'max_prepared_transactions',
      'wal_level',
    ],
    [
      'a policy holds for old members too',
      'AdoptedPolicy',
      withWal({ partition: 2 }),
      'networkPolicy is on while adopt.partition keeps old members',
      'networkPolicy.enabled: false',
    ],
  ],
  accepted: [
    ['all at once', withWal({})],
    ['said twice, and the same', { ...withWal({ dcs: 'endpoints' }), dcs: 'endpoints', patroni: { scopeLabel: 'cluster-name' } }],
    ["Patroni before 3.1, whose word for the leader is 'master'", { ...withWal({ leaderLabelValue: 'master' }), patroniVersion: '3.0' }],
  ],
};

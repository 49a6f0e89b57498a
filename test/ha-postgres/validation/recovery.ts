import { Duration } from 'cdk8s';
import { BackupTarget, RecoveryTarget, SecretKey } from '../../../lib';
import { minimalBackups } from '../../support';
import type { Given, Refusal, Rules } from './rules';

const KEY = SecretKey.of('orders-backup', 'key');
const S3 = { bucket: 'backups', region: 'eu-central-1', credentials: 'auto' } as const;
const target = (path: string) => BackupTarget.s3({ ...S3, path });
const OWN = { ...minimalBackups(), repository: target('/orders/2') };
const SOURCE = target('/orders/1');

/** With own backups in another folder. */
const recovery = (changes: Given) => ({ backups: OWN, recovery: { source: SOURCE, ...changes } });
const standby = (changes: Given) => ({ backups: OWN, standbyOf: changes });
const HOST = 'shop.example';

/** Targets that are none, and what they should be. */
const TARGETS: [given: Given, got: string, expected: string][] = [
  ['2026-11-21', '"2026-11-21"', 'a RecoveryTarget, as RecoveryTarget.time('],
  [RecoveryTarget.time('2026-11-21 13:42:02'), '"2026-11-21 13:42:02"', "a time with its offset, as '2026-11-21 13:42:02+00'"],
  [RecoveryTarget.time('2026-11-21T13:42:02+00'), '"2026-11-21T13:42:02+00"', "a time as '2026-11-21 13:42:02+00', with a space between"],
  [RecoveryTarget.time('2026-11-21 13:42:02Z'), '"2026-11-21 13:42:02Z"', "a time as '2026-11-21 13:42:02+00'"],
  [RecoveryTarget.time('2026-02-29 13:42:02+00'), '"2026-02-29 13:42:02+00"', 'a time as'],
  [RecoveryTarget.time('2026-11-21 24:00:00+00'), '"2026-11-21 24:00:00+00"', 'a time as'],
  [RecoveryTarget.time('yesterday'), '"yesterday"', 'a time as'],
  [RecoveryTarget.time('2026-11-21 13:42:02+00\ntype=none'), '"2026-11-21 13:42:02+00\\ntype=none"', 'a time as'],
  [RecoveryTarget.lsn('3000060'), '"3000060"', "a position in the log, as '0/3000060'"],
  [RecoveryTarget.xid('0x10'), '"0x10"', "a transaction's id"],
  [RecoveryTarget.restorePoint('a\nb'), '"a\\nb"', 'the name of a restore point'],
  [RecoveryTarget.restorePoint(''), '""', 'the name of a restore point'],
  [RecoveryTarget.immediate().exclusive(), '"immediate, exclusive"', 'a time, an lsn or an xid where it is exclusive'],
  [RecoveryTarget.latest().exclusive(), '"default, exclusive"', 'a time, an lsn or an xid where it is exclusive'],
];

export const recoveryRules: Rules = {
  refused: [
    [
      '6.6/17: born or following',
      'RecoveryOfStandby',
      { ...recovery({}), standbyOf: { host: HOST } },
      'recovery is "given beside standbyOf", but must be left out: a cluster is born from a point in the past or follows another one',
    ],
    [
      '6.6/17: a restore overwrites nothing',
      'RepositoryOfSource',
      { backups: OWN, recovery: { source: target('/orders/2/') } },
      `recovery.source is "s3://s3.eu-central-1.amazonaws.com/backups/orders/2", but must be another place than backups.repository, s3://`,
    ],
    [
      '6.6/17: a restore overwrites nothing, by whatever endpoint',
      'RepositoryOfSource',
      recovery({ source: BackupTarget.s3({ ...S3, path: '/orders', endpoint: 's3.dualstack.eu-central-1.amazonaws.com' }) }),
      `recovery.source is "s3://s3.dualstack.eu-central-1.amazonaws.com/backups/orders", but must be another place`,
    ],
    [
      '6.6/18: a standby cluster overwrites nothing',
      'RepositoryOfSource',
      standby({ repository: target('/orders/2') }),
      `standbyOf.repository is "s3://s3.eu-central-1.amazonaws.com/backups/orders/2", but must be another place`,
    ],
    ['6.6/17: a source', 'BackupTargetInvalid', recovery({ source: undefined }), 'recovery.source is missing, but must be a store'],
    [
      '6.6/17: a source by its name',
      'RepositoryPathInvalid',
      recovery({ source: target('/') }),
      'recovery.source.path is "/", but must be a folder',
    ],
    [
      '6.6/17: no literal passphrase',
      'SecretLiteral',
      recovery({ encryptionKey: 'hunter2' }),
      'recovery.encryptionKey is "(not shown)", but must be a reference',
    ],
    [
      "6.6/17: the other cluster's stanza",
      'StanzaInvalid',
      recovery({ stanza: 'a]\n[global' }),
      'recovery.stanza is "a]\\n[global", but must be at most 63 letters',
    ],
    ...TARGETS.map(
      ([value, got, expected]): Refusal => [
        `6.6/17: target ${got}`,
        'RecoveryTargetInvalid',
        recovery({ target: value, set: '20261121-021200F' }),
        `recovery.target is ${got}, but must be ${expected}`,
      ],
    ),
    ...[RecoveryTarget.xid('600'), RecoveryTarget.restorePoint('before the upgrade')].map(
      (value): Refusal => [
        `6.6/17: ${value.type} without set`,
        'BackupSetMissing',
        recovery({ target: value }),
        'recovery.set is missing, but must be given for a transaction id or a restore point',
      ],
    ),
    ...['20261121-021200', 'latest', '20261121-021200F_20261122-021200F', '20261121-021200F\n'].map(
      (set): Refusal => [
        `6.6/17: set ${set}`,
        'BackupSetInvalid',
        recovery({ set }),
        `recovery.set is ${JSON.stringify(set)}, but must be a backup's label as \`pgbackrest info\` shows it`,
      ],
    ),
    ...[0, 1.5, 'newest'].map(
      (timeline): Refusal => [
        `6.6/17: timeline ${timeline}`,
        'TimelineInvalid',
        recovery({ timeline }),
        `recovery.timeline is ${JSON.stringify(timeline)}, but must be a whole number of at least 1, 'current' or 'latest'`,
      ],
    ),
    [
      '6.6/17: timeline of a backup',
      'TimelineInvalid',
      recovery({ target: RecoveryTarget.immediate(), timeline: 'current' }),
      'recovery.timeline is "current", but must be left out for RecoveryTarget.immediate()',
    ],
    ['6.6/18: somebody to follow', 'StandbySourceMissing', standby({}), 'standbyOf is {}, but must be given a host'],
    [
      '6.6/18: a host without its port',
      'HostInvalid',
      standby({ host: 'shop.example:5432' }),
      'standbyOf.host is "shop.example:5432", but must be a host name or an address, without a port',
    ],
    ['6.6/18: a port', 'PortInvalid', standby({ host: HOST, port: 70000 }), 'standbyOf.port is 70000, but must be from 1 to 65535'],
    [
      '6.6/18: a repository',
      'BackupTargetInvalid',
      standby({ repository: {} }),
      'standbyOf.repository is "(not shown)", but must be a store',
    ],
    [
      '6.6/18: no literal passphrase',
      'SecretLiteral',
      standby({ repository: SOURCE, encryptionKey: 'hunter2' }),
      'standbyOf.encryptionKey is "(not shown)", but must be a reference',
    ],
    [
      '6.6/18: a slot by its name',
      'SlotNameInvalid',
      standby({ host: HOST, primarySlotName: 'DR site' }),
      'standbyOf.primarySlotName is "DR site", but must be at most 63 of a-z, 0-9 and _, beside a host',
    ],
    [
      '6.6/18: a slot of a host',
      'SlotNameInvalid',
      standby({ repository: SOURCE, primarySlotName: 'dr' }),
      'standbyOf.primarySlotName is "dr", but must be … beside a host',
    ],
    [
      '6.6/18: a delay',
      'TimeInvalid',
      standby({ host: HOST, applyDelay: Duration.millis(1500) }),
      'standbyOf.applyDelay is 1 second 500 millis, but must be a Duration of whole seconds',
    ],
    ...[
      'orders',
      'orders.shop',
      'orders.shop.svc.cluster.local',
      'orders-replica.shop.svc',
      'orders-pods',
      'orders-1.orders-pods.shop',
    ].map(
      (host): Refusal => [
        `6.6/18: not itself, ${host}`,
        'StandbyOfItself',
        { before: (chart: Given) => Object.assign(chart, { namespace: 'shop' }), props: standby({ host }) },
        `standbyOf.host is "${host}", but must be another cluster's: this is the name of its own Service`,
      ],
    ),
  ],
  warned: [
    [
      '6.6/17: a restored cluster has backups',
      'RecoveryWithoutBackups',
      { recovery: { source: SOURCE } },
      'recovery is given and backups are not',
      'give backups a path of its own',
    ],
    [
      '6.6/18: names of its own',
      'StandbyHasSameName',
      standby({ host: 'orders.till.svc' }),
      "standbyOf.host is 'orders.till.svc'",
      'give this one another name',
    ],
    [
      "6.6/17: uriStyle of a source's host",
      'UriStyleDoubtful',
      recovery({
        source: BackupTarget.s3({ path: '/orders/1', bucket: 'backups', region: 'eu', endpoint: 'minio:9000', credentials: 'auto' }),
      }),
      "recovery.source.endpoint is 'minio:9000'",
    ],
  ],
  accepted: [
    ['6.6/17: the end of the archive', recovery({ encryptionKey: KEY, stanza: 'old_orders' })],
    ['6.6/17: a time', recovery({ target: RecoveryTarget.time('2028-02-29 23:59:59.123456-03:30').exclusive() })],
    ['6.6/17: a position', recovery({ target: RecoveryTarget.lsn('16/B374D848'), timeline: 3 })],
    ['6.6/17: a transaction', recovery({ target: RecoveryTarget.xid('600'), set: '20261121-021200F' })],
    ['6.6/17: a name', recovery({ target: RecoveryTarget.restorePoint('before 2.0'), set: '20261121-021200F_20261122-021200I' })],
    ['6.6/17: a backup', recovery({ target: RecoveryTarget.immediate() })],
    ['6.6/17: the backup’s own timeline', recovery({ timeline: 'current' })],
    ['6.6/18: a host', standby({ host: HOST, port: 5433, primarySlotName: 'dr_1', applyDelay: Duration.hours(1) })],
    ['6.6/18: an address', standby({ host: 'fd00::7' })],
    ['6.6/18: a member of a namesake elsewhere', standby({ host: 'orders-replica.elsewhere.svc' })],
    ['6.6/18: no Service of its own', standby({ host: 'orders-pooler' })],
    ['6.6/18: a repository', standby({ repository: SOURCE })],
    ['6.6/18: without own backups', { standbyOf: { host: HOST, repository: SOURCE } }],
  ],
};

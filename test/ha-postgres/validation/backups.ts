import { Cron, Duration, Size } from 'cdk8s';
import type { Construct } from 'constructs';
import { BackupTarget, CertificateSource, SecretKey } from '../../../lib';
import { minimalBackups, postgresIn } from '../../support';
import type { Given, Refusal, Rules, Warning } from './rules';

/** Changes to the minimal backups. */
const backups = (changes: Given) => ({ backups: { ...minimalBackups(), ...changes } });
const schedules = (changes: Given) => backups({ schedules: changes });
const schedule = (full: Given) => schedules({ full, incremental: false });

const KEY = SecretKey.of('orders-backup', 'key');
const S3 = { path: '/orders/1', bucket: 'backups', region: 'eu-central-1', credentials: 'webIdentity' } as const;
const s3 = (changes: Given) => backups({ repository: BackupTarget.s3({ ...S3, ...changes }) });
const gcs = (changes: Given) =>
  backups({ repository: BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: 'auto', ...changes }) });
const AZURE = { path: '/orders/1', account: 'shop', container: 'backups', credentials: { sharedKey: KEY } };
const azure = (changes: Given) => backups({ repository: BackupTarget.azure({ ...AZURE, ...changes }) });
const SFTP = { path: '/orders/1', host: 'files.example', user: 'backup', privateKey: KEY, hostFingerprint: 'ab'.repeat(32) };
const sftp = (changes: Given) => backups({ repository: BackupTarget.sftp({ ...SFTP, ...changes }), pgbackrestVersion: '2.55' });
const volume = (claimName: Given) => backups({ repository: BackupTarget.volume({ path: '/orders/1', claimName }) });

const prop = 'backups.repository';

/** Paths that could leave the folder, or end the line of a configuration. */
const PATHS: Refusal[] = [
  undefined,
  '',
  '/',
  'orders/1',
  '//',
  '/orders//1',
  '/orders/../1',
  '/.',
  '/orders 1',
  '/orders\nrepo1-type=posix',
].map((path) => [
  `6.6/16: path ${JSON.stringify(path)}`,
  'RepositoryPathInvalid',
  s3({ path }),
  `${prop}.path is ${path === undefined ? 'missing' : JSON.stringify(path)}, but must be a folder below the store's root, as '/orders/1'`,
]);

/** Options of stores: which, the kind's changes, what was given, and what is expected. */
const OPTIONS: [option: string, given: Given, got: string, expected: string][] = [
  ['bucket', s3({ bucket: undefined }), 'missing', "a bucket's name, without dots"],
  ['bucket', s3({ bucket: '' }), 'missing', "a bucket's name, without dots"],
  ['bucket', s3({ bucket: 'my.backups' }), '"my.backups"', "a bucket's name, without dots"],
  ['bucket', s3({ bucket: 'a\nrepo1-path=/b' }), '"a\\nrepo1-path=/b"', "a bucket's name"],
  ['region', s3({ region: undefined }), 'missing', "a region, as 'eu-central-1'"],
  ['region', s3({ region: 'eu central' }), '"eu central"', "a region, as 'eu-central-1'"],
  ['kmsKeyId', s3({ kmsKeyId: 'a b' }), '"a b"', 'the id or ARN of a key'],
  ['bucket', gcs({ bucket: undefined }), 'missing', "a bucket's name"],
  ['account', azure({ account: undefined }), 'missing', 'the name of a storage account'],
  ['account', azure({ account: 'Shop' }), '"Shop"', 'the name of a storage account'],
  ['container', azure({ container: 'a--b' }), '"a--b"', 'the name of a container'],
  ['host', sftp({ host: undefined }), 'missing', 'a host name or an address'],
  ['host', sftp({ host: 'files.example:22' }), '"files.example:22"', 'a host name or an address, without a port'],
  ['user', sftp({ user: 'a=b' }), '"a=b"', "a user's name"],
  ['hostFingerprint', sftp({ hostFingerprint: 'ab'.repeat(20) }), `"${'ab'.repeat(20)}"`, '64 hexadecimal digits'],
  ['hostFingerprint', sftp({ hostFingerprint: 'AB'.repeat(32) }), `"${'AB'.repeat(32)}"`, '64 hexadecimal digits in lower case'],
  ['claimName', volume(undefined), 'missing', 'the name of a PersistentVolumeClaim'],
  ['claimName', volume('My_Claim'), '"My_Claim"', 'the name of a PersistentVolumeClaim'],
];

const CREDENTIALS: Refusal[] = [
  [s3({ credentials: undefined }), 'missing', '{ accessKey: SecretKey.of(…)'],
  [s3({ credentials: 'hunter2' }), '"(not shown)"', '{ accessKey: SecretKey.of(…)'],
  [gcs({ credentials: 'hunter2' }), '"(not shown)"', "a reference to the service account's key"],
  [azure({ credentials: 'hunter2' }), '"(not shown)"', '{ sharedKey: SecretKey.of(…) }'],
  [azure({ credentials: KEY }), '"(not shown)"', '{ sharedKey: SecretKey.of(…) }'],
].map(
  ([given, got, expected], i): Refusal => [
    `6.6/15: credentials of a store ${i}`,
    'StoreCredentialsInvalid',
    given,
    `${prop}.credentials is ${got}, but must be ${expected}`,
  ],
);

const SECRETS: Refusal[] = (
  [
    ['repository.credentials.accessKey', s3({ credentials: { accessKey: 'hunter2', secretKey: KEY } })],
    ['repository.credentials.secretKey', s3({ credentials: { accessKey: KEY, secretKey: { value: 'hunter2' } } })],
    ['repository.credentials.sessionToken', s3({ credentials: { accessKey: KEY, secretKey: KEY, sessionToken: 'hunter2' } })],
    ['repository.credentials.sharedKey', azure({ credentials: { sharedKey: 'hunter2' } })],
    ['repository.credentials.sas', azure({ credentials: { sas: 'hunter2' } })],
    ['repository.privateKey', sftp({ privateKey: 'hunter2' })],
    ['encryptionKey', backups({ encryptionKey: 'hunter2' })],
  ] as [string, Given][]
).map(([option, given]) => [
  `6.6/15: no literal ${option}`,
  'SecretLiteral',
  given,
  `backups.${option} is "(not shown)", but must be a reference to a Secret, as SecretKey.of('orders-backup', 'key')`,
]);

/** Schedules that are none, and what they should be. */
const CRON: [given: Given, expected: string][] = [
  ['', 'five fields'],
  ['every day', "five fields, minute hour day month weekday, as '12 2 * * 0'"],
  ['0 12 2 * * 0', 'five fields, minute hour day month weekday: CloudNativePG has a sixth, for seconds, in front'],
  ['60 2 * * *', 'right in its field for the minute, 0 to 59'],
  ['0 24 * * *', 'right in its field for the hour, 0 to 23'],
  ['0 2 0 * *', 'right in its field for the day of the month, 1 to 31'],
  ['0 2 * 13 *', 'right in its field for the month, 1 to 12'],
  ['0 2 * * 7', 'right in its field for the day of the week, 0 to 6 from Sunday'],
  ['0 2 * * 5-1', 'right in its field for the day of the week'],
  ['*/0 2 * * *', 'right in its field for the minute'],
  ['1, 2 * * *', 'right in its field for the minute'],
  ['0 2 30 2 *', 'a time that comes: no year has that day'],
  ['0 2 31 apr,jun *', 'a time that comes: no year has that day'],
  ['CRON_TZ=Europe/Berlin 0 2 * * *', 'without a time zone of its own, which is prop timeZone beside it'],
  ['TZ=UTC 0 2 * * *', 'without a time zone of its own, which is prop timeZone beside it'],
  ['@reboot', 'one of @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly, or five fields'],
  [{ cron: '0 2 * * *' }, "five fields of cron, as '12 2 * * 0', or false"],
];

const old = (pgbackrestVersion: string, changes: Given) => backups({ pgbackrestVersion, ...changes });
const TOO_OLD: Refusal[] = [
  ['blockIncremental', 'true', old('2.45', { blockIncremental: true }), '2.46', '2.45'],
  ['from', '"preferStandby"', old('2.53', { from: 'preferStandby' }), '2.54', '2.53'],
  ['repository', '"a store by SFTP"', old('2.47', { repository: BackupTarget.sftp(SFTP) }), '2.48', '2.47'],
  ['repository.credentials', '"podIdentity"', s3({ credentials: 'podIdentity' }), '2.58', '2.54'],
  ['repository.credentials', '"auto"', azure({ credentials: 'auto' }), '2.58', '2.54'],
].map(
  ([option, got, given, needed, have]): Refusal => [
    `6.6/16: ${option} in its version`,
    'PgbackrestTooOld',
    given,
    `backups.${option} is ${got}, but must be left out, since it needs pgBackRest ${needed} and backups.pgbackrestVersion is '${have}'`,
  ],
);

const ENDPOINTS: Refusal[] = (
  [
    ['https://minio.shop.svc', ': leave the scheme out'],
    ['http://minio.shop.svc:9000', ': leave the scheme out'],
    ['minio.shop.svc/backups', ': leave the path out'],
    ['minio.shop.svc:99999', "as 'minio.shop.svc:9000'"],
    ['minio\nrepo1-path=/', "as 'minio.shop.svc:9000'"],
  ] as const
).map(([endpoint, cure]) => [
  `6.6/16: endpoint ${JSON.stringify(endpoint)}`,
  'EndpointInvalid',
  s3({ endpoint }),
  `${prop}.endpoint is ${JSON.stringify(endpoint)}, but must be a host, and a port where it is not 443 … ${cure}`,
]);

const NUMBERS: Refusal[] = (
  [
    [
      'RetentionInvalid',
      'retention.full',
      0,
      { retention: { full: 0 } },
      'a whole number of at least 1: with none, every backup would expire',
    ],
    ['RetentionInvalid', 'retention.full', 1.5, { retention: { full: 1.5 } }, 'a whole number of at least 1'],
    ['RetentionInvalid', 'retention.full', 'missing', { retention: undefined }, 'a whole number of at least 1'],
    ['ProcessesInvalid', 'processes', 0, { processes: 0 }, 'a whole number from 1 to 999'],
    ['TimeInvalid', 'archiveTimeout', '0 seconds', { archiveTimeout: Duration.seconds(0) }, 'a Duration of whole seconds, at least 1'],
    ['TimeInvalid', 'archiveTimeout', 60, { archiveTimeout: 60 }, 'a Duration of whole seconds'],
    ['TimeInvalid', 'deadline', '1 second 500 millis', { deadline: Duration.millis(1500) }, 'a Duration of whole seconds'],
    ['SizeInvalid', 'archiveQueueMax', '"4GB"', { archiveQueueMax: '4GB' }, 'a Size of at least 1 MiB'],
    ['ValueUnknown', 'retention.fullType', '"time"', { retention: { full: 1, fullType: 'time' } }, "one of 'count', 'days'"],
    ['ValueUnknown', 'from', '"replica"', { from: 'replica' }, "one of 'primary', 'preferStandby', 'standby'"],
    ['ValueUnknown', 'compression', '"xz"', { compression: 'xz' }, "one of 'none', 'gz', 'lz4', 'zst', 'bz2'"],
    ['VersionUnknown', 'pgbackrestVersion', '"2.44"', { pgbackrestVersion: '2.44' }, "a version as '2.45', no older than that"],
    ['StanzaInvalid', 'stanza', '"a b"', { stanza: 'a b' }, 'at most 63 letters, digits, _ and -'],
    ['StanzaInvalid', 'stanza', '"global"', { stanza: 'global' }, 'at most 63 letters, digits, _ and -'],
  ] as [string, string, unknown, Given, string][]
).map(([code, option, got, changes, expected]) => [
  `6.6/16: ${option} ${got}`,
  code,
  backups(changes),
  `backups.${option} is ${got}, but must be ${expected}`,
]);

const ZONES: Refusal[] = ['Europe/Atlantis', 'europe/berlin', '+02:00', 'Local', ''].map((timeZone) => [
  `6.6/16: time zone ${timeZone}`,
  'TimeZoneUnknown',
  schedules({ timeZone }),
  `backups.schedules.timeZone is "${timeZone}", but must be a name of the time zone database, as 'Europe/Berlin' or 'Etc/UTC'`,
]);

const DRILLS: Refusal[] = [
  [
    '6.6/16: a drill has a volume',
    'SizeInvalid',
    backups({ drill: { storage: {} } }),
    'backups.drill.storage.size is missing, but must be a Size',
  ],
  [
    '6.6/16: a drill asks something',
    'DrillOptionEmpty',
    backups({ drill: { storage: { size: Size.gibibytes(1) }, query: ' ' } }),
    'backups.drill.query is " ", but must be SQL that returns a row where the data is right',
  ],
  [
    '6.6/16: a schedule of drills has a drill',
    'DrillMissing',
    schedules({ drill: '0 3 1 * *' }),
    'backups.drill is missing, but must be given where schedules.drill is',
  ],
];

const URI_STYLES: Warning[] = ['10.0.0.7', '[fd00::7]', 'minio.shop.svc:9000'].map((endpoint) => [
  `6.6/16: uriStyle of ${endpoint}`,
  'UriStyleDoubtful',
  s3({ endpoint }),
  `backups.repository.endpoint is '${endpoint}' and uriStyle is 'host' by default`,
  "give uriStyle: 'path'",
]);

export const backupRules: Rules = {
  refused: [
    [
      '6.6/16: a certificate for members and Jobs',
      'CertificateMissing',
      { name: 'shop', ...backups({ certificate: undefined }) },
      "backups.certificate is missing, but must be CertificateSource.certManager({ issuer }), or CertificateSource.secret('shop-pgbackrest-tls') … three lines",
    ],
    ...[undefined, 'hunter2', { bucket: 'backups' }].map(
      (repository): Refusal => [
        '6.6/16: a repository',
        'BackupTargetInvalid',
        backups({ repository }),
        `${prop} is ${repository ? '"(not shown)"' : 'missing'}, but must be a store, as BackupTarget.s3({`,
      ],
    ),
    ...PATHS,
    ...OPTIONS.map(
      ([option, given, got, expected]): Refusal => [
        `6.6/16: ${option} ${got}`,
        'StoreOptionInvalid',
        given,
        `${prop}.${option} is ${got}, but must be ${expected}`,
      ],
    ),
    ...ENDPOINTS,
    ['words: uriStyle', 'ValueUnknown', s3({ uriStyle: 'virtual' }), `${prop}.uriStyle is "virtual", but must be one of 'host', 'path'`],
    ['6.6/16: port', 'PortInvalid', sftp({ port: 0 }), `${prop}.port is 0, but must be from 1 to 65535`],
    [
      '6.6/16: authority',
      'AuthorityInvalid',
      s3({ authority: '-----BEGIN' }),
      `${prop}.authority is "(not shown)", but must be a reference, by SecretKey.of or ConfigMapKey.of`,
    ],
    ...CREDENTIALS,
    ...SECRETS,
    ...NUMBERS,
    ...CRON.map(
      ([given, expected]): Refusal => [
        `6.6/16: schedule ${JSON.stringify(given)}`,
        'ScheduleInvalid',
        schedule(given),
        `backups.schedules.full is ${JSON.stringify(given)}, but must be ${expected}`,
      ],
    ),
    [
      "6.6/16: schedule of cdk8s' type",
      'ScheduleInvalid',
      schedules({ verify: Cron.schedule({ minute: '61' }) }),
      'backups.schedules.verify is "61 * * * *", but must be right in its field for the minute',
    ],
    ...ZONES,
    [
      '6.6/16: incremental without full',
      'IncrementalWithoutFull',
      schedules({ full: false }),
      'backups.schedules.full is false, but must be a schedule where incremental backups have one',
    ],
    ...DRILLS,
    [
      '6.6/16: a standby to copy from',
      'StandbyMissing',
      { members: 1, ...backups({ from: 'standby' }) },
      `backups.from is "standby", but must be 'primary' or 'preferStandby' where members is 1`,
    ],
    ...TOO_OLD,
    [
      '6.6/16: a folder for each cluster',
      'RepositoryNotUnique',
      {
        before: (scope: Construct) => postgresIn(scope, s3({ endpoint: 's3.eu-central-1.amazonaws.com:443' }), 'first'),
        props: s3({ path: '/orders/1/' }),
      },
      'backups.repository is "s3://s3.eu-central-1.amazonaws.com/backups/orders/1", but must be a place of its own: test/first has its backups in s3://',
    ],
    [
      '6.6/16: a folder for each cluster, by whatever endpoint',
      'RepositoryNotUnique',
      { before: (scope: Construct) => postgresIn(scope, s3({ endpoint: 's3.amazonaws.com' }), 'first'), props: s3({}) },
      'backups.repository is "s3://s3.eu-central-1.amazonaws.com/backups/orders/1", but must be … test/first has its backups in s3://s3.amazonaws.com/backups/orders/1',
    ],
    [
      "6.6/16: no folder within another cluster's",
      'RepositoryNotUnique',
      { before: (scope: Construct) => postgresIn(scope, s3({}), 'first'), props: s3({ path: '/orders/1/new' }) },
      'backups.repository is "s3://s3.eu-central-1.amazonaws.com/backups/orders/1/new", but must be a place of its own',
    ],
    [
      '6.6/25: a certificate that ends too soon',
      'CertificateTimeInvalid',
      { backups: { ...minimalBackups(), certificate: CertificateSource.certManager({ issuer: 'ca', duration: Duration.minutes(5) }) } },
      'backups.certificate.duration is 5 minutes, but must be a Duration of at least 60 minutes',
    ],
    [
      '6.6/16: a folder for each cluster of a claim',
      'RepositoryNotUnique',
      { before: (scope: Construct) => postgresIn(scope, volume('shared'), 'first'), props: { ...volume('shared') } },
      'backups.repository is "volume://shared/orders/1", but must be a place of its own',
    ],
    ...(['storeCidrs', 'storePorts'] as const).map(
      (list): Refusal => [
        `6.6/27: ${list} is not empty`,
        'StoreUnreachable',
        { networkPolicy: { [list]: [] } },
        `networkPolicy.${list} is [], but must be left out … backups and the archive need the store`,
      ],
    ),
    [
      '6.6/27: storeCidrs',
      'CidrInvalid',
      { networkPolicy: { storeCidrs: ['10.0.0.7'] } },
      'networkPolicy.storeCidrs is "10.0.0.7", but must be an address and a prefix length',
    ],
    [
      '6.6/27: storePorts',
      'PortInvalid',
      { networkPolicy: { storePorts: [0] } },
      'networkPolicy.storePorts is 0, but must be from 1 to 65535',
    ],
  ],
  warned: [
    ['6.6/16: no backups', 'BackupsMissing', {}, 'backups are missing', 'nothing else can bring lost rows back'],
    [
      '6.6/16: a path of its own',
      'RepositoryPathGeneral',
      s3({ path: '/backups' }),
      "backups.repository.path is '/backups'",
      "name both, as '/orders/1'",
    ],
    ...URI_STYLES,
    [
      '6.6/27: a port that is not the endpoint’s',
      'StorePortClosed',
      { ...s3({ path: '/orders/1', endpoint: 'minio:9000', uriStyle: 'path' }), networkPolicy: { storePorts: [443] } },
      'networkPolicy.storePorts is [443], without 9000 of backups.repository',
    ],
    [
      '6.6/16: a queue that drops',
      'ArchiveDrops',
      backups({ archiveQueueMax: Size.gibibytes(4) }),
      'backups.archiveQueueMax is 4096 MiB',
      "PostgreSQL's log is dropped",
    ],
    ['6.6/16: suspended', 'BackupsSuspended', backups({ suspended: true }), 'backups.suspended is true: no backup is made'],
    [
      '6.6/16: no schedule',
      'BackupsUnscheduled',
      schedules({ full: false, incremental: false }),
      'backups.schedules has neither full nor incremental',
    ],
    ...(
      [
        ['12 2 * * *', undefined],
        ['12 2 1 * *', undefined],
        ['@daily', '0 */6 * * *'],
        ['0 2 * * sun', '0 2 1,15 * MON-fri'],
      ] as const
    ).map(
      ([full, incremental]): Warning => [
        `6.6/16: full ${full}, incremental ${incremental}`,
        'SchedulesCoincide',
        schedules({ full, incremental }),
        `backups.schedules.full '${full}'`,
        'meet in a minute',
      ],
    ),
  ],
  accepted: [
    ['6.6/16: the least', backups({})],
    ['6.6/16: a path with a generation alone', s3({ path: '/backups-2' })],
    ['6.6/16: a path with the name alone', s3({ path: '/shop/orders/' })],
    ['6.6/16: a host of a port with its style', s3({ endpoint: 'minio.shop.svc:9000', uriStyle: 'path' })],
    ['6.6/16: a host by name', s3({ endpoint: 's3.example' })],
    [
      '6.6/16: an address with its style',
      s3({ endpoint: '[fd00::7]:9000', uriStyle: 'path', kmsKeyId: 'arn:aws:kms:eu-central-1:1:key/a-b' }),
    ],
    ['6.6/16: GCS', gcs({})],
    ['6.6/16: Azure', azure({})],
    ['6.6/16: SFTP', sftp({ port: 2222 })],
    ['6.6/16: a volume', volume('backups')],
    [
      '6.6/16: the newest',
      { ...azure({ credentials: 'auto' }), ...old('2.58', { repository: BackupTarget.azure({ ...AZURE, credentials: 'auto' }) }) },
    ],
    ['6.6/16: a leap day', schedule('0 2 29 2 *')],
    ['6.6/16: a day that some month has', schedule('0 2 31 1-4 *')],
    ['6.6/16: 30 February or Mondays', schedule('0 2 30 2 1')],
    ['6.6/16: names, steps and lists', schedule('*/20,5 2-6/2 ? JAN,mar-May sun,2-4')],
    ['6.6/16: a word', schedule('@weekly')],
    ["6.6/16: cdk8s' type", schedules({ full: Cron.weekly(), incremental: Cron.schedule({ minute: '30', hour: '1' }) })],
    ['6.6/16: apart by a minute', schedules({ full: '0 2 * * *', incremental: '1 2 * * *' })],
    ['6.6/16: apart by the day of the week', schedules({ full: '0 2 * * 0', incremental: '0 2 * * 1-6' })],
    ['6.6/16: no incremental', schedules({ incremental: false, verify: false })],
    ...['Europe/Berlin', 'UTC', 'Etc/UTC', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'Etc/GMT+3'].map(
      (timeZone): [string, Given] => [`6.6/16: time zone ${timeZone}`, schedules({ timeZone })],
    ),
    [
      '6.6/16: two folders of one bucket',
      { before: (scope: Construct) => postgresIn(scope, s3({ path: '/orders/2' }), 'first'), props: s3({}) },
    ],
    ['6.6/27: where the store is', { networkPolicy: { storeCidrs: ['10.0.0.0/8'], storePorts: [9000] } }],
  ],
};

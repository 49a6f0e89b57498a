import { Cron, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import {
  type BackupOptions,
  type BackupSchedules,
  BackupTarget,
  type CallbackOptions,
  CertificateSource,
  type CertManagerOptions,
  ConfigMapKey,
  type DashboardOptions,
  type DatabaseOptions,
  type DisruptionBudgetOptions,
  type ExporterOptions,
  type ExtensionOptions,
  type ExternalSecretsOptions,
  type GatewayRouteOptions,
  HaPostgres,
  type HaPostgresCredentials,
  type HaPostgresProps,
  Image,
  type InitdbOptions,
  type Login,
  type MonitoringOptions,
  type NetworkPolicyOptions,
  type PatroniOptions,
  type Placement,
  type PodMonitorOptions,
  type PodOptions,
  type PoolerOptions,
  type PostgresqlOptions,
  type ProbeOptions,
  type RecoveryOptions,
  RecoveryTarget,
  type RestApiOptions,
  type RestoreDrillOptions,
  type RetentionOptions,
  type RoleOptions,
  type RuleOptions,
  type RuleThresholds,
  type S3Keys,
  type S3TargetOptions,
  SecretKey,
  type ServiceOptions,
  type ServicesOptions,
  type SftpTargetOptions,
  type Storage,
  type TablespaceOptions,
  type TlsOptions,
  type Toleration,
  warningsOf,
} from '../../lib';
import { DIGEST, emptyChart, login, minimalProps, namesOf, outcomeOf } from '../support';
import { manifest, paths, reviewed, without } from './manifest';

/** Not built yet; empty when issue by issue they are. */
type Later =
  | 'adopt' // shown in adoption.test.ts: it excludes some of the others
  | 'upgradeFrom'; // shown in upgrade.test.ts: likewise

/** Never beside `recovery`: recovery.test.ts has all of its options. */
type Apart = 'standbyOf';
type Full<T> = Required<Omit<T, Later | Apart>>;

/** Every prop and every option: a new one does not compile until it is used here, and then shows in the golden. */
interface Everything extends Full<HaPostgresProps> {
  readonly credentials: { readonly [K in 'superuser' | 'replication' | 'rewind']: Required<Login> } & Required<HaPostgresCredentials> & {
      readonly externalSecrets: Required<ExternalSecretsOptions>;
    };
  readonly roles: [Required<RoleOptions>, RoleOptions];
  readonly databases: [Required<DatabaseOptions>];
  readonly storage: Required<Storage>;
  readonly walStorage: Required<Storage>;
  readonly postgresql: Full<PostgresqlOptions> & {
    readonly initdb: Required<InitdbOptions>;
    readonly tablespaces: [Required<TablespaceOptions>];
    readonly extensions: [Required<ExtensionOptions>, ...ExtensionOptions[]];
  };
  readonly patroni: Full<PatroniOptions> & { readonly callbacks: Required<CallbackOptions>; readonly restApi: Required<RestApiOptions> };
  readonly tls: Required<TlsOptions>;
  readonly services: Required<ServicesOptions> & {
    readonly primary: Required<ServiceOptions>;
    readonly replica: Required<ServiceOptions>;
    readonly route: Required<Omit<GatewayRouteOptions, 'hostnames'>>; // they need tls, and make another object: see route.test.ts
  };
  readonly placement: Required<Placement> & { readonly tolerations: [Required<Toleration>] };
  readonly disruptionBudget: Required<Omit<DisruptionBudgetOptions, 'minAvailable'>>; // instead of maxUnavailable, never with it
  readonly pod: Full<PodOptions> & { readonly probes: Required<ProbeOptions> };
  readonly networkPolicy: Required<NetworkPolicyOptions>;
  readonly backups: Required<BackupOptions> & {
    readonly retention: Required<RetentionOptions>;
    readonly schedules: Required<BackupSchedules>;
    readonly drill: Required<RestoreDrillOptions> & { readonly storage: Required<RestoreDrillOptions['storage']> };
  };
  readonly recovery: Required<RecoveryOptions>;
  readonly monitoring: Required<MonitoringOptions> & {
    readonly exporter: Required<ExporterOptions>;
    readonly podMonitor: Required<PodMonitorOptions>;
    readonly rules: Required<RuleOptions> & { readonly thresholds: Required<RuleThresholds> };
    readonly dashboard: Required<DashboardOptions>;
  };
  readonly pooler: Required<PoolerOptions> & {
    readonly service: Required<ServiceOptions>;
    readonly login: Required<Login>;
    readonly placement: Required<Placement> & { readonly tolerations: [Required<Toleration>] };
  };
}

function everything(scope: Construct): Everything {
  const storage = (size: number): Required<Storage> => ({
    size: Size.gibibytes(2 * size),
    initialSize: Size.gibibytes(size),
    storageClassName: 'fast',
    accessModes: [kplus.PersistentVolumeAccessMode.READ_WRITE_ONCE_POD],
  });
  const loadBalancer = (nodePort: number): Required<ServiceOptions> => ({
    type: 'LoadBalancer',
    annotations: { 'example.com/load-balancer': 'internal' },
    loadBalancerSourceRanges: ['10.30.0.0/16'],
    loadBalancerClass: 'example.com/class',
    nodePort,
    externalTrafficPolicy: 'Local',
  });
  const issuer: Required<CertManagerOptions> = {
    issuer: 'shop',
    kind: 'ClusterIssuer',
    group: 'issuers.example.com',
    duration: Duration.days(30),
    renewBefore: Duration.days(10),
  };
  const extra = kplus.Volume.fromEmptyDir(scope, 'Extra', 'extra');
  return {
    name: 'everything',
    image: Image.of('registry.example/postgres', { tag: 'pg16.14', digest: DIGEST }),
    postgresVersion: 16,
    patroniVersion: '4.2',
    kubernetesVersion: '1.34',
    openShift: true,
    members: 5,
    dcs: 'configMaps',
    durability: 'quorum',
    credentials: {
      superuser: { username: 'root', ...login('superuser') },
      replication: { username: 'stream', ...login('replication') },
      rewind: { username: 'back', ...login('rewind') },
      externalSecrets: { store: 'vault', storeKind: 'ClusterSecretStore', remoteKeys: { 'orders-postgres': 'shop/orders' } },
    },
    roles: [
      {
        name: 'orders',
        password: SecretKey.of('orders-application', 'password'),
        connectionLimit: 50,
        createDatabase: true,
        createRole: true,
        memberOf: ['readers'],
      },
      { name: 'readers' },
    ],
    databases: [{ name: 'shop', owner: 'orders' }],
    storage: storage(100),
    walStorage: storage(20),
    resources: {
      cpu: { request: kplus.Cpu.units(2), limit: kplus.Cpu.units(8) },
      memory: { request: Size.gibibytes(8), limit: Size.gibibytes(16) },
      ephemeralStorage: { request: Size.mebibytes(512), limit: Size.gibibytes(1) },
    },
    postgresql: {
      parameters: { max_connections: 300, work_mem: '8MB', jit: false },
      tuning: 'auto',
      pgHba: ['hostssl all all 10.0.0.0/8 scram-sha-256', 'host all all 10.1.0.0/16 scram-sha-256'],
      initdb: { dataChecksums: false, encoding: 'LATIN1', locale: 'de_DE.ISO-8859-1', walSegmentSize: Size.mebibytes(64) },
      tablespaces: [{ name: 'cold_rows', storage: storage(500), owner: 'orders' }],
      extensions: [{ name: 'timescaledb', databases: ['shop'], update: false }, { name: 'pg_stat_statements' }],
      hugePages: Size.mebibytes(4608),
    },
    patroni: {
      ttl: Duration.seconds(45),
      loopWait: Duration.seconds(5),
      retryTimeout: Duration.seconds(20),
      maximumLagOnFailover: Size.mebibytes(16),
      primaryStartTimeout: Duration.seconds(120),
      synchronousNodeCount: 2,
      failsafeMode: false,
      usePgRewind: false,
      useSlots: false,
      memberSlotsTtl: Duration.hours(1),
      logLevel: 'WARNING',
      labels: { 'example.com/application': 'ha' },
      scopeLabel: 'example.com/cluster',
      roleLabel: 'example.com/role',
      leaderLabelValue: 'lead',
      followerLabelValue: 'follow',
      callbacks: { onStart: 'exec a', onStop: 'exec b', onReload: 'exec c', onRestart: 'exec d', onRoleChange: 'exec e "$2"' },
      restartWhenPending: true,
      restApi: { username: 'operator', ...login('restapi') },
    },
    tls: {
      certificate: CertificateSource.certManager(issuer),
      clientAuthority: SecretKey.of('clients', 'authority.pem'),
      requireSsl: false,
    },
    placement: {
      spread: 'required',
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'database', value: 'only', effect: 'NoSchedule' }],
      priorityClassName: 'high',
    },
    disruptionBudget: { maxUnavailable: 2, protectBootstrap: false },
    pod: {
      imagePullSecrets: ['registry'],
      annotations: { note: 'of ours' },
      labels: { team: 'shop' },
      sidecars: [{ name: 'shipper', image: 'registry.example/shipper:1.0', portNumber: 9200 }],
      initContainers: [{ name: 'before', image: 'registry.example/before:1.0', portNumber: 1 }],
      env: { GREETING: kplus.EnvValue.fromValue('hello'), NODE: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.NODE_NAME) },
      serviceAccountAnnotations: { 'example.com/role': 'reader' },
      volumeMounts: [{ path: '/extra', volume: extra, subPath: 'part', readOnly: true }],
      sharedMemory: Size.mebibytes(256),
      terminationGracePeriod: Duration.seconds(900),
      probes: { livenessPath: '/liveness?x', startupBudget: Duration.minutes(20), readiness: true },
    },
    services: {
      primary: loadBalancer(30001),
      replica: loadBalancer(30002),
      ipFamilyPolicy: 'PreferDualStack',
      ipFamilies: ['IPv6', 'IPv4'],
      route: { gateway: 'front', gatewayNamespace: 'gateways', sectionName: 'postgres' },
    },
    hibernated: false, // asleep it has no alerts: see ha-postgres.test.ts
    networkPolicy: {
      enabled: true,
      clients: [{ namespace: 'till', podLabels: { app: 'web' } }],
      apiServerCidrs: ['10.0.0.1/32'],
      apiServerPorts: [6444],
      storeCidrs: ['10.1.0.0/16'],
      storePorts: [9000, 9443],
    },
    backups: everyBackup({ size: Size.gibibytes(100), storageClassName: 'fast', accessModes: storage(1).accessModes }),
    recovery: {
      source: BackupTarget.sftp(SFTP),
      stanza: 'orders',
      encryptionKey: SecretKey.of('source-backup', 'passphrase'),
      target: RecoveryTarget.time('2026-11-21 13:42:02+00').exclusive(),
      set: '20261121-021200F',
      timeline: 3,
    },
    monitoring: {
      scrapedBy: { namespace: 'monitoring', podLabels: { app: 'prometheus' } },
      exporter: {
        image: Image.of('registry.example/exporter', { tag: 'v0.20.1', digest: DIGEST }),
        args: ['--no-collector.locks'],
        resources: { cpu: { request: kplus.Cpu.millis(20) }, memory: { request: Size.mebibytes(48), limit: Size.mebibytes(96) } },
      },
      podMonitor: { labels: { release: 'prometheus' }, interval: Duration.seconds(15) },
      rules: {
        labels: { role: 'alerts' },
        thresholds: {
          replicationLag: Duration.seconds(30),
          backupAge: Duration.hours(12),
          fullBackupAge: Duration.days(3),
          volumeUse: 75,
          walVolumeUse: 65,
          connections: 90,
        },
        runbookUrl: 'https://wiki.example/',
      },
      dashboard: { labels: { grafana: 'yes' }, annotations: { folder: 'Databases' } },
    },
    pooler: {
      service: loadBalancer(30003),
      login: { username: 'lookup', password: SecretKey.of('orders-pooler', 'password') },
      mode: 'session',
      replicas: 3,
      defaultPoolSize: 20,
      maxClientConnections: 1000,
      parameters: { max_db_connections: 40, pkt_buf: 8192, server_idle_timeout: 60 },
      image: Image.of('registry.example/pgbouncer', { tag: '1.24.1', digest: DIGEST }),
      resources: { cpu: { request: kplus.Cpu.millis(100) }, memory: { request: Size.mebibytes(96), limit: Size.mebibytes(192) } },
      placement: {
        spread: 'required',
        nodeSelector: { disk: 'none' },
        tolerations: [{ key: 'frontend', value: 'only', effect: 'NoSchedule' }],
        priorityClassName: 'middle',
      },
    },
  };
}

const SFTP: Required<SftpTargetOptions> = {
  path: '/orders/1',
  host: 'files.example',
  port: 2222,
  user: 'backup',
  privateKey: SecretKey.of('source-backup', 'key'),
  hostFingerprint: '0123456789abcdef'.repeat(4),
};

function everyBackup(scratch: Everything['backups']['drill']['storage']): Everything['backups'] {
  const key = (name: string) => SecretKey.of('everything-backup', name);
  const keys: Required<S3Keys> = { accessKey: key('access'), secretKey: key('secret'), sessionToken: key('token') };
  const s3: Required<S3TargetOptions> = {
    path: '/everything/2',
    authority: ConfigMapKey.of('authorities', 'store.crt'),
    bucket: 'backups',
    region: 'eu-central-1',
    endpoint: 'store.example:9000',
    uriStyle: 'path',
    credentials: keys,
    kmsKeyId: 'alias/backups',
  };
  const issuer: Required<CertManagerOptions> = {
    issuer: 'internal',
    kind: 'ClusterIssuer',
    group: 'issuers.example',
    duration: Duration.days(30),
    renewBefore: Duration.days(10),
  };
  const memory = (size: number) => ({ memory: { request: Size.mebibytes(size), limit: Size.mebibytes(2 * size) } });
  return {
    repository: BackupTarget.s3(s3),
    certificate: CertificateSource.certManager(issuer),
    retention: { full: 14, fullType: 'days' },
    schedules: {
      full: Cron.weekly(),
      incremental: '30 1 * * 1-6',
      verify: '30 4 * * 6',
      drill: '30 5 1 * *',
      timeZone: 'Europe/Berlin',
    },
    encryptionKey: key('passphrase'),
    stanza: 'main',
    from: 'preferStandby',
    compression: 'lz4',
    processes: 4,
    blockIncremental: false,
    archiveTimeout: Duration.minutes(5),
    archiveQueueMax: Size.gibibytes(8),
    deadline: Duration.hours(6),
    suspended: true,
    drill: { storage: scratch, query: 'SELECT 1 FROM orders', database: 'shop', resources: memory(512) },
    pgbackrestVersion: '2.55',
    resources: memory(256),
  };
}

test.each([
  ['default', () => manifest(minimalProps)],
  ['everything', () => manifest(everything, 'shop')],
])('the manifest of %s is the one that was reviewed', (name, made) => {
  expect(made()).toBe(reviewed(name, made()));
});

test('only what is meant to is warned about in it', () => {
  const chart = emptyChart('shop');
  new HaPostgres(chart, 'orders', everything(chart));
  expect(warningsOf(chart).map((w) => w.code)).toEqual(['LivenessPathUnusual', 'ArchiveDrops', 'BackupsSuspended']);
});

describe('no prop is without effect: left out, the manifest is another', () => {
  /** Those that only judge, or that only matter together with others. */
  const WITHOUT = [
    'hibernated',
    'patroniVersion',
    'backups.pgbackrestVersion',
    'kubernetesVersion',
    'networkPolicy.enabled',
    'postgresql.tuning',
    'pod.probes.readiness',
    'storage.size',
    'walStorage.size',
    'monitoring.rules.thresholds.backupAge', // with schedules that run
    'monitoring.rules.thresholds.fullBackupAge',
  ];
  const full = manifest(everything, 'shop');

  const REQUIRED = /^(credentials|storage|resources|credentials\.\w+(\.password)?)$/;
  const every = paths(everything(emptyChart())).filter((path) => !REQUIRED.test(path) && !WITHOUT.includes(path));

  test.each(every)('%s', (path) => {
    const made = () => manifest((scope) => without(everything(scope), path.split('.')) as HaPostgresProps, 'shop');
    expect(outcomeOf(made)).not.toBe(full); // refused is different too: it holds something else up
  });
});

test('the default has the objects that were asked for', () => {
  const chart = emptyChart();
  new HaPostgres(chart, 'orders', minimalProps());
  expect(namesOf(chart)).toHaveLength(15);
});

import type { Check } from '../../internal/shapes';
import { duration, envValue, flag, group, list, orFalse, own, record, resources, size, text } from '../../internal/shapes';
import type { PeerSelector, Placement, Storage, Toleration } from '../../platform';
import type { ConnectionOptions, ConnectionRole } from '../connection';
import type {
  AdoptionOptions,
  BackupOptions,
  BackupSchedules,
  CallbackOptions,
  DashboardOptions,
  DisruptionBudgetOptions,
  ExporterOptions,
  ExtensionOptions,
  ExternalSecretsOptions,
  GatewayRouteOptions,
  InitdbOptions,
  MonitoringOptions,
  PatroniOptions,
  PodMonitorOptions,
  PodOptions,
  PoolerOptions,
  PostgresqlOptions,
  ProbeOptions,
  RecoveryOptions,
  RestApiOptions,
  RestoreDrillOptions,
  RetentionOptions,
  RuleOptions,
  RuleThresholds,
  ServiceOptions,
  ServicesOptions,
  StandbyOptions,
  TablespaceOptions,
  TlsOptions,
  UpgradeOptions,
} from '../options';
import type { PostgresAttributes, PostgresTls } from '../postgres';
import type { DatabaseOptions, HaPostgresCredentials, HaPostgresProps, Login, NetworkPolicyOptions, RoleOptions } from '../props';

// What each option is, one line each. Passwords, sizes of volumes, words and numbers have rules of their own, with better advice.

const login = group<Login>({ username: text, password: own });
const storage = group<Storage>({ size: own, initialSize: own, storageClassName: text, accessModes: list(text) });
const drillStorage = group<RestoreDrillOptions['storage']>({ size: own, storageClassName: text, accessModes: list(text) });

const placement = group<Placement>({
  spread: own,
  nodeSelector: record(text),
  tolerations: list(group<Toleration>({ key: text, value: text, effect: text })),
  priorityClassName: text,
});

const postgresql = group<PostgresqlOptions>({
  parameters: record(own),
  tuning: own,
  pgHba: list(text),
  initdb: group<InitdbOptions>({ dataChecksums: flag, encoding: text, locale: text, walSegmentSize: size }),
  tablespaces: list(group<TablespaceOptions>({ name: own, storage, owner: own })),
  extensions: list(group<ExtensionOptions>({ name: own, databases: list(text), update: flag })),
  hugePages: own,
});

const patroni = group<PatroniOptions>({
  ttl: duration,
  loopWait: duration,
  retryTimeout: duration,
  maximumLagOnFailover: size,
  primaryStartTimeout: duration,
  synchronousNodeCount: own,
  failsafeMode: flag,
  usePgRewind: flag,
  useSlots: flag,
  memberSlotsTtl: duration,
  logLevel: own,
  labels: record(own),
  scopeLabel: text,
  roleLabel: text,
  leaderLabelValue: own,
  followerLabelValue: own,
  restApi: group<RestApiOptions>({ username: text, password: own }),
  callbacks: group<CallbackOptions>({ onStart: own, onStop: own, onReload: own, onRestart: own, onRoleChange: own }),
  restartWhenPending: flag,
});

const pod = group<PodOptions>({
  imagePullSecrets: list(text),
  annotations: record(text),
  labels: record(text),
  sidecars: list(record(own)),
  initContainers: list(record(own)),
  env: record(envValue),
  serviceAccountAnnotations: record(text),
  volumeMounts: list(record(own)),
  sharedMemory: size,
  terminationGracePeriod: duration,
  probes: group<ProbeOptions>({ livenessPath: text, startupBudget: duration, readiness: flag }),
});

const networkPolicy = group<NetworkPolicyOptions>({
  enabled: flag,
  clients: list(own),
  apiServerCidrs: list(text),
  apiServerPorts: list(own),
  storeCidrs: list(text),
  storePorts: list(own),
});

const backups = group<BackupOptions>({
  repository: own,
  certificate: own,
  retention: group<RetentionOptions>({ full: own, fullType: own }),
  schedules: group<BackupSchedules>({ full: own, incremental: own, verify: own, drill: own, timeZone: text }),
  encryptionKey: own,
  stanza: own,
  from: own,
  compression: own,
  processes: own,
  blockIncremental: flag,
  archiveTimeout: own,
  archiveQueueMax: own,
  deadline: own,
  suspended: flag,
  drill: group<RestoreDrillOptions>({ storage: drillStorage, query: own, database: own, resources }),
  pgbackrestVersion: text,
  resources,
});

const recovery = group<RecoveryOptions>({ source: own, stanza: own, encryptionKey: own, target: own, set: text, timeline: own });

const standbyOf = group<StandbyOptions>({
  host: text,
  port: own,
  repository: own,
  stanza: own,
  encryptionKey: own,
  primarySlotName: text,
  applyDelay: own,
});

const service = group<ServiceOptions>({
  type: own,
  annotations: record(text),
  loadBalancerSourceRanges: list(text),
  loadBalancerClass: text,
  nodePort: own,
  externalTrafficPolicy: own,
});

const services = group<ServicesOptions>({
  primary: service,
  replica: service,
  ipFamilyPolicy: own,
  ipFamilies: list(text),
  route: group<GatewayRouteOptions>({ gateway: text, gatewayNamespace: text, sectionName: text, hostnames: list(text) }),
});

const pooler = group<PoolerOptions>({
  login,
  mode: own,
  replicas: own,
  defaultPoolSize: own,
  maxClientConnections: own,
  parameters: record(own),
  image: own,
  resources,
  placement,
  service,
});

const monitoring = group<MonitoringOptions>({
  scrapedBy: own,
  exporter: orFalse(group<ExporterOptions>({ image: own, args: list(text), resources })),
  podMonitor: orFalse(group<PodMonitorOptions>({ labels: record(text), interval: duration })),
  rules: orFalse(
    group<RuleOptions>({
      labels: record(text),
      thresholds: group<RuleThresholds>({
        replicationLag: duration,
        backupAge: duration,
        fullBackupAge: duration,
        volumeUse: own,
        walVolumeUse: own,
        connections: own,
      }),
      runbookUrl: text,
    }),
  ),
  dashboard: group<DashboardOptions>({ labels: record(text), annotations: record(text) }),
});

const adopt = group<AdoptionOptions>({
  dataClaim: text,
  dataMount: text,
  pgdata: text,
  walClaim: text,
  walMount: text,
  waldir: text,
  userId: own,
  groupId: own,
  statefulSetName: text,
  portName: text,
  dcs: own,
  labels: record(own),
  scopeLabel: text,
  roleLabel: text,
  leaderLabelValue: own,
  superuser: text,
  replication: text,
  authMethod: own,
  partition: own,
});

/** What other tools call our options. */
const OTHER_NAMES = { replicas: 'members', instances: 'members', scope: 'name', parameters: 'postgresql.parameters' };

/** The props of HaPostgres. */
export const propsShape: Check = group<HaPostgresProps>(
  {
    name: text,
    image: own,
    postgresVersion: own,
    patroniVersion: text,
    kubernetesVersion: text,
    openShift: flag,
    members: own,
    dcs: own,
    durability: own,
    credentials: group<HaPostgresCredentials>({
      superuser: login,
      replication: login,
      rewind: login,
      externalSecrets: group<ExternalSecretsOptions>({ store: own, storeKind: own, remoteKeys: record(text) }),
    }),
    roles: list(
      group<RoleOptions>({
        name: own,
        password: own,
        connectionLimit: own,
        createDatabase: flag,
        createRole: flag,
        memberOf: list(text),
      }),
    ),
    databases: list(group<DatabaseOptions>({ name: own, owner: own })),
    storage,
    walStorage: storage,
    resources,
    postgresql,
    patroni,
    placement,
    disruptionBudget: group<DisruptionBudgetOptions>({ maxUnavailable: own, minAvailable: own, protectBootstrap: flag }),
    pod,
    networkPolicy,
    backups,
    recovery,
    standbyOf,
    tls: group<TlsOptions>({ certificate: own, clientAuthority: own, requireSsl: flag }),
    services,
    pooler,
    monitoring,
    adopt,
    upgradeFrom: group<UpgradeOptions>({ source: own, databases: list(text), phase: own }),
    hibernated: flag,
  },
  OTHER_NAMES,
);

/** Who may connect, as plain data. */
export const peerShape: Check = group<PeerSelector>({
  podLabels: record(text),
  namespace: text,
  namespaceLabels: record(text),
  cidr: text,
});

/** What `fromEndpoints` is told. */
export const attributesShape: Check = group<PostgresAttributes>({
  primary: own,
  replica: own,
  pooler: own,
  roles: list(group<ConnectionRole>({ name: text, password: own, databases: list(text) })),
  postgresVersion: own,
  durability: own,
  tls: group<PostgresTls>({ mode: own, authority: own }),
  maxConnections: own,
  walLevel: text,
  administrator: login,
});

/** What `connectionEnv` is told. */
export const connectionShape: Check = group<ConnectionOptions>({
  database: text,
  target: own,
  connectTimeout: duration,
  silence: duration,
  authorityFile: text,
});

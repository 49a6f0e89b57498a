import { Yaml } from 'cdk8s';
import { mebibytes } from '../internal/quantity';
import { adoptedParameters } from './adoption';
import { callbacks } from './callbacks';
import { wantedExtensions } from './extensions';
import { monitorHba, monitorIdent, monitorRoles } from './monitoring';
import { type HaPostgresPlan, PATHS, PORTS } from './plan';
import { poolerHba, poolerRoles } from './pooler/role';
import { bootstrapMethod, replicaMethods, standbyCluster } from './recovery';
import { wantedTablespaces } from './tablespaces';

/** Label of a pod whose data folder is being made; Patroni takes it off when that is done. */
export const BOOTSTRAP_LABELS = { 'patroni-bootstrap': 'in-progress' };

/** Name of the container's port. */
export const POSTGRESQL_PORT_NAME = 'postgresql';

/**
 * What must be the same for all members: the agent of the leader keeps it so, from this text.
 * Everything that PostgreSQL is told is here, so a change in Git needs no restart of a pod to arrive.
 */
export function dynamicConfiguration(plan: HaPostgresPlan): object {
  const { patroni } = plan;
  return {
    ttl: patroni.ttl,
    loop_wait: patroni.loopWait,
    retry_timeout: patroni.retryTimeout,
    maximum_lag_on_failover: mebibytes(patroni.maximumLagOnFailover) * 1024 * 1024,
    primary_start_timeout: patroni.primaryStartTimeout,
    failsafe_mode: patroni.failsafeMode,
    ...synchronous(plan),
    ...standbyCluster(plan),
    ...(plan.patroniVersion.atLeast(4, 0) && { member_slots_ttl: `${patroni.memberSlotsTtl}s` }),
    postgresql: { use_pg_rewind: patroni.usePgRewind, use_slots: patroni.useSlots, parameters: sorted(plan.parameters) },
  };
}

function synchronous({ durability, patroni }: HaPostgresPlan): object {
  if (durability === 'async') return { synchronous_mode: false };
  return {
    synchronous_mode: durability === 'quorum' ? 'quorum' : true,
    synchronous_mode_strict: durability === 'syncStrict',
    synchronous_node_count: patroni.synchronousNodeCount,
  };
}

/** What belongs to a member: addresses, paths, who may log in. Patroni reads it again on reload. Nothing in it needs a certificate. */
export function localConfiguration(plan: HaPostgresPlan): string {
  const { superuser, replication, rewind } = plan.logins;
  const wal = plan.props.walStorage ? { waldir: plan.volumes.waldir } : {};
  return Yaml.stringify({
    scope: plan.names.cluster,
    log: { level: plan.patroni.logLevel },
    restapi: { listen: `*:${PORTS.restApi}` },
    kubernetes: kubernetes(plan),
    watchdog: { mode: 'off' }, // a pod has none; the leader lock's time is what fences
    bootstrap: { ...bootstrapMethod(plan), initdb: initdb(plan) },
    postgresql: {
      listen: `*:${PORTS.postgresql}`,
      bin_dir: `/usr/lib/postgresql/${plan.postgresVersion}/bin`,
      data_dir: plan.volumes.pgdata,
      pgpass: `${PATHS.run}/pgpass`,
      use_unix_socket: true,
      ...replicaMethods(plan),
      basebackup: { checkpoint: 'fast', ...wal },
      ...callbacks(plan),
      parameters: {
        unix_socket_directories: PATHS.run,
        password_encryption: 'scram-sha-256',
        ...adoptedParameters(plan.props),
      },
      ...(plan.backups && { recovery_conf: { restore_command: `pgbackrest --stanza=${plan.backups.stanza} archive-get %f "%p"` } }),
      authentication: { superuser: { username: superuser }, replication: { username: replication }, rewind: { username: rewind } },
      pg_hba: hba(plan, 'host'),
      // OpenShift gives the pod a user of its own, whose name is its number.
      pg_ident: [`superuser postgres ${superuser}`, ...(plan.openShift ? [`superuser /^[0-9]+$ ${superuser}`] : []), ...monitorIdent(plan)],
    },
  });
}

function kubernetes(plan: HaPostgresPlan): object {
  const { patroni, dcs, patroniVersion } = plan;
  return {
    labels: patroni.labels,
    scope_label: patroni.scopeLabel,
    role_label: patroni.roleLabel,
    ...(patroniVersion.atLeast(3, 1) && {
      leader_label_value: patroni.leaderLabelValue,
      follower_label_value: patroni.followerLabelValue,
      standby_leader_label_value: patroni.leaderLabelValue,
    }),
    ...(plan.protectBootstrap && { bootstrap_labels: BOOTSTRAP_LABELS }),
    use_endpoints: dcs === 'endpoints',
    ports: [{ ...(plan.portName && { name: plan.portName }), port: PORTS.postgresql }],
  };
}

function initdb(plan: HaPostgresPlan): (string | Record<string, string | number>)[] {
  const { dataChecksums = true, encoding = 'UTF8', locale = 'C.UTF-8', walSegmentSize } = plan.props.postgresql?.initdb ?? {};
  return [
    { encoding },
    { locale },
    ...(dataChecksums ? ['data-checksums'] : []),
    { 'auth-local': 'peer' },
    { 'auth-host': 'scram-sha-256' },
    ...(walSegmentSize ? [{ 'wal-segsize': mebibytes(walSegmentSize) }] : []),
    ...(plan.props.walStorage ? [{ waldir: plan.volumes.waldir }] : []),
  ];
}

/**
 * The superuser logs in locally by who it is, not by password: so neither a rotated password nor a kept volume with
 * another Secret can ever lock the members or the agent out.
 *
 * @param members `hostssl` where the member has a certificate. Those that have none yet encrypt too, since libpq asks for it
 */
export function hba(plan: HaPostgresPlan, members: 'host' | 'hostssl'): string[] {
  const { authMethod } = plan;
  const { superuser, replication, rewind } = plan.logins;
  const clients = plan.tls?.requireSsl ? members : 'host';
  return [
    `local all ${superuser} peer map=superuser`,
    ...monitorHba(plan),
    `local all all ${authMethod}`,
    `${members} replication ${replication} all ${authMethod}`,
    `${members} postgres ${rewind} all ${authMethod}`,
    ...poolerHba(plan, clients),
    ...(plan.props.postgresql?.pgHba ?? [`${clients} all all all ${authMethod}`]),
  ];
}

/** What the agent makes true in SQL. Passwords are not in it: they are files. */
export function wantedRoles(plan: HaPostgresPlan): object {
  const { replication, rewind } = plan.logins;
  return {
    logins: { replication, rewind },
    ...(plan.pooler && { pooler: plan.pooler.role }),
    roles: [
      ...(plan.props.roles ?? []).map((role) => ({
        name: role.name,
        login: role.password !== undefined,
        createdb: role.createDatabase ?? false,
        createrole: role.createRole ?? false,
        connectionLimit: role.connectionLimit ?? -1,
        memberOf: role.memberOf ?? [],
      })),
      ...monitorRoles(plan),
      ...poolerRoles(plan),
    ],
    databases: (plan.props.databases ?? []).map(({ name, owner }) => ({ name, owner })),
  };
}

/** What the agent holds the cluster to, besides roles. It lies in a file, so a change of it restarts no pod. */
export function wantedCluster(plan: HaPostgresPlan): object {
  return {
    members: plan.members,
    restartWhenPending: plan.props.patroni?.restartWhenPending ?? false,
    tablespaces: wantedTablespaces(plan),
    extensions: wantedExtensions(plan),
  };
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

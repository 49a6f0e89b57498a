import { mebibytes, millicores } from '../internal/quantity';
import { backgroundWorkers } from './extensions';
import type { Durability, HaPostgresProps } from './props';

/** Parameters of postgresql.conf by name. */
export type Parameters = Record<string, string | number | boolean>;

/** What the tuning computes from, in MiB and whole cores. */
export interface TuningInput {
  readonly memory: number;
  readonly cores: number;
  /** The WAL's own volume, or undefined where it shares the data volume. */
  readonly walVolume?: number;
  readonly dataVolume: number;
  readonly maxConnections: number;
  /** Of TimescaleDB. @default 0 */
  readonly backgroundWorkers?: number;
}

/** PostgreSQL's own default, and Patroni's. */
export const DEFAULT_MAX_CONNECTIONS = 100;

/** What the tuning reads from the props; memory is 0 where neither limit nor request is given. */
export function tuningInput(props: HaPostgresProps): TuningInput {
  const { cpu, memory } = props.resources;
  const size = memory?.limit ?? memory?.request;
  const cores = cpu?.limit ?? cpu?.request;
  return {
    memory: size ? mebibytes(size) : 0,
    cores: cores ? Math.max(1, Math.ceil(millicores(cores) / 1000)) : 2,
    walVolume: props.walStorage && mebibytes(props.walStorage.size),
    dataVolume: mebibytes(props.storage.size),
    maxConnections: Number(props.postgresql?.parameters?.max_connections ?? DEFAULT_MAX_CONNECTIONS),
    backgroundWorkers: backgroundWorkers(props),
  };
}

/**
 * Memory, WAL and workers, from what the pod has. The rules are those of the PostgreSQL wiki's tuning page and of
 * timescaledb-single's own start script.
 */
export function tuned(input: TuningInput): Parameters {
  const { memory, cores, maxConnections, backgroundWorkers = 0 } = input;
  const sharedBuffers = Math.floor(memory / 4);
  return {
    shared_buffers: mb(sharedBuffers),
    effective_cache_size: mb((memory * 3) / 4), // what shared_buffers and the page cache hold together
    maintenance_work_mem: mb(Math.min(memory / 16, 2048)),
    work_mem: `${Math.max(64, Math.floor(((memory - sharedBuffers) * 1024) / (maxConnections * 3)))}kB`, // 3 sorts or hashes a connection
    max_worker_processes: Math.max(8, backgroundWorkers + cores + 3),
    ...(backgroundWorkers > 0 && { 'timescaledb.max_background_workers': backgroundWorkers }),
    max_parallel_workers: cores,
    max_parallel_workers_per_gather: Math.max(1, Math.min(4, Math.floor(cores / 2))),
    max_parallel_maintenance_workers: Math.max(1, Math.min(4, Math.floor(cores / 2))),
    ...walSizes(input),
  };
}

/**
 * On a volume of its own, the WAL may take 30 % between checkpoints and keep 30 % behind them; a slot that lags holds the same 30 %.
 * So 40 % are time for an archive that is out of reach. On the data volume, 10, 10 and 20 %.
 *
 * What is kept is for a leader that was cut off: pg_rewind reads its log back to the last checkpoint that it shares with its
 * successor, one `max_wal_size` at most, though its own shutdown has made that log useless for all else.
 */
function walSizes({ walVolume, dataVolume }: TuningInput): Parameters {
  const max = walVolume === undefined ? dataVolume * 0.1 : walVolume * 0.3;
  const slots = walVolume === undefined ? dataVolume * 0.2 : walVolume * 0.3;
  return {
    max_wal_size: mb(max),
    min_wal_size: mb(max / 2),
    wal_keep_size: mb(max),
    max_slot_wal_keep_size: mb(slots),
  };
}

/**
 * Where commits wait for a replica, one whose node is gone holds them up until its connection is given up, after a minute by
 * default, and Patroni has named another at its next look.
 */
export function waiting(durability: Durability): Parameters {
  return durability === 'async' ? {} : { wal_sender_timeout: '10s' };
}

function mb(amount: number): string {
  return `${Math.floor(amount)}MB`;
}

/** Patroni's own ten of each are too few for more than eight replicas: each takes one, and a copy two more. */
export function replicationSlots(members: number): Parameters {
  return members <= 9 ? {} : { max_wal_senders: members + 3, max_replication_slots: members + 3 };
}

/** A memory parameter in MiB, or undefined where it is not written with a unit PostgreSQL knows. */
export function memoryParameter(value: Parameters[string] | undefined, blockKib: number): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB)?\s*$/.exec(String(value));
  if (!match) return undefined;
  const kib = { B: 1 / 1024, kB: 1, MB: 1024, GB: 1024 ** 2, TB: 1024 ** 3 }[match[2] as string] ?? blockKib;
  return (Number(match[1]) * kib) / 1024;
}

/** Parameters that Patroni or this construct sets, and the prop or means that a user wants instead. */
export const OWNED_PARAMETERS: Record<string, string> = {
  listen_addresses: 'left to Patroni, which listens on every address of the pod',
  port: 'left to the construct: clients use port 5432 of the Services',
  cluster_name: 'left to Patroni: it is prop `name`',
  hot_standby: 'left to Patroni, which keeps it on',
  primary_conninfo: 'left to Patroni, which follows the leader',
  primary_slot_name: 'left to Patroni: see prop `patroni.useSlots`',
  recovery_target_timeline: 'left to Patroni, which follows the latest timeline',
  restore_command: 'left to the construct, which sets it with backups',
  archive_command: 'left to the construct, which sets it with backups',
  archive_mode: 'left to the construct, which sets it with backups',
  archive_library: 'left to the construct, which sets it with backups',
  synchronous_standby_names: 'left to Patroni: see prop `durability`',
  unix_socket_directories: 'left to the construct, whose probes and scripts use /var/run/postgresql',
  data_directory: 'left to Patroni: the data volume is mounted by the construct',
  hba_file: 'left to Patroni: see prop `postgresql.pgHba`',
  ident_file: 'left to Patroni, which writes pg_ident.conf',
  config_file: 'left to Patroni, which writes postgresql.conf',
  ssl: 'left to the construct: see prop `tls`',
  ssl_cert_file: 'left to the construct: see prop `tls.certificate`',
  ssl_key_file: 'left to the construct: see prop `tls.certificate`',
  ssl_ca_file: 'left to the construct: see prop `tls.clientAuthority`',
  password_encryption:
    'left to the construct, which keeps scram-sha-256; what clients may prove their password by is prop `postgresql.pgHba`',
  external_pid_file: 'left to Patroni, which finds the server by the data folder',
};

/** Parameters below which Patroni drops a value without a word, and takes its own (CMDLINE_OPTIONS in its postgresql/config.py). */
export const PATRONI_FLOORS: Record<string, number> = {
  max_connections: 25,
  max_wal_senders: 3,
  max_replication_slots: 4,
  max_worker_processes: 2,
  max_locks_per_transaction: 32,
};

/** Keys of Patroni's dynamic configuration that are sometimes taken for parameters of PostgreSQL, and their props. */
export const PATRONI_KEYS: Record<string, string> = {
  ttl: 'patroni.ttl',
  loop_wait: 'patroni.loopWait',
  retry_timeout: 'patroni.retryTimeout',
  maximum_lag_on_failover: 'patroni.maximumLagOnFailover',
  primary_start_timeout: 'patroni.primaryStartTimeout',
  master_start_timeout: 'patroni.primaryStartTimeout',
  synchronous_mode: 'durability',
  synchronous_mode_strict: 'durability',
  synchronous_node_count: 'patroni.synchronousNodeCount',
  failsafe_mode: 'patroni.failsafeMode',
  use_pg_rewind: 'patroni.usePgRewind',
  use_slots: 'patroni.useSlots',
  member_slots_ttl: 'patroni.memberSlotsTtl',
};

import type { IConstruct } from 'constructs';
import { mebibytes } from '../../internal/quantity';
import { refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import { backgroundWorkers } from '../extensions';
import { DEFAULT_MAX_CONNECTIONS, memoryParameter, OWNED_PARAMETERS, PATRONI_FLOORS, PATRONI_KEYS, tuningInput } from '../parameters';
import type { HaPostgresPlan } from '../plan';

/** Parameters that somebody else sets, or that are none. */
export function parameters(scope: IConstruct, { props }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  for (const [name, value] of Object.entries(props.postgresql?.parameters ?? {})) {
    const prop = `postgresql.parameters.${name}`;
    if (OWNED_PARAMETERS[name]) refuse('ParameterOwned', prop, value, OWNED_PARAMETERS[name]);
    if (PATRONI_KEYS[name])
      refuse('ParameterOfPatroni', prop, value, `given as prop ${PATRONI_KEYS[name]}: it is a setting of Patroni, not of PostgreSQL`);
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/.test(name))
      refuse('ParameterNameInvalid', prop, value, 'named as in postgresql.conf, in lower case with underscores');
    if (!['string', 'number', 'boolean'].includes(typeof value))
      refuse('ParameterValueInvalid', prop, value, 'a string, a number or a boolean');
    if (/[\r\n\0]/.test(`${value}`)) refuse('ParameterValueInvalid', prop, value, 'of one line, as in postgresql.conf');
  }
}

/** Parameters that would take back what the props promise, or that Patroni would not take at all. */
export function promises(scope: IConstruct, { props, durability, members }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const given = props.postgresql?.parameters ?? {};
  const { synchronous_commit: commit, wal_level: level } = given;
  if (durability !== 'async' && commit !== undefined && (isOff(commit) || /^\s*local\s*$/i.test(`${commit}`))) {
    refuse(
      'DurabilityVoid',
      'postgresql.parameters.synchronous_commit',
      commit,
      `left out, or 'on', 'remote_write' or 'remote_apply', since durability is '${durability}': with that no commit would wait for a standby`,
    );
  }
  for (const [name, why] of Object.entries(CRASH_SAFETY)) {
    if (given[name] !== undefined && isOff(given[name] as string))
      refuse('CrashUnsafe', `postgresql.parameters.${name}`, given[name], `'on': ${why}`);
  }
  if (level !== undefined && !/^(replica|hot_standby|logical)$/i.test(`${level}`))
    refuse(
      'WalLevelTooLow',
      'postgresql.parameters.wal_level',
      level,
      "'replica' or 'logical': there is neither a replica nor a backup with less",
    );
  for (const [name, floor] of Object.entries(PATRONI_FLOORS)) {
    const least = /senders|slots/.test(name) ? Math.max(floor, members) : floor; // a replica each, and one that is being copied
    if (given[name] === undefined || Number(given[name]) >= least) continue;
    refuse(
      'ParameterTooSmall',
      `postgresql.parameters.${name}`,
      given[name],
      least > floor ? `at least ${least}, the number of members` : `at least ${least}: Patroni drops what is less, and takes its own value`,
    );
  }
}

/** What no replica makes good: after a power loss the files may be torn, and replicas and backups are copies of them. */
const CRASH_SAFETY: Record<string, string> = {
  fsync: 'without it a power loss destroys the data, and the broken member may come back as the leader',
  full_page_writes: 'without it a power loss leaves torn pages, and neither pg_rewind nor a backup from a standby works',
};

/** As PostgreSQL reads a boolean. */
function isOff(value: string | number | boolean): boolean {
  return /^\s*(of|off|f|fa|fal|fals|false|n|no|0)\s*$/i.test(`${value}`);
}

/** Whether memory and volumes hold what they are asked to. */
export function tuning(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const { props } = plan;
  const { memory, walVolume } = tuningInput(props);
  const connections = props.postgresql?.parameters?.max_connections;
  if (connections !== undefined && !/^[1-9]\d*$/.test(String(connections)))
    refuse('MaxConnectionsInvalid', 'postgresql.parameters.max_connections', connections, 'a whole number of at least 1');
  if (memory === 0 && props.postgresql?.tuning !== 'none') {
    refuse(
      'MemoryMissing',
      'resources.memory',
      props.resources?.memory,
      "a limit or a request, from which the tuning is computed; or postgresql.tuning: 'none'",
    );
  }
  if (mebibytes(plan.sharedMemory) < 1)
    refuse('SizeInvalid', 'pod.sharedMemory', plan.sharedMemory, 'a Size of at least 1 MiB, as Size.mebibytes(256)');
  workersFit(scope, plan);
  if (memory > 0) memoryFits(scope, plan, memory);
  walFits(scope, plan, walVolume, segmentSize(scope, plan));
}

/** TimescaleDB's jobs end in "out of background workers" where they do not. */
function workersFit(scope: IConstruct, { props, parameters }: HaPostgresPlan): void {
  const background = backgroundWorkers(props);
  const least = background + Number(parameters.max_parallel_workers ?? 8) + 3;
  const given = Number(parameters.max_worker_processes ?? 8);
  if (background === 0 || given >= least) return;
  warn(
    scope,
    'WorkersTooFew',
    `max_worker_processes is ${given}, less than timescaledb.max_background_workers + max_parallel_workers + 3 (${least}): jobs of TimescaleDB will not start; raise it, or lower those`,
  );
}

function memoryFits(scope: IConstruct, { parameters, sharedMemory }: HaPostgresPlan, memory: number): void {
  const refuse = refuser(scope);
  if (mebibytes(sharedMemory) > memory)
    refuse(
      'SharedMemoryTooLarge',
      'pod.sharedMemory',
      sharedMemory,
      `at most the container's memory, ${memory} MiB, of which it is a part`,
    );
  const buffers = memoryParameter(parameters.shared_buffers ?? '128MB', 8) ?? 0;
  const work = memoryParameter(parameters.work_mem ?? '4MB', 1) ?? 0;
  const connections = Number(parameters.max_connections ?? DEFAULT_MAX_CONNECTIONS);
  if (buffers > 0.4 * memory) {
    warn(
      scope,
      'SharedBuffersLarge',
      `postgresql.parameters.shared_buffers is ${parameters.shared_buffers ?? '128MB (the default)'}, more than 40 % of ${memory} MiB: the page cache has less than it needs; 25 % is usual`,
    );
  }
  if (connections * work + buffers > memory) {
    warn(
      scope,
      'MemoryOvercommitted',
      `max_connections × work_mem + shared_buffers is ${Math.ceil(connections * work + buffers)} MiB, more than the container's ${memory} MiB: the kernel may kill PostgreSQL; lower postgresql.parameters.work_mem or max_connections`,
    );
  }
}

function walFits(scope: IConstruct, { parameters, props }: HaPostgresPlan, volume: number | undefined, segment: number): void {
  const refuse = refuser(scope);
  if (volume !== undefined && volume < 3 * segment) {
    refuse('WalVolumeTooSmall', 'walStorage.size', `${volume} MiB`, `at least three segments of ${segment} MiB`);
  }
  const least = memoryParameter(parameters.min_wal_size, 1024);
  if (least !== undefined && least < 2 * segment) {
    const computed = props.postgresql?.parameters?.min_wal_size === undefined ? ', as it is computed from the size of the volume' : '';
    refuse(
      'MinWalSizeTooSmall',
      'postgresql.parameters.min_wal_size',
      parameters.min_wal_size,
      `at least two segments of ${segment} MiB, or PostgreSQL does not start${computed}: give a larger volume or value`,
    );
  }
  const most = memoryParameter(parameters.max_wal_size, 1024);
  if (volume !== undefined && most !== undefined && most > 0.8 * volume) {
    refuse(
      'MaxWalSizeTooLarge',
      'postgresql.parameters.max_wal_size',
      parameters.max_wal_size,
      `at most 80 % of walStorage.size, ${Math.floor(0.8 * volume)}MB, or the volume fills between two checkpoints`,
    );
  }
}

function segmentSize(scope: IConstruct, { props }: HaPostgresPlan): number {
  const size = props.postgresql?.initdb?.walSegmentSize;
  if (size === undefined) return 16;
  const mib = mebibytes(size);
  if (Number.isInteger(Math.log2(mib)) && mib >= 1 && mib <= 1024) return mib;
  return refuser(scope)('WalSegmentSizeInvalid', 'postgresql.initdb.walSegmentSize', size, 'a power of two from 1 to 1024 MiB');
}

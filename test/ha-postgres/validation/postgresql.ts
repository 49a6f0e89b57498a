import { Size } from 'cdk8s';
import { OWNED_PARAMETERS, PATRONI_FLOORS, PATRONI_KEYS } from '../../../lib/ha-postgres/parameters';
import type { Given, Refusal, Rules } from './rules';

const parameter = (name: string, value: Given) => ({ postgresql: { parameters: { [name]: value } } });

export const postgresql: Rules = {
  refused: [
    ...Object.entries(PATRONI_KEYS).map(
      ([name, prop]): Refusal => [
        `6.6/8: ${name} is a setting of Patroni`,
        'ParameterOfPatroni',
        parameter(name, 1),
        `postgresql.parameters.${name} is 1, but must be given as prop ${prop}`,
      ],
    ),
    ...Object.entries(OWNED_PARAMETERS).map(
      ([name, expected]): Refusal => [
        `6.6/9: ${name} is not the user's`,
        'ParameterOwned',
        parameter(name, 'x'),
        `postgresql.parameters.${name} is "x", but must be ${expected}`,
      ],
    ),
    [
      '6.6/9: parameters are named',
      'ParameterNameInvalid',
      parameter('Work Mem', 1),
      'postgresql.parameters.Work Mem is 1, but must be … as in postgresql.conf',
    ],
    [
      '6.6/9: parameters have a value',
      'ParameterValueInvalid',
      parameter('work_mem', { size: 1 }),
      'postgresql.parameters.work_mem is {"size":1}, but must be a string, a number or a boolean',
    ],
    [
      '6.6/9: parameters of one line',
      'ParameterValueInvalid',
      parameter('search_path', 'a\nb'),
      'postgresql.parameters.search_path is "a\\nb", but must be of one line',
    ],
    ...(['off', 'LOCAL', false, 'no', 0] as const).map(
      (value): Refusal => [
        `6.6/5: synchronous_commit ${value} waits for nobody`,
        'DurabilityVoid',
        { durability: 'quorum', ...parameter('synchronous_commit', value) },
        `postgresql.parameters.synchronous_commit is ${JSON.stringify(value)}, but must be left out … since durability is 'quorum'`,
      ],
    ),
    [
      'parameters: fsync',
      'CrashUnsafe',
      parameter('fsync', false),
      "postgresql.parameters.fsync is false, but must be 'on': without it a power loss destroys the data",
    ],
    [
      'parameters: full_page_writes',
      'CrashUnsafe',
      parameter('full_page_writes', 'off'),
      `postgresql.parameters.full_page_writes is "off", but must be 'on': without it a power loss leaves torn pages`,
    ],
    [
      'parameters: wal_level',
      'WalLevelTooLow',
      parameter('wal_level', 'minimal'),
      `postgresql.parameters.wal_level is "minimal", but must be 'replica' or 'logical'`,
    ],
    ...Object.entries(PATRONI_FLOORS).map(
      ([name, floor]): Refusal => [
        `parameters: ${name}`,
        'ParameterTooSmall',
        parameter(name, floor - 1),
        `postgresql.parameters.${name} is ${floor - 1}, but must be at least ${floor}: Patroni drops what is less`,
      ],
    ),
    [
      'parameters: a sender for each replica',
      'ParameterTooSmall',
      { members: 7, ...parameter('max_wal_senders', '6') },
      'postgresql.parameters.max_wal_senders is "6", but must be at least 7, the number of members',
    ],
    [
      '6.6/10: sharedMemory > 0',
      'SizeInvalid',
      { pod: { sharedMemory: Size.mebibytes(0) } },
      'pod.sharedMemory is 0 MiB, but must be a Size of at least 1 MiB',
    ],
    [
      '6.6/10: sharedMemory <= memory',
      'SharedMemoryTooLarge',
      { pod: { sharedMemory: Size.gibibytes(3) } },
      "pod.sharedMemory is 3072 MiB, but must be at most the container's memory, 2048 MiB",
    ],
    [
      '6.6/11: memory for the tuning',
      'MemoryMissing',
      { resources: {} },
      "resources.memory is missing, but must be a limit or a request, from which the tuning is computed; or postgresql.tuning: 'none'",
    ],
    [
      '6.6/11: request <= limit',
      'MemoryRequestTooLarge',
      { resources: { memory: { request: Size.gibibytes(4), limit: Size.gibibytes(2) } } },
      'resources.memory.request is 4096 MiB, but must be at most the limit, 2048 MiB',
    ],
    ['6.6/11: no resources at all', 'ResourcesMissing', { resources: undefined }, 'resources is missing, but must be given, as { memory'],
    [
      '6.6/10: max_connections, from which the tuning computes',
      'MaxConnectionsInvalid',
      parameter('max_connections', 'many'),
      'postgresql.parameters.max_connections is "many", but must be a whole number of at least 1',
    ],
    [
      '6.6/12: min_wal_size >= 2 segments, or PostgreSQL does not start',
      'MinWalSizeTooSmall',
      parameter('min_wal_size', '31MB'),
      'postgresql.parameters.min_wal_size is "31MB", but must be at least two segments of 16 MiB, or PostgreSQL does not start: give',
    ],
    [
      '6.6/12: min_wal_size >= 2 segments, computed',
      'MinWalSizeTooSmall',
      { walStorage: { size: Size.mebibytes(100) } },
      'postgresql.parameters.min_wal_size is "15MB", but must be … as it is computed from the size of the volume: give a larger volume',
    ],
    [
      '6.6/12: WAL volume >= 3 segments',
      'WalVolumeTooSmall',
      { walStorage: { size: Size.mebibytes(47) } },
      'walStorage.size is "47 MiB", but must be at least three segments of 16 MiB',
    ],
    [
      '6.6/12: WAL volume >= 3 large segments',
      'WalVolumeTooSmall',
      { walStorage: { size: Size.gibibytes(2) }, postgresql: { initdb: { walSegmentSize: Size.gibibytes(1) } } },
      'walStorage.size is "2048 MiB", but must be at least three segments of 1024 MiB',
    ],
    [
      '6.6/12: max_wal_size <= 0.8 of the WAL volume',
      'MaxWalSizeTooLarge',
      parameter('max_wal_size', '4097MB'),
      'postgresql.parameters.max_wal_size is "4097MB", but must be at most 80 % of walStorage.size, 4096MB',
    ],
    [
      "6.6/12: max_wal_size without a unit, which is PostgreSQL's MB",
      'MaxWalSizeTooLarge',
      parameter('max_wal_size', 4097),
      'postgresql.parameters.max_wal_size is 4097, but must be … at most 80 % of walStorage.size, 4096MB',
    ],
    [
      '6.6/12: max_wal_size with a fraction',
      'MaxWalSizeTooLarge',
      parameter('max_wal_size', '4.5GB'),
      'postgresql.parameters.max_wal_size is "4.5GB", but must be … at most 80 % of walStorage.size, 4096MB',
    ],
    [
      '6.6/12: segments are a power of two',
      'WalSegmentSizeInvalid',
      { postgresql: { initdb: { walSegmentSize: Size.mebibytes(24) } } },
      'postgresql.initdb.walSegmentSize is 24 MiB, but must be a power of two from 1 to 1024 MiB',
    ],
  ],
  refusedSomehow: [
    ['6.6/10: max_connections "lots", from which the tuning computes', parameter('max_connections', 'lots')],
    ['6.6/10: max_connections "", from which the tuning computes', parameter('max_connections', '')],
    ['6.6/10: max_connections 0, from which the tuning computes', parameter('max_connections', 0)],
    ['6.6/10: max_connections -1, from which the tuning computes', parameter('max_connections', -1)],
    ['6.6/10: max_connections 1.5, from which the tuning computes', parameter('max_connections', 1.5)],
  ],
  warned: [
    [
      'TimescaleDB: too few workers for its jobs',
      'WorkersTooFew',
      { postgresql: { parameters: { shared_preload_libraries: 'timescaledb', max_worker_processes: 8 } } },
      'max_worker_processes is 8, less than timescaledb.max_background_workers + max_parallel_workers + 3 (20)',
    ],
    [
      '6.6/10: memory overcommitted',
      'MemoryOvercommitted',
      parameter('work_mem', '16MB'),
      'max_connections × work_mem + shared_buffers is 2112 MiB', // 100 × 16 + 512
      "more than the container's 2048 MiB",
      'lower postgresql.parameters.work_mem or max_connections',
    ],
    [
      '6.6/10: shared buffers over 40 %',
      'SharedBuffersLarge',
      parameter('shared_buffers', '820MB'),
      'postgresql.parameters.shared_buffers is 820MB',
      'more than 40 % of 2048 MiB',
      '25 % is usual',
    ],
    [
      "6.6/10: PostgreSQL's own shared buffers over 40 %",
      'SharedBuffersLarge',
      { resources: { memory: { limit: Size.mebibytes(256) } }, postgresql: { tuning: 'none', parameters: { work_mem: '64kB' } } },
      'shared_buffers is 128MB',
      'more than 40 % of 256 MiB',
    ],
  ],
  accepted: [
    ['6.6/5: a commit that waits less than for the disk', { durability: 'sync', ...parameter('synchronous_commit', 'remote_write') }],
    ['6.6/5: nobody waits anyway', parameter('synchronous_commit', 'off')],
    ...Object.entries({ ...PATRONI_FLOORS, fsync: 'on', full_page_writes: true, wal_level: 'logical' }).map(
      ([name, value]): [string, Given] => [`parameters: ${name} ${value}`, parameter(name, value)],
    ),
    ['6.6/8: any other parameter', parameter('max_connections', 60)],
    ["6.6/9: an extension's parameter", parameter('timescaledb.max_background_workers', 8)],
    ['6.6/10: all of the memory', parameter('work_mem', '15MB')], // 100 × 15 + 512 = 2012 of 2048,
    ['6.6/10: 40 %', parameter('shared_buffers', '819MB')],
    ['6.6/11: a request alone', { resources: { memory: { request: Size.gibibytes(2) } } }],
    ['6.6/11: no memory, no tuning', { resources: {}, postgresql: { tuning: 'none' } }],
    ['6.6/12: 80 %', parameter('max_wal_size', '4GB')],
  ],
};

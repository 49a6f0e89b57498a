import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import fc from 'fast-check';
import { memoryParameter, type Parameters, type TuningInput, tuned, tuningInput } from '../../lib/ha-postgres/parameters';
import { ConstructError } from '../../lib/platform';
import { emptyChart, minimalProps, outcomeOf, planOf, postgresIn } from '../support';

const GIB = 1024;
const usual: TuningInput = { memory: 2 * GIB, cores: 2, walVolume: 5 * GIB, dataVolume: 20 * GIB, maxConnections: 100 };

function mib(parameters: Parameters, name: string): number {
  const value = memoryParameter(parameters[name], 1);
  if (value === undefined || Number.isNaN(value)) throw new Error(`${name} is ${parameters[name]}`);
  return value;
}

test.each([
  // memory: a quarter, three quarters, a sixteenth but 2 GiB at most, and (memory - buffers) / (100 connections × 3)
  [1 * GIB, '256MB', '768MB', '64MB', '2621kB'],
  [2 * GIB, '512MB', '1536MB', '128MB', '5242kB'],
  [8 * GIB, '2048MB', '6144MB', '512MB', '20971kB'],
  [64 * GIB, '16384MB', '49152MB', '2048MB', '167772kB'],
])('memory of %i MiB gives buffers %s, cache %s, maintenance %s, work %s', (memory, buffers, cache, maintenance, work) => {
  expect(tuned({ ...usual, memory })).toMatchObject({
    shared_buffers: buffers,
    effective_cache_size: cache,
    maintenance_work_mem: maintenance,
    work_mem: work,
  });
});

test.each([
  // 2 GiB less a quarter are 1536 MiB = 1572864 kB
  [20, '26214kB'],
  [100, '5242kB'],
  [1000, '524kB'],
  [100000, '64kB'], // PostgreSQL's least
])('%i connections leave each sort %s', (maxConnections, work) => {
  expect(tuned({ ...usual, maxConnections }).work_mem).toBe(work);
});

test.each([
  // workers = cores + 3, at least PostgreSQL's 8; a query and a maintenance task get half of the cores, at most 4
  [1, 8, 1, 1],
  [2, 8, 2, 1],
  [4, 8, 4, 2],
  [8, 11, 8, 4],
  [32, 35, 32, 4],
])('%i cores give %i workers, %i of them parallel, %i a query', (cores, workers, parallel, gather) => {
  expect(tuned({ ...usual, cores })).toMatchObject({
    max_worker_processes: workers,
    max_parallel_workers: parallel,
    max_parallel_workers_per_gather: gather,
    max_parallel_maintenance_workers: gather,
  });
});

test.each([
  // its own volume: 30 %, half of that, 30 %, 30 %
  ['a WAL volume of 1 GiB', { walVolume: 1 * GIB }, '307MB', '153MB', '307MB', '307MB'],
  ['a WAL volume of 5 GiB', { walVolume: 5 * GIB }, '1536MB', '768MB', '1536MB', '1536MB'],
  ['a WAL volume of 100 GiB', { walVolume: 100 * GIB }, '30720MB', '15360MB', '30720MB', '30720MB'],
  // on the data volume: 10 %, half of that, 10 %, 20 %
  ['a data volume of 20 GiB', { walVolume: undefined }, '2048MB', '1024MB', '2048MB', '4096MB'],
  ['a data volume of 1 GiB', { walVolume: undefined, dataVolume: 1 * GIB }, '102MB', '51MB', '102MB', '204MB'],
])('%s bounds the log: max %s', (_, volumes, max, min, keep, slots) => {
  expect(tuned({ ...usual, ...volumes })).toMatchObject({
    max_wal_size: max,
    min_wal_size: min,
    wal_keep_size: keep,
    max_slot_wal_keep_size: slots,
  });
});

test.each([
  ['async', undefined],
  ['sync', '10s'],
  ['syncStrict', '10s'],
  ['quorum', '10s'],
] as const)('with durability %s a silent replica is given up after %s', (durability, timeout) => {
  expect(planOf({ durability }).parameters.wal_sender_timeout).toBe(timeout);
  const parameters = { wal_sender_timeout: '30s' };
  expect(planOf({ durability, postgresql: { parameters, tuning: 'none' } }).parameters.wal_sender_timeout).toBe('30s');
});

const inputs = fc.record({
  memory: fc.integer({ min: 128, max: 4 * GIB * GIB }),
  cores: fc.integer({ min: 1, max: 256 }),
  walVolume: fc.option(fc.integer({ min: 128, max: 16 * GIB * GIB }), { nil: undefined }),
  dataVolume: fc.integer({ min: 512, max: 64 * GIB * GIB }),
  maxConnections: fc.integer({ min: 1, max: 10000 }),
});

test('for any size, all is a number with a unit that PostgreSQL knows, and more than nothing', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      for (const value of Object.values(tuned(input))) {
        expect(String(value)).toMatch(/^[1-9]\d*(kB|MB)?$/);
      }
    }),
  );
});

test('for any size, memory in use stays within memory', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const parameters = tuned(input);
      const sorts = Math.max(input.maxConnections * 3 * mib(parameters, 'work_mem'), 0);
      const floor = (64 / 1024) * input.maxConnections * 3; // what PostgreSQL insists on, however little there is
      expect(mib(parameters, 'shared_buffers') + sorts).toBeLessThanOrEqual(Math.max(input.memory, input.memory / 4 + floor));
      expect(mib(parameters, 'effective_cache_size')).toBeLessThanOrEqual(input.memory);
      expect(mib(parameters, 'maintenance_work_mem')).toBeLessThanOrEqual(input.memory / 16);
    }),
  );
});

test('for any size, the log leaves two fifths of its own volume free, and most of the data volume; a leader that was cut off finds back', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const parameters = tuned(input);
      const [ahead, kept, slots] = ['max_wal_size', 'wal_keep_size', 'max_slot_wal_keep_size'].map((name) => mib(parameters, name));
      const log = (ahead ?? 0) + Math.max(kept ?? 0, slots ?? 0); // both are counted back from the log's end
      expect(log).toBeLessThanOrEqual(input.walVolume === undefined ? 0.3 * input.dataVolume : 0.6 * input.walVolume);
      expect(kept).toBeGreaterThanOrEqual(ahead ?? Number.NaN);
      expect(mib(parameters, 'min_wal_size')).toBeLessThanOrEqual(ahead ?? 0);
    }),
  );
});

test.each([
  [{ memory: { limit: Size.gibibytes(4), request: Size.gibibytes(2) } }, { memory: 4096, cores: 2 }],
  [{ memory: { request: Size.gibibytes(2) } }, { memory: 2048, cores: 2 }],
  [{}, { memory: 0, cores: 2 }],
  [{ cpu: { limit: kplus.Cpu.units(4), request: kplus.Cpu.units(1) } }, { memory: 0, cores: 4 }],
  [{ cpu: { request: kplus.Cpu.millis(2500) } }, { memory: 0, cores: 3 }], // a part of a core is a core
  [{ cpu: { request: kplus.Cpu.millis(100) } }, { memory: 0, cores: 1 }],
])('limits come before requests: resources %# are %j', (resources, read) => {
  expect(tuningInput({ ...minimalProps(), resources })).toMatchObject(read);
});

test('volumes and connections are read from their props', () => {
  const props = { ...minimalProps(), postgresql: { parameters: { max_connections: '250' } } };
  expect(tuningInput(props)).toMatchObject({ walVolume: 5 * GIB, dataVolume: 20 * GIB, maxConnections: 250 });
  expect(tuningInput({ ...props, walStorage: undefined, postgresql: {} })).toMatchObject({ walVolume: undefined, maxConnections: 100 });
});

/** Without backups: on, since only a restart turns it on, and doing nothing. */
const ARCHIVING = { archive_mode: 'on', archive_command: '/bin/true' };

test('a given parameter beats the computed one, key by key', () => {
  const { parameters } = planOf({ postgresql: { parameters: { work_mem: '16MB', jit: false } } });
  expect(parameters).toEqual({ ...ARCHIVING, ...tuned(usual), max_parallel_workers: 1, work_mem: '16MB', jit: false });
});

test("without tuning there are only the user's own and those of archiving", () => {
  const { parameters } = planOf({ postgresql: { tuning: 'none', parameters: { work_mem: '16MB' } } });
  expect(parameters).toEqual({ ...ARCHIVING, work_mem: '16MB' });
});

test.each([
  ['128MB', 8, 128],
  ['1GB', 8, 1024],
  ['1TB', 8, 1048576],
  ['2048kB', 8, 2],
  ['1048576B', 8, 1],
  [16384, 8, 128], // blocks of 8 kB
  ['4096', 1, 4],
  [' 64 MB ', 1, 64],
  ['64mb', 1, undefined], // PostgreSQL refuses it too
  ['a lot', 1, undefined],
  [undefined, 1, undefined],
])('%p in blocks of %i kB are %p MiB', (value, block, expected) => {
  expect(memoryParameter(value, block)).toBe(expected);
});

/** PostgreSQL does not start otherwise: FATAL: "min_wal_size" must be at least twice "wal_segment_size". */
test.each([
  ['48 MiB of WAL volume', { walStorage: { size: Size.mebibytes(48) } }, 16],
  ['segments of 1 GiB on 5 GiB', { postgresql: { initdb: { walSegmentSize: Size.gibibytes(1) } } }, 1024],
  ['256 MiB of data volume', { walStorage: undefined, storage: { size: Size.mebibytes(256) } }, 16],
])('6.6/12: with %s, min_wal_size holds two segments, or the size is refused', (_, props, segment) => {
  const size = () => mib(postgresIn(emptyChart(), props) && planOf(props).parameters, 'min_wal_size');
  const outcome = outcomeOf(size);
  if (!(outcome instanceof ConstructError)) expect(outcome).toBeGreaterThanOrEqual(2 * segment);
});

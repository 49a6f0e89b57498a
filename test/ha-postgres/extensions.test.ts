import { Size } from 'cdk8s';
import type { ExtensionOptions, PostgresqlOptions } from '../../lib';
import { wantedExtensions } from '../../lib/ha-postgres/extensions';
import { chartWith, objectOf, planOf } from '../support';

const parametersOf = (postgresql: PostgresqlOptions) => planOf({ postgresql }).parameters;
const extensions = (...names: string[]): ExtensionOptions[] => names.map((name) => ({ name, databases: ['postgres'] }));

describe('libraries to preload', () => {
  test.each([
    ['none by default', {}, undefined],
    ['none for an extension that needs none', { extensions: extensions('pg_trgm') }, undefined],
    [
      'TimescaleDB first, whatever the order',
      { extensions: extensions('pg_trgm', 'pg_stat_statements', 'timescaledb') },
      'timescaledb,pg_stat_statements',
    ],
    [
      'what is based on pg_stat_statements after it',
      { extensions: extensions('pg_stat_kcache', 'pg_stat_statements') },
      'pg_stat_statements,pg_stat_kcache',
    ],
    ["the user's own", { parameters: { shared_preload_libraries: 'auto_explain' } }, 'auto_explain'],
    [
      "the user's own after them, each once",
      { extensions: extensions('timescaledb', 'pg_cron'), parameters: { shared_preload_libraries: 'auto_explain, timescaledb' } },
      'timescaledb,pg_cron,auto_explain',
    ],
  ])('%s', (_, postgresql, libraries) => {
    expect(parametersOf(postgresql).shared_preload_libraries).toBe(libraries);
  });
});

describe("TimescaleDB's background workers", () => {
  test.each([
    ['are none without it', {}, 8, undefined],
    ['are counted: 16 + 1 core + 3', { extensions: extensions('timescaledb') }, 20, 16],
    [
      'are as many as the user says',
      { extensions: extensions('timescaledb'), parameters: { 'timescaledb.max_background_workers': 32 } },
      36,
      32,
    ],
  ])('%s', (_, postgresql, processes, workers) => {
    const parameters = parametersOf(postgresql);
    expect(parameters.max_worker_processes).toBe(processes);
    expect(parameters['timescaledb.max_background_workers']).toBe(workers);
  });

  test("the user's number of processes beats it", () => {
    expect(parametersOf({ extensions: extensions('timescaledb'), parameters: { max_worker_processes: 50 } }).max_worker_processes).toBe(50);
  });
});

test('extensions are wanted by database, in all that are declared unless some are named, and updated unless it is said', () => {
  const plan = planOf({
    databases: [
      { name: 'shop', owner: 'shop' },
      { name: 'till', owner: 'shop' },
    ],
    postgresql: { extensions: [{ name: 'pg_trgm' }, { name: 'hstore', databases: ['till', 'postgres'], update: false }] },
  });
  expect(wantedExtensions(plan)).toEqual({
    shop: [{ name: 'pg_trgm', update: true }],
    till: [
      { name: 'pg_trgm', update: true },
      { name: 'hstore', update: false },
    ],
    postgres: [{ name: 'hstore', update: false }],
  });
});

test('an extension restarts no pod: the StatefulSet is the same, what the agent reads is not', () => {
  const [without, with_] = [chartWith(), chartWith({ postgresql: { extensions: extensions('timescaledb') } })];
  expect(objectOf(with_, 'StatefulSet', 'orders')).toEqual(objectOf(without, 'StatefulSet', 'orders'));
  expect(objectOf(with_, 'ConfigMap', 'orders-patroni')).not.toEqual(objectOf(without, 'ConfigMap', 'orders-patroni'));
});

test('huge pages are asked for as Kubernetes wants it, and used or PostgreSQL does not start', () => {
  const chart = chartWith({ postgresql: { hugePages: Size.mebibytes(640) } });
  const [patroni, agent] = objectOf(chart, 'StatefulSet', 'orders').spec.template.spec.containers;
  expect(patroni.resources.requests['hugepages-2Mi']).toBe('640Mi');
  expect(patroni.resources.limits).toEqual({ memory: '2Gi', 'hugepages-2Mi': '640Mi' });
  expect(agent.resources.limits).toEqual({ memory: '64Mi' });
  expect(parametersOf({ hugePages: Size.mebibytes(640) }).huge_pages).toBe('on');
  expect(parametersOf({}).huge_pages).toBeUndefined();
});

import type { Parameters } from './parameters';
import type { HaPostgresPlan } from './plan';
import type { HaPostgresProps } from './props';

/**
 * Extensions whose library has to be there when PostgreSQL starts, in the order of `shared_preload_libraries`; each says so in
 * its own documentation. TimescaleDB comes first; pg_stat_kcache and pg_qualstats come after pg_stat_statements.
 */
const PRELOADED = [
  'timescaledb',
  'pg_stat_statements',
  'pg_stat_kcache',
  'pg_qualstats',
  'pg_wait_sampling',
  'pgaudit',
  'pg_cron',
  'pglogical',
];

/** TimescaleDB's own default. */
const TIMESCALEDB_WORKERS = 16;

/** A database that every PostgreSQL has, beside those that are declared. */
export const MAINTENANCE_DATABASE = 'postgres';

/** Libraries in their order: those that extensions need, then what the user has besides. */
export function preloaded({ postgresql = {} }: HaPostgresProps): Parameters {
  const wanted = new Set(postgresql.extensions?.map(({ name }) => name));
  const given = String(postgresql.parameters?.shared_preload_libraries ?? '').split(',');
  const libraries = [...PRELOADED.filter((name) => wanted.has(name)), ...given.map((name) => name.trim()).filter((name) => name !== '')];
  return libraries.length === 0 ? {} : { shared_preload_libraries: [...new Set(libraries)].join(',') };
}

/**
 * Background workers that TimescaleDB takes from `max_worker_processes`: one for each database, the rest for jobs
 * (its documentation, "About configuration": that parameter is their number + `max_parallel_workers` + 3).
 */
export function backgroundWorkers(props: HaPostgresProps): number {
  const { shared_preload_libraries: libraries = '' } = preloaded(props);
  if (!String(libraries).split(',').includes('timescaledb')) return 0;
  return Number(props.postgresql?.parameters?.['timescaledb.max_background_workers'] ?? TIMESCALEDB_WORKERS);
}

/** What the agent makes true: extensions by database, in their order. */
export function wantedExtensions({ props }: HaPostgresPlan): Record<string, object[]> {
  const all = (props.databases ?? []).map(({ name }) => name);
  const wanted: Record<string, object[]> = {};
  for (const { name, databases = all, update = true } of props.postgresql?.extensions ?? []) {
    for (const database of databases) wanted[database] = [...(wanted[database] ?? []), { name, update }];
  }
  return wanted;
}

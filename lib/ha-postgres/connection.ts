import { Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { seconds } from '../internal/quantity';
import { oneOf, refuser } from '../internal/refuse';
import { ConstructError, type Endpoint, type SecretKey } from '../platform';
import type { IPostgres } from './postgres';
import { connectionShape } from './validation/shapes';

/** A role that applications log in with. */
export interface ConnectionRole {
  readonly name: string;
  /** @default - it cannot log in */
  readonly password?: SecretKey;
  /** Databases it owns or mostly uses; with exactly one, that is the default. @default - none */
  readonly databases?: string[];
}

/** How an application connects. */
export interface ConnectionOptions {
  /** @default - the one database that the role owns */
  readonly database?: string;
  /** `primary` reads and writes; `pooler` does so on few server connections; `replica` reads what may be a little old. @default 'primary' */
  readonly target?: 'primary' | 'replica' | 'pooler';
  /** How long one attempt to connect may take: whole seconds, at least 2. @default Duration.seconds(2) */
  readonly connectTimeout?: Duration;
  /** How long a kept connection may meet silence before it counts as broken; PostgreSQL's own default is hours. @default Duration.seconds(10) */
  readonly silence?: Duration;
  /**
   * Where the application mounts the authority (`tls.authority`), as '/etc/postgres/ca.crt': it then makes sure that it speaks
   * with this PostgreSQL and nobody else (libpq's `verify-full`).
   *
   * @default - the connection is encrypted where the server offers that, and has to be where it demands it
   */
  readonly authorityFile?: string;
}

/**
 * libpq's variables, which most drivers know, and `PG_CONNINFO`: libpq has no variables for keepalives, and without them a
 * kept connection to a server that lost its power waits for a quarter of an hour.
 *
 * The password is only in PGPASSWORD, never in the text.
 */
export function connectionEnv(
  postgres: IPostgres,
  roles: readonly ConnectionRole[],
  roleName: string,
  options: ConnectionOptions,
): Record<string, kplus.EnvValue> {
  connectionShape(refuser(postgres), 'connectionEnv(…)', options);
  const role = findRole(postgres, roles, roleName);
  const database = options.database ?? onlyDatabase(postgres, role);
  if (database.trim() === '')
    throw new ConstructError('DatabaseEmpty', postgres, 'connectionEnv(…).database', database, 'the name of a database, or left out');
  const { target = 'primary' } = options;
  oneOf(refuser(postgres), 'connectionEnv(…).target', target, ['primary', 'replica', 'pooler']);
  const endpoint = endpointOf(postgres, target);
  // A pooler keeps no connection but to the leader, and tells clients of each what it heard of its first: no use in asking.
  const session = target === 'primary' ? 'read-write' : 'any';
  const timeout = wholeSeconds(postgres, 'connectTimeout', options.connectTimeout ?? Duration.seconds(2), 2);
  const silence = wholeSeconds(postgres, 'silence', options.silence ?? Duration.seconds(10), 4);
  const interval = Math.floor(silence / 4); // one wait and three probes
  const conninfo = {
    host: endpoint.host,
    port: endpoint.port,
    dbname: database,
    user: role.name,
    connect_timeout: timeout,
    target_session_attrs: session,
    keepalives: 1,
    keepalives_idle: interval, // an idle or waiting connection notices by probes …
    keepalives_interval: interval,
    keepalives_count: 3,
    tcp_user_timeout: silence * 1000, // … and one with unacknowledged data by this
    ...encryption(postgres, options.authorityFile),
  };
  const { sslmode, sslrootcert } = encryption(postgres, options.authorityFile);
  const text = (value: string | number) => kplus.EnvValue.fromValue(String(value));
  return {
    PGHOST: text(endpoint.host),
    PGPORT: text(endpoint.port),
    PGDATABASE: text(database),
    PGUSER: text(role.name),
    PGPASSWORD: role.password.envValue(),
    PGCONNECT_TIMEOUT: text(timeout),
    PGTARGETSESSIONATTRS: text(session),
    ...(sslmode && { PGSSLMODE: text(sslmode) }),
    ...(sslrootcert && { PGSSLROOTCERT: text(sslrootcert) }),
    PG_CONNINFO: text(
      Object.entries(conninfo)
        .map(([key, value]) => `${key}=${quoted(value)}`)
        .join(' '),
    ),
  };
}

/** libpq's own words; none where there is no encryption. */
function encryption(postgres: IPostgres, authorityFile: string | undefined): { sslmode?: string; sslrootcert?: string } {
  const { mode } = postgres.tls;
  if (authorityFile === undefined) return mode === 'off' ? {} : { sslmode: mode === 'required' ? 'require' : 'prefer' };
  const prop = 'connectionEnv(…).authorityFile';
  if (mode === 'off') throw new ConstructError('TlsOff', postgres, prop, authorityFile, 'left out, since this PostgreSQL does not encrypt');
  if (!authorityFile.startsWith('/')) {
    throw new ConstructError(
      'PathInvalid',
      postgres,
      prop,
      authorityFile,
      "the path of a file in the container, as '/etc/postgres/ca.crt'",
    );
  }
  return { sslmode: 'verify-full', sslrootcert: authorityFile };
}

/** As libpq reads it: in quotes where there is more than letters, digits and what names of hosts have. */
function quoted(value: string | number): string {
  return /^[\w.:/-]+$/.test(`${value}`) ? `${value}` : `'${`${value}`.replace(/[\\']/g, '\\$&')}'`;
}

function findRole(postgres: IPostgres, roles: readonly ConnectionRole[], name: string): ConnectionRole & { password: SecretKey } {
  const role = roles.find((r) => r.name === name);
  const logins = roles.filter((r) => r.password).map((r) => r.name);
  if (role?.password) return { ...role, password: role.password };
  throw new ConstructError(
    'RoleUnknown',
    postgres,
    'connectionEnv(role)',
    name,
    `one of its roles that can log in: ${logins.join(', ') || 'it has none'}`,
  );
}

function onlyDatabase(postgres: IPostgres, role: ConnectionRole): string {
  const [database, another] = role.databases ?? [];
  if (database !== undefined && another === undefined) return database;
  throw new ConstructError(
    'DatabaseUnclear',
    postgres,
    'connectionEnv(…).database',
    undefined,
    `given, since ${role.name} owns ${another === undefined ? 'no database' : 'several databases'}`,
  );
}

function endpointOf(postgres: IPostgres, target: ConnectionOptions['target']): Endpoint {
  if (target === 'replica') return requireReplica(postgres);
  return target === 'pooler' ? requirePooler(postgres).endpoint : postgres.primary;
}

function requireReplica(postgres: IPostgres): NonNullable<IPostgres['replica']> {
  if (postgres.replica) return postgres.replica;
  throw new ConstructError(
    'ReplicaUnknown',
    postgres,
    'connectionEnv(…).target',
    'replica',
    "'primary', since this PostgreSQL has no replica endpoint",
  );
}

function requirePooler(postgres: IPostgres): NonNullable<IPostgres['pooler']> {
  if (postgres.pooler) return postgres.pooler;
  throw new ConstructError(
    'PoolerUnknown',
    postgres,
    'connectionEnv(…).target',
    'pooler',
    "'primary', since this PostgreSQL has no pooler",
  );
}

function wholeSeconds(postgres: IPostgres, prop: string, duration: Duration, least: number): number {
  const value = seconds(duration);
  if (Number.isInteger(value) && value >= least) return value;
  throw new ConstructError('ConnectionTimeInvalid', postgres, `connectionEnv(…).${prop}`, duration, `whole seconds, at least ${least}`);
}

import type { PoolerOptions } from '../options';
import type { HaPostgresNames } from '../plan';
import type { HaPostgresProps } from '../props';

/** Where things are in its pods. */
export const POOLER_PATHS = {
  config: '/etc/pgbouncer',
  credentials: '/etc/credentials',
  run: '/var/run/pgbouncer',
  tls: '/etc/tls',
} as const;

/** PgBouncer's own port. Its Service has PostgreSQL's, so that clients change nothing but the host. */
export const POOLER_PORT = 6432;

/** Lookups of passwords at once, in each replica; one takes a millisecond. */
export const LOOKUPS = 4;

/** Everything that is derived from the props of the pooler. */
export interface PoolerPlan {
  /** Of all its objects. */
  readonly name: string;
  /** Role by which it looks up passwords. */
  readonly role: string;
  readonly mode: NonNullable<PoolerOptions['mode']>;
  readonly replicas: number;
  readonly defaultPoolSize: number;
  readonly maxClientConnections: number;
  readonly options: PoolerOptions;
}

export function planPooler({ pooler }: HaPostgresProps, names: HaPostgresNames): PoolerPlan | undefined {
  if (!pooler) return undefined;
  return {
    name: names.pooler,
    role: poolerRole(pooler),
    mode: pooler.mode ?? 'transaction',
    replicas: pooler.replicas ?? 2,
    defaultPoolSize: pooler.defaultPoolSize ?? 12,
    maxClientConnections: pooler.maxClientConnections ?? 500,
    options: pooler,
  };
}

export function poolerRole({ login }: PoolerOptions): string {
  return login.username ?? 'pooler';
}

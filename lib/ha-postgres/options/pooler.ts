import type * as kplus from 'cdk8s-plus-27';
import type { Image } from '../../platform';
import type { Login } from '../props';
import type { ServiceOptions } from './services';

/** PgBouncer in front of the leader, in pods of its own. */
export interface PoolerOptions {
  /** By which it looks up passwords: may do nothing else. Name of the role: `pooler`. */
  readonly login: Login;
  /** When a server connection is given back. @default 'transaction' */
  readonly mode?: 'session' | 'transaction' | 'statement';
  /** @default 2 */
  readonly replicas?: number;
  /** Server connections for each pair of user and database, in each replica. @default 12 */
  readonly defaultPoolSize?: number;
  /** Clients at once, in each replica. @default 500 */
  readonly maxClientConnections?: number;
  /** Further settings of pgbouncer.ini's section `[pgbouncer]`, by name. @default - none */
  readonly parameters?: Record<string, string | number>;
  /** With PgBouncer 1.19 or later, bash and sha256sum. @default - the members' own */
  readonly image?: Image;
  /** @default - 50 millicores and 64 to 128 MiB */
  readonly resources?: kplus.ContainerResources;
  /** @default - of type ClusterIP */
  readonly service?: ServiceOptions;
}

import type * as kplus from 'cdk8s-plus-27';
import type { Image, Placement } from '../../platform';
import type { Login } from '../props';
import type { ServiceOptions } from './services';

/** PgBouncer in front of the leader, in pods of its own. Adding it, or taking it away, restarts the members one by one. */
export interface PoolerOptions {
  /** By which it looks up passwords: may do nothing else. Its name is `pooler` unless given. */
  readonly login: Login;
  /** When a server connection is given back. @default 'transaction' */
  readonly mode?: 'session' | 'transaction' | 'statement';
  /** @default 2 */
  readonly replicas?: number;
  /** Server connections for each pair of user and database, in each replica. @default 12 */
  readonly defaultPoolSize?: number;
  /** Clients at once, in each replica. @default 500 */
  readonly maxClientConnections?: number;
  /** Further settings of pgbouncer.ini's section `[pgbouncer]`, by name. @default - see pooler/settings.ts */
  readonly parameters?: Record<string, string | number>;
  /** With PgBouncer 1.21 or later (October 2023), bash and coreutils. @default - the members' own */
  readonly image?: Image;
  /** @default - 50 millicores and 64 to 128 MiB */
  readonly resources?: kplus.ContainerResources;
  /** On which nodes its pods run. @default - spread over hosts and zones where there are enough, wherever the members run */
  readonly placement?: Placement;
  /** @default - of type ClusterIP */
  readonly service?: ServiceOptions;
}

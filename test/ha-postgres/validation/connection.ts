import { Duration } from 'cdk8s';
import { Endpoint, type HaPostgres, type HaPostgresProps, type IPostgres, SecretKey } from '../../../lib';
import { login } from '../../support';
import type { Given, Rules } from './rules';

const env = (role: string, options?: Given, props?: Partial<HaPostgresProps>) => ({
  props: {
    roles: [{ name: 'orders', ...login('orders') }, { name: 'readers' }],
    databases: [{ name: 'orders', owner: 'orders' }],
    ...props,
  },
  next: (postgres: HaPostgres) => postgres.connectionEnv(role, options),
});

export const connection: Rules = {
  refused: [
    [
      'connection: role',
      'RoleUnknown',
      env('order'),
      'connectionEnv(role) is "order", but must be one of its roles that can log in: orders',
    ],
    [
      'connection: role that logs in',
      'RoleUnknown',
      env('readers'),
      'connectionEnv(role) is "readers", but must be one of its roles that can log in: orders',
    ],
    [
      'connection: no roles',
      'RoleUnknown',
      env('orders', {}, { roles: [], databases: [] }),
      'connectionEnv(role) is "orders", but must be … it has none',
    ],
    [
      'connection: no database',
      'DatabaseUnclear',
      env('orders', {}, { databases: [] }),
      'connectionEnv(…).database is missing, but must be given, since orders owns no database',
    ],
    [
      'connection: two databases',
      'DatabaseUnclear',
      env(
        'orders',
        {},
        {
          databases: [
            { name: 'a', owner: 'orders' },
            { name: 'b', owner: 'orders' },
          ],
        },
      ),
      'connectionEnv(…).database is missing, but must be given, since orders owns several databases',
    ],
    [
      'connection: no pooler',
      'PoolerUnknown',
      env('orders', { target: 'pooler' }),
      `connectionEnv(…).target is "pooler", but must be 'primary', since this PostgreSQL has no pooler`,
    ],
    [
      'connection: connectTimeout',
      'ConnectionTimeInvalid',
      env('orders', { connectTimeout: Duration.seconds(1) }),
      'connectionEnv(…).connectTimeout is 1 second, but must be whole seconds, at least 2',
    ],
    [
      'connection: silence',
      'ConnectionTimeInvalid',
      env('orders', { silence: Duration.millis(4500) }),
      'connectionEnv(…).silence is 4 seconds 500 millis, but must be whole seconds, at least 4',
    ],
    [
      'connection: no replica',
      'ReplicaUnknown',
      {
        existing: { primary: new Endpoint('db.example', 5432), roles: [{ name: 'a', databases: ['a'], password: SecretKey.of('s', 'a') }] },
        next: (postgres: IPostgres) => postgres.connectionEnv('a', { target: 'replica' }),
      },
      `connectionEnv(…).target is "replica", but must be 'primary', since this PostgreSQL has no replica endpoint`,
    ],
    [
      'fromEndpoints: primary',
      'EndpointInvalid',
      { existing: { primary: new Endpoint('db.example', 0) } },
      'primary is {"host":"db.example","port":0}, but must be an Endpoint with a host and a port from 1 to 65535',
    ],
    [
      'fromEndpoints: any primary',
      'EndpointInvalid',
      { existing: {} },
      "primary is missing, but must be … as new Endpoint('db.example', 5432)",
    ],
    [
      'fromEndpoints: replica',
      'EndpointInvalid',
      { existing: { primary: new Endpoint('db.example', 5432), replica: new Endpoint('', 65536) } },
      'replica is {"host":"","port":65536}, but must be … a host and a port',
    ],
  ],
};

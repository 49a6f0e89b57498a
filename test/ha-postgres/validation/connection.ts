import { Duration } from 'cdk8s';
import { Endpoint, HaPostgres, type HaPostgresProps, type IPostgres, SecretKey } from '../../../lib';
import { login } from '../../support';
import type { Given, Rules } from './rules';

const PRIMARY = new Endpoint('db.example', 5432);
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
      'connection: a target that is none',
      'ValueUnknown',
      env('orders', { target: 'primry' }),
      `connectionEnv(…).target is "primry", but must be one of 'primary', 'replica', 'pooler'`,
    ],
    [
      'connection: a database without a name',
      'DatabaseEmpty',
      env('orders', { database: '' }),
      'connectionEnv(…).database is "", but must be the name of a database, or left out',
    ],
    [
      'connection: a number of no unit',
      'DurationInvalid',
      env('orders', { connectTimeout: 5 }),
      'connectionEnv(…).connectTimeout is 5, but must be a Duration',
    ],
    [
      'connection: an option that is none',
      'OptionUnknown',
      env('orders', { timeout: 5 }),
      'connectionEnv(…).timeout is 5, but must be one of database, target, connectTimeout',
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
    [
      'fromEndpoints: a literal password of a role',
      'PasswordLiteral',
      { existing: { primary: PRIMARY, roles: [{ name: 'a', password: 'hunter2' }] } },
      'roles[0].password is "(not shown)", but must be a reference to a Secret',
    ],
    [
      'fromEndpoints: a literal password of the administrator',
      'PasswordLiteral',
      { existing: { primary: PRIMARY, administrator: { password: 'hunter2' } } },
      'administrator.password is "(not shown)", but must be a reference to a Secret',
    ],
    [
      'fromEndpoints: tls.mode',
      'ValueUnknown',
      { existing: { primary: PRIMARY, tls: { mode: 'on' } } },
      `tls.mode is "on", but must be one of 'off', 'allowed', 'required'`,
    ],
    [
      'fromEndpoints: no tls.mode',
      'TlsModeMissing',
      { existing: { primary: PRIMARY, tls: {} } },
      "tls.mode is missing, but must be 'off', 'allowed' or 'required'",
    ],
    [
      'fromEndpoints: tls.authority',
      'AuthorityInvalid',
      { existing: { primary: PRIMARY, tls: { mode: 'required', authority: 'ca.crt' } } },
      'tls.authority is "(not shown)", but must be a reference to a Secret',
    ],
    [
      'fromEndpoints: roles are a list',
      'ListInvalid',
      { existing: { primary: PRIMARY, roles: 'a' } },
      'roles is "(not shown)", but must be a list, in brackets',
    ],
  ],
  refusedSomehow: [
    ['fromEndpoints: no attributes', { next: (postgres: HaPostgres) => HaPostgres.fromEndpoints(postgres, 'x', undefined as never) }],
  ],
};

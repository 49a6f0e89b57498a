import { type HaPostgres, Image } from '../../../lib';
import { login, namesOf } from '../../support';
import type { Given, Rules } from './rules';

const given = (options: Given = {}, props: Given = {}) => ({ ...props, pooler: { login: login('pooler'), ...options } });
const application = (name: string) => ({ name, ...login(name) });
const two = { roles: [application('a'), application('b')], databases: ['a', 'b'].map((name) => ({ name, owner: name })) };
const reference = { tag: '1.24.1', digest: `sha256:${'0'.repeat(64)}` };

export const pooler: Rules = {
  refused: [
    [
      '6.6/15: a login of its own',
      'CredentialsMissing',
      { pooler: {} },
      "pooler.login is missing, but must be a login, as { password: SecretKey.of('orders-pooler', 'password') }",
    ],
    [
      '6.6/15: a name for the login of the pooler',
      'RoleNamesEqual',
      given({}, { roles: [{ name: 'pooler' }] }),
      'pooler.login.username is "pooler", but must be a role of its own: roles[0] has that name',
    ],
    [
      '6.6/15: the superuser is not to look passwords up',
      'RoleNamesEqual',
      given({ login: { username: 'postgres', ...login('pooler') } }),
      'pooler.login.username is "postgres", but must be a role of its own: credentials.superuser has that name',
    ],
    [
      '6.6/15: a Secret key for the pooler',
      'PasswordShared',
      given({ login: login('superuser') }),
      'pooler.login.password is "orders-postgres/superuser", but must be a Secret key of its own: credentials.superuser uses that one',
    ],
    [
      '6.6/15: no literal password of the pooler',
      'PasswordLiteral',
      given({ login: { password: 'hunter2' } }),
      'pooler.login.password is "(not shown)", but must be a reference to a Secret',
    ],
    [
      'words: mode',
      'ValueUnknown',
      given({ mode: 'transactions' }),
      `pooler.mode is "transactions", but must be one of 'session', 'transaction', 'statement'`,
    ],
    [
      'words: spread of the pooler',
      'ValueUnknown',
      given({ placement: { spread: 'hard' } }),
      `pooler.placement.spread is "hard", but must be one of 'preferred', 'required'`,
    ],
    ...(['replicas', 'defaultPoolSize', 'maxClientConnections'] as const).flatMap((prop): Rules['refused'] => [
      ['pooler: sizes', 'PoolerSizeInvalid', given({ [prop]: 0 }), `pooler.${prop} is 0, but must be a whole number of at least 1`],
      ['pooler: sizes', 'PoolerSizeInvalid', given({ [prop]: 1.5 }), `pooler.${prop} is 1.5, but must be a whole number of at least 1`],
      ['pooler: sizes', 'PoolerSizeInvalid', given({ [prop]: '5' }), `pooler.${prop} is "5", but must be a whole number of at least 1`],
    ]),
    [
      '6.6/9: what has a prop',
      'PoolerSettingOwned',
      given({ parameters: { pool_mode: 'session' } }),
      'pooler.parameters.pool_mode is "session", but must be given as prop `pooler.mode`',
    ],
    [
      '6.6/9: what the construct holds',
      'PoolerSettingOwned',
      given({ parameters: { auth_type: 'any' } }),
      'pooler.parameters.auth_type is "any", but must be left to the construct',
    ],
    [
      'pooler: names of settings',
      'PoolerSettingNameInvalid',
      given({ parameters: { 'Server-Lifetime': 60 } }),
      'pooler.parameters.Server-Lifetime is 60, but must be named as in pgbouncer.ini',
    ],
    [
      'pooler: a setting a line',
      'PoolerSettingValueInvalid',
      given({ parameters: { stats_users: 'a\nauth_type = any' } }),
      'pooler.parameters.stats_users is "a\\nauth_type = any", but must be a number, or a text of one line',
    ],
    [
      'pooler: values of settings',
      'PoolerSettingValueInvalid',
      given({ parameters: { log_stats: true } }),
      'pooler.parameters.log_stats is true, but must be a number, or a text of one line',
    ],
    [
      '6.6/14: latest of the pooler',
      'ImageLatest',
      given({ image: Image.of('registry.example/pgbouncer', { tag: 'latest' }) }),
      'pooler.image.tag is "latest", but must be a tag that names a version',
    ],
    [
      "6.6/23: who may connect to the pooler is none of Patroni's members",
      'PodWouldBeMember',
      {
        props: given(),
        next: ({ pooler }: HaPostgres) => pooler?.allowFrom({ podLabels: { application: 'patroni', 'cluster-name': 'orders' } }),
      },
      'pooler.allowFrom(peer).podLabels is {"application":"patroni","cluster-name":"orders"}, but must be without the labels',
    ],
    [
      'pooler: clients after synth',
      'AdditionAfterSynth',
      {
        props: given(),
        next: (postgres: HaPostgres) => {
          namesOf(postgres.node.scope as never);
          postgres.pooler?.allowFrom({ namespace: 'shop' });
        },
      },
      'pooler.allowFrom(peer) is "called after synth", but must be called before app.synth()',
    ],
  ],
  warned: [
    ['pooler: one replica', 'PoolerAlone', given({ replicas: 1 }), 'pooler.replicas is 1', '2 is the default'],
    [
      '6.6/18: a pooler that cannot make its own role',
      'PoolerOnStandby',
      given({}, { standbyOf: { host: 'shop.eu.example' } }),
      'pooler of a standby cluster',
      'needs a pooler with the same login',
    ],
    [
      'pooler: more connections than there are',
      'PoolerOverbooks',
      given({}, two),
      'pooler may open 104 connections',
      'more than max_connections 100 less 10',
      'lower pooler.defaultPoolSize',
    ],
    [
      'pooler: reserve pools count',
      'PoolerOverbooks',
      given({ parameters: { reserve_pool_size: 30 } }, { roles: [application('a')], databases: [{ name: 'a', owner: 'a' }] }),
      'pooler may open 92 connections',
    ],
  ],
  accepted: [
    ['pooler: the least', given()],
    ['pooler: an image by digest', given({ image: Image.of('registry.example/pgbouncer', reference) })],
    ['pooler: pools that fit', given({ defaultPoolSize: 10 }, two)], // 2 × (2 × 2 × 10 + 4) = 88 of 90
    ['pooler: pools that are bounded', given({ parameters: { max_db_connections: 20 } }, two)],
    ['pooler: more connections', given({}, { ...two, postgresql: { parameters: { max_connections: 114, work_mem: '4MB' } } })],
  ],
};

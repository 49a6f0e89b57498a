import { login } from '../../support';
import type { Given, Rules } from './rules';

const credentials = (changes: Given) => ({
  credentials: { superuser: login('superuser'), replication: login('replication'), rewind: login('rewind'), ...changes },
});

export const roles: Rules = {
  refused: [
    [
      '6.6/15: no literal password',
      'PasswordLiteral',
      credentials({ superuser: { password: 'hunter2' } }),
      `credentials.superuser.password is "(not shown)", but must be a reference to a Secret, as SecretKey.of('orders-postgres', 'superuser')`,
    ],
    [
      '6.6/15: no literal password of a role',
      'PasswordLiteral',
      { roles: [{ name: 'a' }, { name: 'b', password: { value: 'hunter2' } }] },
      'roles[1].password is "(not shown)", but must be … a literal would be in the output',
    ],
    [
      '6.6/15: a Secret key for each',
      'PasswordShared',
      credentials({ rewind: login('superuser') }),
      'credentials.rewind.password is "orders-postgres/superuser", but must be a Secret key of its own: credentials.superuser uses that one',
    ],
    [
      '6.6/15: a name for each',
      'RoleNamesEqual',
      { roles: [{ name: 'postgres' }] },
      'roles[0].name is "postgres", but must be a role of its own: credentials.superuser has that name',
    ],
    [
      '6.6/15: a name for each login',
      'RoleNamesEqual',
      credentials({ rewind: { username: 'replicator', ...login('rewind') } }),
      'credentials.rewind.username is "replicator", but must be a role of its own: credentials.replication has that name',
    ],
    [
      '6.6/15: three logins',
      'CredentialsMissing',
      credentials({ rewind: undefined }),
      "credentials.rewind is missing, but must be a login, as { password: SecretKey.of('orders-postgres', 'superuser') }",
    ],
    [
      '6.6/15: any login',
      'CredentialsMissing',
      { credentials: undefined },
      'credentials.superuser is missing, but must be a login, as { password:',
    ],
    [
      '6.6/15: names of logins',
      'RoleNameInvalid',
      credentials({ superuser: { username: 'Post gres', ...login('superuser') } }),
      'credentials.superuser.username is "Post gres", but must be at most 63 of a-z, 0-9, _ and -',
    ],
    [
      '6.6/15: names of roles',
      'RoleNameInvalid',
      { roles: [{ name: 'Orders' }] },
      'roles[0].name is "Orders", but must be at most 63 of a-z, 0-9, _ and -',
    ],
    ['6.6/15: a role without a name', 'RoleNameInvalid', { roles: [{}] }, 'roles[0].name is missing, but must be at most 63 of a-z'],
    [
      'roles: a member of itself',
      'RoleOfItself',
      { roles: [{ name: 'a', memberOf: ['a'] }] },
      'roles[0].memberOf is ["a"], but must be other roles, and none that is itself a member of a',
    ],
    [
      'roles: a member of its member',
      'RoleOfItself',
      {
        roles: [
          { name: 'x', memberOf: ['a'] },
          { name: 'a', memberOf: ['b'] },
          { name: 'b', memberOf: ['a'] },
        ],
      },
      'roles[1].memberOf is ["b"], but must be other roles, and none that is itself a member of a',
    ],
    [
      'roles: connection limit',
      'ConnectionLimitInvalid',
      { roles: [{ name: 'a', connectionLimit: -1 }] },
      'roles[0].connectionLimit is -1, but must be a whole number of at least 0; leave it out for no limit',
    ],
    [
      'databases: name',
      'DatabaseNameInvalid',
      { databases: [{ name: 'a b', owner: 'x' }] },
      'databases[0].name is "a b", but must be at most 63 of a-z, 0-9, _ and -',
    ],
    [
      'databases: a name',
      'DatabaseNameInvalid',
      { roles: [{ name: 'x' }], databases: [{ owner: 'x' }] },
      'databases[0].name is missing, but must be at most 63 of a-z',
    ],
    [
      'databases: each once',
      'DatabaseNameTaken',
      {
        roles: [{ name: 'x' }],
        databases: [
          { name: 'a', owner: 'x' },
          { name: 'a', owner: 'x' },
        ],
      },
      'databases[1].name is "a", but must be a name that no other database has',
    ],
    [
      "databases: not PostgreSQL's own",
      'DatabaseNameTaken',
      { roles: [{ name: 'x' }], databases: [{ name: 'template1', owner: 'x' }] },
      'databases[0].name is "template1", but must be a name that no other database has',
    ],
    [
      'databases: owner is one of roles',
      'OwnerUnknown',
      { roles: [{ name: 'a' }, { name: 'b' }], databases: [{ name: 'd', owner: 'c' }] },
      'databases[0].owner is "c", but must be one of roles: a, b',
    ],
    [
      'databases: owner without any roles',
      'OwnerUnknown',
      { databases: [{ name: 'd', owner: 'c' }] },
      'databases[0].owner is "c", but must be one of roles: there are none',
    ],
    [
      "6.6/15: a role that PostgreSQL keeps for itself: 'pg_reader'",
      'RoleNameReserved',
      { roles: [{ name: 'pg_reader' }] },
      'roles[0].name is "pg_reader", but must be a name that PostgreSQL does not keep for itself',
    ],
    [
      "6.6/15: a role that PostgreSQL keeps for itself: 'public'",
      'RoleNameReserved',
      { roles: [{ name: 'public' }] },
      'roles[0].name is "public", but must be a name that PostgreSQL does not keep for itself',
    ],
    [
      "6.6/15: a login that pg_hba.conf reads as everybody: 'all'",
      'RoleNameReserved',
      credentials({ replication: { username: 'all', ...login('replication') } }),
      'credentials.replication.username is "all", but must be a name that PostgreSQL does not keep for itself',
    ],
  ],
  refusedSomehow: [
    ['6.6/15: a login without a password', credentials({ superuser: {} })],
    ['6.6/15: a password where the login should be', credentials({ superuser: 'hunter2' })],
  ],
  warned: [
    [
      'roles: a member of what is not declared',
      'MemberOfUnknown',
      { roles: [{ name: 'a', memberOf: ['readers'] }] },
      "roles[0].memberOf has 'readers'",
      'declare it in roles',
    ],
  ],
  accepted: [
    [
      'roles: members of others',
      {
        roles: [{ name: 'a', memberOf: ['b', 'c', 'pg_monitor', 'rewind'] }, { name: 'b', memberOf: ['c'] }, { name: 'c' }],
      },
    ],
    [
      '6.6/15: one Secret, many keys',
      {
        roles: [
          { name: 'a', ...login('a') },
          { name: 'b', ...login('b') },
        ],
      },
    ],
  ],
};

import type { IConstruct } from 'constructs';
import { isSqlName } from '../../internal/names';
import { refuser } from '../../internal/refuse';
import { SecretKey, warn } from '../../platform';
import { loginNames } from '../plan';
import { poolerRole } from '../pooler/plan';
import type { HaPostgresProps } from '../props';

export function credentials(scope: IConstruct, { credentials: logins, roles = [], pooler }: HaPostgresProps): void {
  const refuse = refuser(scope);
  for (const key of ['superuser', 'replication', 'rewind'] as const) {
    if (logins?.[key]?.password) continue;
    refuse('CredentialsMissing', `credentials.${key}`, undefined, "a login, as { password: SecretKey.of('orders-postgres', 'superuser') }");
  }
  const named: [string, string, unknown][] = Object.entries(loginNames(logins)).map(([key, name]) => [
    `credentials.${key}`,
    name,
    logins[key as 'superuser' | 'replication' | 'rewind'].password,
  ]);
  for (const [i, role] of roles.entries()) named.push([`roles[${i}]`, role.name, role.password]);
  if (pooler) {
    if (!pooler.login?.password)
      refuse('CredentialsMissing', 'pooler.login', undefined, "a login, as { password: SecretKey.of('orders-pooler', 'password') }");
    named.push(['pooler.login', poolerRole(pooler), pooler.login.password]);
  }
  const names = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const [prop, name, password] of named) {
    const nameProp = prop.startsWith('roles') ? `${prop}.name` : `${prop}.username`;
    const twin = names.get(name);
    if (!isSqlName(name)) refuse('RoleNameInvalid', nameProp, name, 'at most 63 of a-z, 0-9, _ and -, beginning with a letter or _');
    if (/^pg_|^(public|none|all|replication)$/.test(name)) {
      refuse('RoleNameReserved', nameProp, name, 'a name that PostgreSQL does not keep for itself');
    }
    if (twin) refuse('RoleNamesEqual', nameProp, name, `a role of its own: ${twin} has that name`);
    names.set(name, prop);
    if (password === undefined) continue;
    if (!SecretKey.isSecretKey(password))
      refuse(
        'PasswordLiteral',
        `${prop}.password`,
        '(not shown)',
        "a reference to a Secret, as SecretKey.of('orders-postgres', 'superuser'): a literal would be in the output",
      );
    const shared = keys.get(String(password));
    if (shared) refuse('PasswordShared', `${prop}.password`, String(password), `a Secret key of its own: ${shared} uses that one`);
    keys.set(String(password), prop);
  }
}

export function wanted(scope: IConstruct, { roles = [], databases = [] }: HaPostgresProps): void {
  const refuse = refuser(scope);
  const known = new Set(roles.map((r) => r.name));
  const names = new Set(['postgres', 'template0', 'template1']);
  for (const [i, { connectionLimit }] of roles.entries()) {
    if (connectionLimit !== undefined && (!Number.isInteger(connectionLimit) || connectionLimit < 0)) {
      refuse(
        'ConnectionLimitInvalid',
        `roles[${i}].connectionLimit`,
        connectionLimit,
        'a whole number of at least 0; leave it out for no limit',
      );
    }
  }
  for (const [i, { name, owner }] of databases.entries()) {
    if (!isSqlName(name))
      refuse('DatabaseNameInvalid', `databases[${i}].name`, name, 'at most 63 of a-z, 0-9, _ and -, beginning with a letter or _');
    if (names.has(name)) refuse('DatabaseNameTaken', `databases[${i}].name`, name, 'a name that no other database has');
    if (!known.has(owner))
      refuse('OwnerUnknown', `databases[${i}].owner`, owner, `one of roles: ${[...known].join(', ') || 'there are none'}`);
    names.add(name);
  }
}

/** Who gets whose rights: PostgreSQL grants no role to itself, by whatever way, and none that it does not know. */
export function memberships(scope: IConstruct, { credentials: logins, roles = [] }: HaPostgresProps): void {
  const refuse = refuser(scope);
  const memberOf = new Map(roles.map((role) => [role.name, role.memberOf ?? []]));
  const known = [...memberOf.keys(), ...Object.values(loginNames(logins))];
  const above = (name: string, seen = new Set<string>()): Set<string> => {
    for (const next of memberOf.get(name) ?? []) if (!seen.has(next)) above(next, seen.add(next));
    return seen;
  };
  for (const [i, { name, memberOf: wanted = [] }] of roles.entries()) {
    const prop = `roles[${i}].memberOf`;
    if (above(name).has(name)) refuse('RoleOfItself', prop, wanted, `other roles, and none that is itself a member of ${name}`);
    const missing = wanted.find((other) => !known.includes(other) && !other.startsWith('pg_'));
    if (missing === undefined) continue;
    warn(
      scope,
      'MemberOfUnknown',
      `${prop} has '${missing}', which is none of roles and none of PostgreSQL's own: where nobody else has made it, it is never granted; declare it in roles`,
    );
  }
}

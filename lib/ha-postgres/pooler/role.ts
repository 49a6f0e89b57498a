import type { HaPostgresPlan } from '../plan';

/** The role by which passwords are looked up, as roles.json has roles; its function is in declare.sql. */
export function poolerRoles({ pooler }: HaPostgresPlan): object[] {
  if (!pooler) return [];
  return [{ name: pooler.role, login: true, createdb: false, createrole: false, connectionLimit: -1, memberOf: [] }];
}

/**
 * Lines of pg_hba.conf: it may look passwords up, and goes nowhere else, whatever later lines say of all.
 *
 * @param clients `hostssl` where clients have to encrypt
 */
export function poolerHba({ pooler, authMethod }: HaPostgresPlan, clients: 'host' | 'hostssl'): string[] {
  if (!pooler) return [];
  return [`${clients} postgres ${pooler.role} all ${authMethod}`, `host all ${pooler.role} all reject`];
}

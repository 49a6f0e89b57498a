import type { HaPostgresPlan } from '../plan';
import { MONITOR_ROLE } from './plan';

/**
 * The exporter runs as nobody, not as postgres, whom pg_hba.conf takes for the superuser and who owns the files with the
 * passwords. User 65534 has that name in every Debian, and it is the server that looks the number up, in its own image.
 */
export const NOBODY_ID = 65534;

/** It may only read statistics, and has no password, so nobody can log in with it from elsewhere. */
export function monitorRoles({ monitoring }: HaPostgresPlan): object[] {
  if (!monitoring?.exporter) return [];
  // As many connections as the exporter needs, and some that hang: what watches the database must not fill it.
  return [{ name: MONITOR_ROLE, login: true, createdb: false, createrole: false, connectionLimit: 5, memberOf: ['pg_monitor'] }];
}

/** Lines of pg_hba.conf. */
export function monitorHba({ monitoring }: HaPostgresPlan): string[] {
  return monitoring?.exporter ? [`local all ${MONITOR_ROLE} peer map=${MONITOR_ROLE}`] : [];
}

/** Lines of pg_ident.conf. On OpenShift all containers of a pod are one user, whose name is its number. */
export function monitorIdent({ monitoring, openShift }: HaPostgresPlan): string[] {
  return monitoring?.exporter ? [`${MONITOR_ROLE} ${openShift ? '/^[0-9]+$' : 'nobody'} ${MONITOR_ROLE}`] : [];
}

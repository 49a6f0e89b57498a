import { type HaPostgresPlan, PORTS } from '../plan';
import { LOOKUPS, POOLER_PATHS, POOLER_PORT, type PoolerPlan } from './plan';

type Settings = Record<string, string | number>;

/**
 * Ends a new connection to a server that is not, or not yet, the leader; PgBouncer then tries again. It cannot ask for
 * `target_session_attrs`, and would keep a connection that it made to a former leader for an hour.
 */
const ONLY_LEADER = 'SELECT pg_terminate_backend(pg_backend_pid()) WHERE pg_is_in_recovery()';

/** pgbouncer.ini: https://www.pgbouncer.org/config.html. The password of its login is in a file of its own. */
export function poolerConfiguration(plan: HaPostgresPlan, pooler: PoolerPlan): string {
  const leader = [`host=${plan.names.cluster}`, `port=${PORTS.postgresql}`];
  // The leader of a standby cluster is in recovery itself.
  const server = [...leader, ...(plan.standby ? [] : [`connect_query='${ONLY_LEADER}'`])].join(' ');
  const settings = { ...settingsOf(plan, pooler), ...pooler.options.parameters };
  const lines = Object.entries(settings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name} = ${value}`);
  const databases = ['[databases]', `postgres = ${server}`, `* = ${server}`, ''];
  const users = ['[users]', `${pooler.role} = max_user_connections=${LOOKUPS}`, ''];
  return [...databases, ...users, '[pgbouncer]', ...lines, ''].join('\n');
}

function settingsOf(plan: HaPostgresPlan, pooler: PoolerPlan): Settings {
  return {
    listen_addr: '*',
    listen_port: POOLER_PORT,
    unix_socket_dir: POOLER_PATHS.run, // for people: kubectl exec … psql -h /var/run/pgbouncer -p 6432 -U pgbouncer pgbouncer
    ...authentication(plan, pooler),
    ...encryption(plan),
    ...pooling(pooler),
    ...failover(),
    ignore_startup_parameters: 'extra_float_digits', // sent by every JDBC client
    log_connections: 0,
    log_disconnections: 0, // else every probe is two lines
  };
}

/** Whoever PostgreSQL knows, and with the password that PostgreSQL has: nothing to keep in step here. */
function authentication({ authMethod }: HaPostgresPlan, { role }: PoolerPlan): Settings {
  return {
    auth_type: authMethod, // `md5` takes both kinds
    auth_file: `${POOLER_PATHS.run}/userlist.txt`,
    auth_user: role,
    auth_query: 'SELECT uname, phash FROM pooler.user_lookup($1) WHERE uname IS NOT NULL',
    auth_dbname: 'postgres', // where the function is; a database of clients need not have it
  };
}

function pooling({ mode, defaultPoolSize, maxClientConnections }: PoolerPlan): Settings {
  return {
    pool_mode: mode,
    default_pool_size: defaultPoolSize,
    max_client_conn: maxClientConnections,
    ...(mode !== 'session' && { max_prepared_statements: 200 }), // PgBouncer's default from 1.24; before, drivers that prepare fail
    server_lifetime: 3600,
  };
}

/**
 * A server that refuses or is silent is tried again in every round of PgBouncer's own (333 ms), while clients wait in its queue.
 * A dead node answers nothing, not even with a refusal: connections to it are given up after ten seconds of silence.
 */
function failover(): Settings {
  return {
    server_login_retry: 0.3,
    server_connect_timeout: 2,
    query_wait_timeout: 120,
    dns_nxdomain_ttl: 1, // the Service may be applied after the pooler
    tcp_keepalive: 1,
    tcp_keepidle: 3,
    tcp_keepintvl: 3,
    tcp_keepcnt: 3,
    tcp_user_timeout: 10_000, // milliseconds
  };
}

/**
 * Towards clients with the members' own certificate, towards members only where their authority is the same. Where encryption is
 * not required, which is how it is added to a running cluster, members may still have no certificate.
 */
function encryption({ tls }: HaPostgresPlan): Settings {
  if (!tls) return { client_tls_sslmode: 'disable', server_tls_sslmode: 'disable' };
  const file = (name: string) => `${POOLER_PATHS.tls}/${name}`;
  return {
    client_tls_sslmode: tls.requireSsl ? 'require' : 'allow',
    client_tls_cert_file: file('tls.crt'),
    client_tls_key_file: file('tls.key'),
    server_tls_sslmode: tls.requireSsl ? 'verify-ca' : 'prefer',
    server_tls_ca_file: file('ca.crt'),
  };
}

/** Settings that the construct sets, and the prop or means that a user wants instead. */
export const OWNED_SETTINGS: Record<string, string> = {
  listen_addr: 'left to the construct, whose pods listen on every address',
  listen_port: `left to the construct: clients use port ${PORTS.postgresql} of the Service`,
  unix_socket_dir: 'left to the construct, whose pods have a folder for it',
  auth_type: 'left to the construct, which takes roles and passwords from PostgreSQL',
  auth_file: 'left to the construct: the password is `pooler.login.password`',
  auth_hba_file: 'left to the construct: see `allowFrom` and `networkPolicy`',
  auth_user: 'left to the construct: it is prop `pooler.login.username`',
  auth_query: 'left to the construct, which makes the function that is asked',
  auth_dbname: 'left to the construct, which makes the function that is asked',
  pool_mode: 'given as prop `pooler.mode`',
  default_pool_size: 'given as prop `pooler.defaultPoolSize`',
  max_client_conn: 'given as prop `pooler.maxClientConnections`',
  client_tls_sslmode: 'left to the construct: see prop `tls`',
  client_tls_cert_file: 'left to the construct: see prop `tls`',
  client_tls_key_file: 'left to the construct: see prop `tls`',
  server_tls_sslmode: 'left to the construct: see prop `tls`',
  server_tls_ca_file: 'left to the construct: see prop `tls`',
  user: 'left out: the pod already runs as a user without rights',
  logfile: 'left out: the log is the output of the container',
  pidfile: 'left out: there is one PgBouncer in a pod',
  conffile: 'left out: it is the ConfigMap of the pooler',
};

/** Settings that PgBouncer reads only at its start (CF_NO_RELOAD in its main.c). */
export const READ_AT_START = ['disable_pqexec', 'job_name', 'listen_backlog', 'pkt_buf', 'resolv_conf', 'so_reuseport', 'unix_socket_mode'];

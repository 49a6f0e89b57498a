import { CertificateSource, type HaPostgresProps, type RoleOptions, SecretKey } from '../../lib';
import type { Json } from './kubectl';
import { output } from './run';
import { NAME } from './subject';

/** Role of the writers: its password stays, so that they show what the changes do to others. */
export const WRITER = 'ledger';
export const CERTIFICATE = 'orders-tls';

/** One change of a commit, and how to see that it is in force on a member. */
export interface Change {
  readonly kind: string;
  /** Shell that prints one line in a member's pod; `$peer` is the address of the member after it. See in-force.ts. */
  readonly probe: string;
  /** What that line is where the change is in force. */
  readonly expected: string;
}

/** Several changes at once, all of them in manifests. */
export interface Commit {
  readonly props: Partial<HaPostgresProps>;
  readonly secrets: readonly Json[];
  readonly changes: readonly Change[];
  /** Whether one of them is said to restart PostgreSQL. */
  readonly restarts: boolean;
}

/** What a loop changes against the one before. Loop 0 is what the cluster begins with. */
export async function commitOf(loop: number, certificate: Json): Promise<Commit> {
  const restarts = loop % 5 === 0;
  return {
    props: propsOf(loop),
    secrets: [passwordsOf(loop), certificate],
    changes: [
      { kind: 'parameter', probe: "sql 'SHOW work_mem'", expected: workMem(loop) },
      ...(restarts ? [{ kind: 'parameter that restarts', probe: "sql 'SHOW max_connections'", expected: maxConnections(loop) }] : []),
      passwordChange(loop),
      await certificateChange(certificate),
      hbaChange(loop),
      roleChange(loop),
    ],
    restarts,
  };
}

function propsOf(loop: number): Partial<HaPostgresProps> {
  return {
    tls: { certificate: CertificateSource.secret(CERTIFICATE) },
    patroni: { restApi: { password: SecretKey.of('orders-postgres', 'restapi') }, restartWhenPending: true },
    roles: [...[NAME, WRITER].map(login), ...teams(loop)],
    postgresql: {
      parameters: { work_mem: workMem(loop), max_connections: maxConnections(loop) },
      pgHba: [`hostssl all ${visitor(loop)} all reject`, 'hostssl all all all scram-sha-256'],
    },
  };
}

const workMem = (loop: number) => `${5000 + loop}kB`;
/** Up in one fifth loop and down in the next. */
const maxConnections = (loop: number) => (Math.floor(loop / 5) % 2 === 0 ? '100' : '110');
const visitor = (loop: number) => `visitor_${loop}`;

const login = (name: string): RoleOptions => ({
  name,
  password: SecretKey.of('orders-postgres', name),
  memberOf: name === WRITER ? [NAME] : [],
});

/** Roles without a password: one with other attributes in each loop, and one more in every third. */
function teams(loop: number): (RoleOptions & { connectionLimit: number })[] {
  const added = Array.from({ length: Math.floor(loop / 3) }, (_, i) => ({ name: `team_${3 * (i + 1)}`, connectionLimit: i }));
  return [{ name: 'team', connectionLimit: loop, createDatabase: loop % 2 === 1 }, ...added];
}

function roleChange(loop: number): Change {
  const attributes = "rolname || ' ' || rolconnlimit || ' ' || rolcreatedb";
  const expected = teams(loop).map(({ name, connectionLimit, createDatabase = false }) => `${name} ${connectionLimit} ${createDatabase}`);
  const probe = `sql "SELECT string_agg(${attributes}, ',' ORDER BY (${attributes}) COLLATE \\"C\\") FROM pg_roles WHERE rolname LIKE 'team%'"`;
  return { kind: 'role', probe, expected: expected.sort().join() };
}

/** PostgreSQL has read the file without a complaint, and goes by it. */
function hbaChange(loop: number): Change {
  const rules = `SELECT count(*) FILTER (WHERE '${visitor(loop)}' = ANY (user_name) AND auth_method = 'reject'), count(error) FROM pg_hba_file_rules`;
  return { kind: 'pg_hba', probe: `echo "$(sql "${rules}") $(login ${visitor(loop)} any)"`, expected: '1|0 rejected' };
}

const LOGINS = { superuser: 'postgres', replication: 'replicator', rewind: 'rewind', [NAME]: NAME };
const password = (key: string, loop: number) => `${key} '${loop}' "$\\`;

/** Whole, as a GitOps tool has it. The same two passwords stay in every loop: those of the writers and of Patroni's API. */
function passwordsOf(loop: number): Json {
  const texts: Record<string, string> = { restapi: 'restapi-of-a-test', [WRITER]: `${WRITER}-of-a-test` };
  for (const key of Object.keys(LOGINS)) texts[key] = password(key, loop);
  const data = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
  return { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { name: 'orders-postgres' }, data };
}

/** Every login takes the new password, and the former one no more. */
function passwordChange(loop: number): Change {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const texts = Object.entries(LOGINS).map(([key, user]) => `${user} ${quoted(password(key, loop))} ${quoted(password(key, loop - 1))}`);
  return { kind: 'password', probe: `logins ${texts.join(' ')}`, expected: 'changed' };
}

async function certificateChange(secret: Json): Promise<Change> {
  const pem = Buffer.from(secret.data['tls.crt'], 'base64').toString();
  const serial = (await output('openssl', ['x509', '-noout', '-serial'], { input: pem })).trim();
  const probe = 'echo "$(serial "$peer:5432" -starttls postgres) $(serial "$peer:8008")"';
  return { kind: 'certificate', probe, expected: `${serial} ${serial}` };
}

import { isIP } from 'node:net';
import type { IConstruct } from 'constructs';
import { isCidr } from '../../internal/names';
import { type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import type { HaPostgresProps } from '../props';
import { POSTGRES_VERSIONS } from '../versions';

const PROP = 'postgresql.pgHba';

const HOSTS = ['host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'];
const KINDS = ['local', ...HOSTS];

/** Methods of PostgreSQL on Linux, and the kinds of line that may have them; each version's page "The pg_hba.conf File". */
const METHODS: Record<string, readonly string[]> = {
  trust: KINDS,
  reject: KINDS,
  'scram-sha-256': KINDS,
  md5: KINDS,
  password: KINDS,
  gss: HOSTS,
  ident: KINDS, // on a local line it is peer
  peer: ['local'],
  ldap: KINDS,
  radius: KINDS,
  cert: ['hostssl'],
  pam: KINDS,
  oauth: KINDS, // PostgreSQL 18
};

/** Options whose value is a password, in clear text. */
const SECRET_OPTION = /\b(ldapbindpasswd|radiussecrets)\s*"?\s*=/i;

/** An end of a line within, or a backslash at the end, which from PostgreSQL 14 on joins the next line to this. */
const CONTINUED = /[\r\n]|\\\s*$/;

/** One line, split as PostgreSQL does it. */
interface Line {
  readonly kind: string;
  readonly method: string;
}

/**
 * Who may log in. With one line that PostgreSQL cannot read, a reload keeps the old file and the next start fails
 * ("could not load pg_hba.conf"): an outage long after the commit.
 */
export function pgHba(scope: IConstruct, props: HaPostgresProps): void {
  const refuse = refuser(scope);
  for (const line of props.postgresql?.pgHba ?? []) {
    if (SECRET_OPTION.test(line))
      refuse('PgHbaSecret', PROP, '(not shown)', 'without ldapbindpasswd and radiussecrets: a ConfigMap is no place for passwords');
    if (/^\s*#/.test(line) && !CONTINUED.test(line)) continue;
    const parsed = parse(line, props.postgresVersion ?? POSTGRES_VERSIONS.default);
    if (typeof parsed === 'string') refuse('PgHbaLineInvalid', PROP, line, parsed);
    encrypted(refuse, line, parsed as Line, props);
    doubts(scope, line, parsed as Line, props);
  }
}

/** What the line says, or in words what it should be instead. */
function parse(line: string, postgresVersion: number): Line | string {
  if (CONTINUED.test(line)) return 'one line of pg_hba.conf an element';
  const fields = split(line);
  if (!fields) return 'a line whose quotes end';
  const [kind = '', databases = '', users = '', ...rest] = fields;
  if (!KINDS.includes(kind)) return `a line that begins with one of ${KINDS.join(', ')}`;
  if (/(^|,)@/.test(`${databases},${users}`)) return 'a line that names databases and users itself: there is no file beside it';
  const behind = kind === 'local' ? rest : afterAddress(rest);
  if (typeof behind === 'string') return behind;
  const [method, ...options] = behind;
  if (method === undefined) return `a line with all its fields: ${kind} database user ${kind === 'local' ? '' : 'address '}method`;
  return unfit(kind, method, options, postgresVersion) ?? { kind, method };
}

function unfit(kind: string, method: string, options: string[], postgresVersion: number): string | undefined {
  const known = Object.keys(METHODS).filter((name) => name !== 'oauth' || postgresVersion >= 18);
  if (!known.includes(method)) return `a line whose method is one of ${known.join(', ')}, and not ${method}`;
  if (!METHODS[method]?.includes(kind)) return `a line that begins with ${METHODS[method]?.join(' or ')} where the method is ${method}`;
  const wrong = options.find((option) => !/^\w+=/.test(option));
  return wrong === undefined ? undefined : `a line with nothing but options as name=value behind the method, and not ${wrong}`;
}

/** What is behind the address, and behind the mask that an address without its length has. */
function afterAddress([address = '', ...rest]: string[]): string[] | string {
  if (address.includes('/') && !isCidr(address)) return "a line whose address has a length that fits, as '10.20.0.0/16'";
  if (!isIP(address)) return rest;
  const [mask = '', ...more] = rest;
  return isIP(mask) === isIP(address)
    ? more
    : `a line whose address has its length, as '${address}/${isIP(address) === 4 ? 32 : 128}', or a mask`;
}

/** Fields without their quotes, in which blanks, commas and # are letters; undefined where quotes do not end. */
function split(line: string): string[] | undefined {
  const parts: string[] = line.match(/"[^"]*"|#.*|,\s*|\s+|[^\s",#]+|"/g) ?? [];
  if (parts.includes('"')) return undefined;
  const fields: string[] = [];
  let open = false; // whether the next part belongs to the last field
  for (const part of parts) {
    if (part.startsWith('#')) break;
    if (/^\s/.test(part)) {
      open = open && fields.at(-1)?.endsWith(',') === true;
      continue;
    }
    const piece = part.startsWith(',') ? ',' : part.replaceAll('"', '');
    if (open) fields.push(`${fields.pop()}${piece}`);
    else fields.push(piece);
    open = true;
  }
  return fields;
}

/** Lines say themselves who must encrypt. */
function encrypted(refuse: Refuse, line: string, { kind, method }: Line, { tls }: HaPostgresProps): void {
  if (kind === 'hostssl' && !tls) {
    refuse('PgHbaNeedsTls', PROP, line, 'a line that begins with host, or tls given: without a certificate nobody can match it');
  }
  if (tls && tls.requireSsl !== false && /^host(nossl)?$/.test(kind) && method !== 'reject') {
    refuse(
      'PgHbaUnencrypted',
      PROP,
      line,
      'a line that begins with hostssl, or one that rejects, or tls.requireSsl: false, since it lets clients in that do not encrypt',
    );
  }
}

function doubts(scope: IConstruct, line: string, { method }: Line, { networkPolicy }: HaPostgresProps): void {
  if (['ldap', 'radius'].includes(method) && networkPolicy?.enabled !== false) {
    warn(
      scope,
      'PgHbaServerClosed',
      `${PROP} has '${line}', and the NetworkPolicy of the members opens no way to that server: add a NetworkPolicy of your own that does, since policies add up`,
    );
  }
  if (method === 'trust') {
    warn(scope, 'PgHbaTrust', `${PROP} has '${line}': whoever it lets in is asked for no password; use scram-sha-256`);
  }
  if (method === 'password') {
    warn(scope, 'PgHbaCleartext', `${PROP} has '${line}': with that method the client sends its password in clear text; use scram-sha-256`);
  }
}

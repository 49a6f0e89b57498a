import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HaPostgresProps } from '../../lib';
import { wantedRoles } from '../../lib/ha-postgres/patroni';
import { login, planOf } from '../support';
import { requirePrograms, Sandbox } from './scripts/sandbox';

/** Where Debian puts the programs of PostgreSQL; the newest. Without any, these tests are left to the cluster tests, which run all of it. */
const DEBIAN = '/usr/lib/postgresql';
const [major] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
const programs = join(DEBIAN, `${major}`, 'bin');
const installed = existsSync(join(programs, 'initdb')) && existsSync(join(programs, 'psql'));

/** PostgreSQL refuses to run as root: 65534 is `nobody`. */
const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function run(program: string, args: string[], env: Record<string, string> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(join(programs, program), args, {
    ...(program === 'psql' ? {} : owner),
    cwd: '/',
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(`${program}: ${error ?? stderr}`);
  return stdout.trim();
}

describe(installed ? `with PostgreSQL ${major}` : 'without PostgreSQL', () => {
  if (!installed) {
    test('declare.sql is left to the cluster tests', () => expect(installed).toBe(false));
    return;
  }
  let folder: string;
  let pod: Sandbox;

  const query = (sql: string) => run('psql', ['-qXAt', '-h', folder, '-U', 'postgres', '-d', 'postgres', '-c', sql]);
  const connect = (user: string, password: string, database: string) =>
    run('psql', ['-qXAt', '-h', folder, '-U', user, '-d', database, '-c', 'SELECT current_user'], { PGPASSWORD: password });

  /** What the agent of a leader does with these props. */
  function agent(props: Partial<HaPostgresProps>): string {
    pod.write('git/roles.json', JSON.stringify(wantedRoles(planOf(props))));
    const { stdout, stderr } = pod.run('agent.sh', ['once'], { SOCKET_FOLDER: folder, SERVER_HOST: folder });
    return stderr + stdout;
  }

  beforeAll(() => {
    requirePrograms('bash', 'jq');
    folder = mkdtempSync(join(tmpdir(), 'declare-test-'));
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const data = join(folder, 'data');
    run('initdb', ['-D', data, '-U', 'postgres', '--no-sync', '--no-instructions', '--auth=trust', '--locale=C', '--encoding=UTF8']);
    writeFileSync(join(data, 'pg_hba.conf'), 'local all postgres trust\nlocal all all scram-sha-256\n');
    const settings = ['listen_addresses=', `unix_socket_directories=${folder}`, 'fsync=off', 'log_statement=all', 'log_connections=on'];
    run('pg_ctl', ['start', '-w', '-s', '-D', data, '-l', join(folder, 'log'), '-o', settings.map((s) => `-c ${s}`).join(' ')]);
  }, 60_000);

  afterAll(() => {
    run('pg_ctl', ['stop', '-s', '-m', 'immediate', '-D', join(folder, 'data')]);
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    pod = new Sandbox();
    pod.useReal('psql');
    pod.drop('secrets/roles');
    pod.answer('GET.leader', '200');
    pod.answer('GET.primary', '200');
    pod.answer('GET.config', '{"ttl": 30, "loop_wait": 10}');
    pod.answer('GET.cluster', '{"members": []}');
  });
  afterEach(() => pod.remove());

  const SHOP: Partial<HaPostgresProps> = {
    roles: [
      { name: 'shop', ...login('shop'), connectionLimit: 7, memberOf: ['readers', 'pg_monitor'] },
      { name: 'readers' },
      { name: 'select', createDatabase: true, createRole: true }, // a word of SQL
      { name: 'or-ders_2', memberOf: ['select'] },
    ],
    databases: [
      { name: 'shop', owner: 'shop' },
      { name: 'my-db', owner: 'select' },
    ],
  };
  const NAMES = "('shop', 'readers', 'select', 'or-ders_2')";
  const ROLES = `SELECT rolname, rolcanlogin, rolcreatedb, rolcreaterole, rolconnlimit, rolsuper FROM pg_roles WHERE rolname IN ${NAMES} ORDER BY 1`;
  const OWNERS = 'SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE NOT datistemplate ORDER BY 1';
  const GRANTS = "SELECT roleid::regrole FROM pg_auth_members WHERE member = 'shop'::regrole ORDER BY 1::text";
  const ROWS = `SELECT (SELECT array_agg(xmin ORDER BY oid) FROM pg_database), (SELECT array_agg(xmin::text || coalesce(rolpassword, '') ORDER BY oid)
    FROM pg_authid WHERE rolname IN ${NAMES}), (SELECT array_agg(xmin ORDER BY roleid, member) FROM pg_auth_members)`;

  const declared = () => {
    expect(query(ROLES).split('\n')).toEqual([
      'or-ders_2|f|f|f|-1|f', //
      'readers|f|f|f|-1|f',
      'select|f|t|t|-1|f',
      'shop|t|f|f|7|f',
    ]);
    expect(query(OWNERS).split('\n')).toEqual(['my-db|select', 'postgres|postgres', 'shop|shop']);
    expect(query(GRANTS).split('\n').sort()).toEqual(['pg_monitor', 'readers']);
    expect(query(`SELECT pg_has_role('or-ders_2', 'select', 'MEMBER')`)).toBe('t');
  };

  test('roles and databases are made as declared', () => {
    expect(agent(SHOP)).toContain('roles and databases are as declared');
    declared();
    // Patroni's own two, which it makes only when the cluster is born
    expect(query("SELECT rolname, rolcanlogin, rolreplication FROM pg_roles WHERE rolname IN ('replicator', 'rewind') ORDER BY 1")).toBe(
      'replicator|t|t\nrewind|t|f',
    );
    expect(query("SELECT has_function_privilege('rewind', 'pg_read_binary_file(text)', 'EXECUTE')")).toBe('t');
  });

  test('a second time, nothing is touched', () => {
    agent(SHOP);
    const before = query(ROWS);
    agent(SHOP);
    expect(query(ROWS)).toBe(before);
  });

  test('what was changed by hand is put right, and what others made stays', () => {
    // GIVEN
    agent(SHOP);
    query('CREATE ROLE stranger');
    query('ALTER ROLE shop NOLOGIN CREATEDB CONNECTION LIMIT 1');
    query('REVOKE readers FROM shop');
    query('GRANT stranger TO shop');
    query('ALTER DATABASE shop OWNER TO stranger');
    // WHEN
    agent(SHOP);
    // THEN
    expect(query(GRANTS).split('\n').sort()).toEqual(['pg_monitor', 'readers', 'stranger']);
    query('REVOKE stranger FROM shop');
    declared();
    // WHEN a role is no longer declared
    agent({});
    expect(query(ROLES).split('\n')).toHaveLength(4);
    query('DROP ROLE stranger');
  });

  test('a role logs in with the password of its file, then with the changed one; neither is in the log', () => {
    // GIVEN what a shell, SQL or psql could take for its own, with the newline that editors add
    const [first, second] = [`it's "1" \\ $(id) \`id\` :role %s`, 'second'];
    pod.write('secrets/roles/shop', `${first}\n`);
    // WHEN
    expect(agent(SHOP)).toContain('are as declared');
    // THEN
    expect(connect('shop', first, 'shop')).toBe('shop');
    expect(query("SELECT rolpassword FROM pg_authid WHERE rolname = 'shop'")).toMatch(/^SCRAM-SHA-256\$/);
    // WHEN
    pod.write('secrets/roles/shop', second);
    agent(SHOP);
    // THEN
    expect(connect('shop', second, 'shop')).toBe('shop');
    expect(() => connect('shop', first, 'shop')).toThrow(/password authentication failed/);
    const log = readFileSync(join(folder, 'log'), 'utf8');
    expect(log).toContain('SELECT current_user'); // statements are logged
    expect(log).not.toMatch(/it's|second|PASSWORD '(?!SCRAM)/);
  });

  test('a verifier stays as long as its password is right; one that was changed or lost by hand is set again', () => {
    const verifier = () => query("SELECT rolpassword FROM pg_authid WHERE rolname = 'shop'");
    pod.write('secrets/roles/shop', `a:b\\\\c\n`);
    agent(SHOP);
    const first = verifier();
    agent(SHOP);
    expect(verifier()).toBe(first);
    query("ALTER ROLE shop PASSWORD 'another'");
    agent(SHOP);
    expect(connect('shop', `a:b\\\\c`, 'shop')).toBe('shop');
    query(`ALTER ROLE shop PASSWORD 'md5${createHash('md5').update(`a:b\\\\cshop`).digest('hex')}'`); // as an adopted cluster may have it
    expect(agent(SHOP)).toContain('the verifier of shop is made anew, by SCRAM'); // whether or not pg_hba lets it in
    expect(verifier()).toMatch(/^SCRAM-SHA-256/);
    expect(connect('shop', `a:b\\\\c`, 'shop')).toBe('shop');
    query('ALTER ROLE shop PASSWORD NULL');
    agent(SHOP);
    expect(connect('shop', `a:b\\\\c`, 'shop')).toBe('shop');
  });

  test('the three logins of Patroni have the passwords of their files', () => {
    agent({});
    expect(connect('replicator', 'secret of replication', 'postgres')).toBe('replicator');
    expect(connect('rewind', 'secret of rewind', 'postgres')).toBe('rewind');
    expect(query("SELECT rolpassword LIKE 'SCRAM-SHA-256%' FROM pg_authid WHERE rolname = 'postgres'")).toBe('t');
  });

  test('a member that starts is not left waiting for the header of a page that nobody writes', () => {
    const end = () => Number(query("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')"));
    const emit = (length: number) => query(`SELECT pg_logical_emit_message(false, '', repeat('x', ${length}))`);
    /** The last checkpoint, after a look at a cluster whose member is so, when the last record had filled its page. */
    function checkpoint(state: string): string {
      for (let i = 0; i < 50 && end() % 8192 !== 24; i++) {
        const left = 8192 - (end() % 8192);
        emit(left > 1000 ? left - 54 : 1000); // 54 bytes are the record's own
      }
      expect(end() % 8192).toBe(24);
      pod.answer('GET.cluster', `{"members": [{"name": "orders-1", "state": "${state}"}]}`);
      agent({});
      return query('SELECT checkpoint_lsn FROM pg_control_checkpoint()');
    }
    const before = query('SELECT checkpoint_lsn FROM pg_control_checkpoint()');
    expect(checkpoint('running')).toBe(before);
    expect(checkpoint('starting')).not.toBe(before);
  });

  test('the role of the exporter reads statistics, has no password, and is nothing else', () => {
    agent({ monitoring: { scrapedBy: { namespace: 'monitoring' } } });
    expect(
      query(`SELECT rolcanlogin, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, rolconnlimit, rolpassword IS NULL
        FROM pg_authid WHERE rolname = 'monitor'`),
    ).toBe('t|f|5|t');
    expect(query("SELECT roleid::regrole FROM pg_auth_members WHERE member = 'monitor'::regrole")).toBe('pg_monitor');
    query('DROP ROLE monitor');
  });

  describe('the pooler', () => {
    const pooled = { ...SHOP, pooler: { login: login('pooler') } };
    const as = (user: string, sql: string) =>
      run('psql', ['-qXAt', '-h', folder, '-U', user, '-d', 'postgres', '-c', sql], { PGPASSWORD: `secret of ${user}` });
    const lookup = (name: string) => as('pooler', `SELECT uname, phash FROM pooler.user_lookup('${name}') WHERE uname IS NOT NULL`);
    const verifier = (name: string) => query(`SELECT rolname, rolpassword FROM pg_authid WHERE rolname = '${name}'`);

    beforeEach(() => {
      for (const name of ['pooler', 'shop']) pod.write(`secrets/roles/${name}`, `secret of ${name}`);
      agent(pooled);
    });

    test('learns passwords of applications, and of nobody who may do more', () => {
      expect(lookup('shop')).toBe(verifier('shop'));
      for (const name of ['postgres', 'replicator', 'rewind', 'readers', 'no-such-role']) expect([name, lookup(name)]).toEqual([name, '']);
      query("ALTER ROLE shop VALID UNTIL 'yesterday'");
      expect(lookup('shop')).toBe('shop|'); // is known, and has no password that would do
      query("ALTER ROLE shop VALID UNTIL 'infinity'");
    });

    test('may do nothing else, and nobody else may do this', () => {
      expect(() => as('pooler', 'SELECT passwd FROM pg_shadow')).toThrow(/permission denied/);
      expect(() => as('shop', "SELECT pooler.user_lookup('shop')")).toThrow(/permission denied for schema pooler/);
      const rights = 'SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles';
      expect(query(`${rights} WHERE rolname = 'pooler'`)).toBe('f');
      expect(query("SELECT has_function_privilege('public', 'pooler.user_lookup(text)', 'EXECUTE')")).toBe('f');
    });

    test('finds its function as it was made, however it was changed', () => {
      const made = 'SELECT xmin, prosrc, prosecdef, proconfig, proacl FROM pg_proc WHERE proname = $$user_lookup$$';
      const before = query(made);
      agent(pooled);
      expect(query(made)).toBe(before); // untouched
      query('ALTER FUNCTION pooler.user_lookup(text) SECURITY INVOKER');
      query('GRANT EXECUTE ON FUNCTION pooler.user_lookup(text) TO PUBLIC');
      agent(pooled);
      expect(lookup('shop')).toBe(verifier('shop'));
      expect(query("SELECT has_function_privilege('public', 'pooler.user_lookup(text)', 'EXECUTE')")).toBe('f');
    });

    test('takes the place of what other tools made under the same names', () => {
      query('DROP SCHEMA pooler CASCADE');
      query('CREATE SCHEMA pooler');
      query(`CREATE FUNCTION pooler.user_lookup(IN i_username text, OUT uname text, OUT phash text) RETURNS record LANGUAGE plpgsql
        SECURITY DEFINER AS 'BEGIN SELECT usename, passwd FROM pg_shadow WHERE usename = i_username INTO uname, phash; RETURN; END'`);
      agent(pooled);
      expect([lookup('postgres'), lookup('shop')]).toEqual(['', verifier('shop')]);
    });

    test('is made only where it is asked for', () => {
      query('DROP SCHEMA pooler CASCADE');
      agent(SHOP);
      expect(query("SELECT count(*) FROM pg_namespace WHERE nspname = 'pooler'")).toBe('0');
    });
  });

  describe('tablespaces and extensions', () => {
    /** What the agent of a leader does when the members' pods are of these revisions. */
    function hold(wanted: object, revisions = ['a', 'a', 'a']): string {
      pod.answer('GET.cluster', JSON.stringify({ members: revisions.map((revision) => ({ tags: { revision } })) }));
      pod.write('git/cluster.json', JSON.stringify({ members: 3, restartWhenPending: false, tablespaces: [], extensions: {}, ...wanted }));
      return agent(SHOP);
    }
    const tablespace = (name: string, tablespaceOwner: string) => {
      const location = join(folder, name);
      if (!existsSync(location)) mkdirSync(location, { mode: 0o700 });
      if (owner.uid !== undefined) chownSync(location, owner.uid, owner.gid);
      return { name, owner: tablespaceOwner, location };
    };
    const made = () => query("SELECT spcname, pg_get_userbyid(spcowner) FROM pg_tablespace WHERE spcname !~ '^pg_'");
    const installed = (database: string) =>
      run('psql', [
        '-qXAt',
        '-h',
        folder,
        '-U',
        'postgres',
        '-d',
        database,
        '-c',
        "SELECT extname, extversion FROM pg_extension WHERE extname <> 'plpgsql'",
      ]);

    test('nothing is made while the members are not alike', () => {
      hold({ tablespaces: [tablespace('early', 'shop')] }, ['a', 'b', 'a']);
      expect(made()).toBe('');
    });

    test('a tablespace is made once, and gets its owner back', () => {
      const tablespaces = [tablespace('cold-rows', 'shop')];
      expect(hold({ tablespaces })).not.toContain('not reconciled');
      expect(made()).toBe('cold-rows|shop');
      query('ALTER TABLESPACE "cold-rows" OWNER TO readers');
      hold({ tablespaces });
      expect(made()).toBe('cold-rows|shop');
    });

    test('extensions are created with what they need, updated or not, and one that the image lacks is said', () => {
      query('CREATE TABLE IF NOT EXISTS x ()');
      run('psql', ['-qX', '-h', folder, '-U', 'postgres', '-d', 'my-db', '-c', "CREATE EXTENSION pg_trgm VERSION '1.3'"]);
      const said = hold({
        extensions: {
          shop: [
            { name: 'earthdistance', update: true },
            { name: 'timescaledb', update: true },
          ],
          'my-db': [{ name: 'pg_trgm', update: false }],
        },
      });
      expect(installed('shop').replace(/\|.*/g, '')).toBe('cube\nearthdistance');
      expect(installed('my-db')).toBe('pg_trgm|1.3');
      expect(said).toContain('database shop: extension timescaledb is not in the image\n');
      expect(said).not.toContain('not reconciled');
      // WHEN
      expect(hold({ extensions: { 'my-db': [{ name: 'pg_trgm', update: true }] } })).toContain(
        'database my-db: ALTER EXTENSION pg_trgm UPDATE\n',
      );
      expect(installed('my-db')).not.toBe('pg_trgm|1.3');
    });

    test("what a database's owner put in the way is not called", () => {
      const trap = "CREATE FUNCTION public.format(text, text) RETURNS text LANGUAGE sql AS $$ SELECT 'DROP TABLE x' $$";
      run('psql', ['-qX', '-h', folder, '-U', 'postgres', '-d', 'shop', '-c', trap]);
      expect(hold({ extensions: { shop: [{ name: 'hstore', update: true }] } })).toContain(
        'database shop: CREATE EXTENSION hstore CASCADE\n',
      );
    });

    test('a failure is said, and holds up no other database', () => {
      const said = hold({ extensions: { nowhere: [{ name: 'hstore', update: true }], 'my-db': [{ name: 'hstore', update: true }] } });
      expect(said).toMatch(/database "nowhere" does not exist[\s\S]*tablespaces or extensions not reconciled: will try again/);
      expect(installed('my-db')).toContain('hstore|');
    });
  });

  test('what cannot be declared is said, and the rest is held again the next time', () => {
    expect(agent({ ...SHOP, roles: [...(SHOP.roles ?? []), { name: 'lost', memberOf: ['nobody-knows'] }] })).toMatch(
      /role "nobody-knows" does not exist[\s\S]*not reconciled: will try again/,
    );
    agent(SHOP);
    declared();
  });
});

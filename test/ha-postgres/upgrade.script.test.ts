import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requirePrograms, Sandbox } from './scripts/sandbox';

/** Where Debian puts the programs of PostgreSQL; the newest. Without any, these tests are left to the cluster tests. */
const DEBIAN = '/usr/lib/postgresql';
const [major] = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
const programs = join(DEBIAN, `${major}`, 'bin');
const installed = existsSync(join(programs, 'initdb')) && existsSync(join(programs, 'psql'));

/** PostgreSQL refuses to run as root: 65534 is `nobody`. */
const owner = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

function run(program: string, args: string[]): string {
  const identity = program === 'psql' ? {} : owner;
  const { status, stdout, stderr, error } = spawnSync(join(programs, program), args, { ...identity, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${error ?? stderr}`);
  return stdout.trim();
}

/** A server in a temporary folder. */
class Server {
  public readonly folder = mkdtempSync(join(tmpdir(), 'upgrade-test-'));
  private readonly data = join(this.folder, 'data');

  constructor(
    public readonly port: number,
    settings: string[],
  ) {
    if (owner.uid !== undefined) chownSync(this.folder, owner.uid, owner.gid);
    run('initdb', ['-D', this.data, '-U', 'postgres', '--no-sync', '--no-instructions', '--auth=trust', '--locale=C', '--encoding=UTF8']);
    writeFileSync(join(this.data, 'pg_hba.conf'), 'local all all trust\nhost all all 127.0.0.1/32 trust\n');
    const own = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${this.folder}`, 'fsync=off', ...settings];
    run('pg_ctl', ['start', '-w', '-s', '-D', this.data, '-l', join(this.folder, 'log'), '-o', own.map((s) => `-c ${s}`).join(' ')]);
  }

  public sql(statement: string, database = 'shop', user = 'postgres'): string {
    return run('psql', ['-qXAt', '-h', this.folder, '-p', `${this.port}`, '-U', user, '-d', database, '-c', statement]);
  }

  public stop(): void {
    run('pg_ctl', ['stop', '-s', '-m', 'immediate', '-D', this.data]);
    rmSync(this.folder, { recursive: true });
  }
}

const SCHEMA = `
  CREATE SCHEMA "Books";
  CREATE TABLE orders (id serial PRIMARY KEY, what text, at timestamptz DEFAULT now());
  CREATE TABLE "Books"."Entry" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount int, twice int GENERATED ALWAYS AS (amount * 2) STORED);
  CREATE TABLE parts (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE parts_2026 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE MATERIALIZED VIEW many AS SELECT count(*) AS n FROM orders;
  CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''never here''; END';
  INSERT INTO orders (what) SELECT 'order ' || g FROM generate_series(1, 500) g;
  INSERT INTO "Books"."Entry" (amount) SELECT g FROM generate_series(1, 20) g;
  INSERT INTO parts VALUES (1, '2026-05-05');
  ALTER TABLE orders ADD COLUMN owner int REFERENCES orders;
  GRANT SELECT ON orders TO reader;
  SET session_replication_role = replica;`;

describe(installed ? `with PostgreSQL ${major}` : 'without PostgreSQL', () => {
  if (!installed) {
    test('upgrade.sh is left to the cluster tests', () => expect(installed).toBe(false));
    return;
  }
  let source: Server;
  let target: Server;
  let pod: Sandbox;

  beforeAll(() => {
    requirePrograms('bash', 'jq');
    source = new Server(50000 + (process.pid % 5000), ['wal_level=logical', 'max_prepared_transactions=5']);
    target = new Server(55000 + (process.pid % 5000), ['wal_level=replica']);
    pod = new Sandbox();
    pod.useReal('psql');
    pod.write('upgrade/password', "pass:wo\\rd'\n");
    source.sql("CREATE ROLE shop LOGIN PASSWORD 'shop'", 'postgres');
    source.sql('CREATE ROLE reader; GRANT reader TO shop; ALTER ROLE shop SET search_path = public, "Books"', 'postgres');
  }, 60_000);
  afterAll(() => {
    pod?.remove();
    for (const server of [source, target]) server?.stop();
  });
  beforeEach(() => {
    source.sql('CREATE DATABASE shop OWNER shop CONNECTION LIMIT 40', 'postgres');
    source.sql(SCHEMA);
    target.sql('CREATE DATABASE shop', 'postgres');
  });
  afterEach(() => {
    const drop = `SELECT format('ALTER SUBSCRIPTION %I DISABLE', subname) FROM pg_subscription`;
    for (const statement of target.sql(drop, 'postgres').split('\n').filter(Boolean)) {
      const [, name] = /SUBSCRIPTION (\S+)/.exec(statement) ?? [];
      for (const each of [statement, `ALTER SUBSCRIPTION ${name} SET (slot_name = NONE)`, `DROP SUBSCRIPTION ${name}`]) target.sql(each);
    }
    until('the slot to be free', () => source.sql('SELECT count(*) FROM pg_replication_slots WHERE active', 'postgres') === '0');
    source.sql('SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots', 'postgres');
    for (const server of [source, target]) server.sql('DROP DATABASE shop WITH (FORCE)', 'postgres');
    target.sql('DROP ROLE IF EXISTS shop, reader', 'postgres');
  });

  function until(what: string, done: () => boolean): void {
    for (let i = 0; i < 100; i++) {
      if (done()) return;
      spawnSync('sleep', ['0.1']);
    }
    throw new Error(`waited for ${what}`);
  }

  /** One turn of the loop; what it said. */
  function turn(phase: string, env: Record<string, string> = {}): string {
    const git = { host: '127.0.0.1', port: source.port, user: 'postgres', databases: ['shop'], phase };
    pod.write('upgrade/upgrade.json', JSON.stringify(git));
    const { stdout, stderr } = pod.run('../upgrade/scripts/upgrade.sh', ['once'], {
      SOCKET_FOLDER: target.folder,
      PGPORT: `${target.port}`,
      PGBIN: programs,
      UPGRADE_DIR: pod.path('upgrade'),
      UPGRADE_TMP: pod.folder,
      ...env,
    });
    return (stderr + stdout).replace(/^\S+ upgrade: /gm, '');
  }

  function copied(): void {
    until('the copy', () => turn('copy').includes('ready for the switch'));
  }

  const step = (server: Server) =>
    server.sql(
      "SELECT setconfig FROM pg_db_role_setting WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = 'shop')",
      'postgres',
    );
  const limit = (server: Server) => server.sql("SELECT datconnlimit FROM pg_database WHERE datname = 'shop'", 'postgres');
  const attempt = (server: Server, statement: string, user = 'shop') => {
    try {
      return server.sql(statement, 'shop', user);
    } catch (error) {
      return `${error}`;
    }
  };

  test('copies roles, settings, schema and rows, follows new ones, and lets nobody in here', () => {
    source.sql(
      "ALTER DATABASE shop SET work_mem = '7MB'; REVOKE CONNECT ON DATABASE shop FROM PUBLIC; GRANT CONNECT ON DATABASE shop TO shop",
    );
    expect(turn('copy')).toContain('shop: - materialized view public.many is made anew after the switch');
    copied();
    expect(target.sql('SELECT count(*) FROM orders')).toBe('500');
    expect(target.sql('SELECT sum(twice) FROM "Books"."Entry"')).toBe('420');
    expect(target.sql('SELECT count(*) FROM parts_2026')).toBe('1');
    expect(attempt(target, 'SELECT 1')).toContain('too many connections for database');
    source.sql("INSERT INTO orders (what) VALUES ('new'); UPDATE orders SET what = 'other' WHERE id = 1; DELETE FROM orders WHERE id = 2");
    until('the changes', () => target.sql("SELECT count(*), min(what) FROM orders WHERE what IN ('new', 'other')") === '2|new');
    const settings = 'SELECT setconfig FROM pg_db_role_setting ORDER BY 1';
    expect(target.sql(settings)).toContain('{work_mem=7MB,cdk8s_stateful.upgrade=copied}');
    expect(target.sql(settings)).toContain('search_path');
    expect(target.sql("SELECT rolpassword = 'x' OR rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'shop'")).toBe('t');
    expect(target.sql("SELECT pg_has_role('shop', 'reader', 'MEMBER'), has_database_privilege('reader', 'shop', 'CONNECT')")).toBe('t|f');
    expect(limit(source)).toBe('40');
  });

  test.each([
    ['a table without a key', 'CREATE TABLE log (line text)', '! table public.log has neither a primary key'],
    ['large objects', 'SELECT lo_create(0)', '! 1 large objects are not replicated'],
  ])('does not begin with %s', (_, statement, sentence) => {
    source.sql(statement);
    expect(turn('copy')).toContain(sentence);
    expect(target.sql("SELECT count(*) FROM pg_class WHERE relname = 'orders'")).toBe('0');
    expect(source.sql('SELECT count(*) FROM pg_publication')).toBe('0');
    source.sql('SELECT lo_unlink(oid) FROM pg_largeobject_metadata');
    source.sql('DROP TABLE IF EXISTS log');
    copied(); // what stood in the way is gone
  });

  test('does not begin where somebody has begun already', () => {
    target.sql('CREATE TABLE mine (id int)');
    expect(turn('copy')).toContain('! the new server has objects in this database already');
    expect(target.sql('SELECT count(*) FROM mine')).toBe('0');
  });

  test('takes over: the source is closed, sequences go on, and this one is open', () => {
    copied();
    expect(turn('switch')).toContain('all: this server has taken over');
    expect([limit(source), limit(target)]).toEqual(['0', '-1']);
    expect(attempt(source, 'SELECT 1')).toContain('too many connections for database');
    expect(attempt(source, 'DELETE FROM orders', 'postgres')).toContain('read-only transaction');
    expect(target.sql("INSERT INTO orders (what) VALUES ('next') RETURNING id")).toBe('501');
    expect(target.sql('INSERT INTO "Books"."Entry" (amount) VALUES (1) RETURNING id')).toBe('21');
    expect(target.sql('SELECT n FROM many')).toBe('500');
    expect(target.sql('SELECT count(*) FROM pg_subscription', 'postgres')).toBe('0');
    expect(source.sql('SELECT count(*) FROM pg_replication_slots', 'postgres')).toBe('0');
    // Nothing brings it back by itself, and nothing is copied over what is written here now.
    for (const phase of ['switch', 'copy', 'cancel']) turn(phase);
    expect([limit(source), limit(target), target.sql('SELECT count(*) FROM orders')]).toEqual(['0', '-1', '501']);
  });

  test('is cut off after the point of no return, and goes on from there', () => {
    copied();
    source.sql("ALTER DATABASE shop SET cdk8s_stateful.upgrade = 'switched'", 'postgres');
    turn('copy');
    expect(limit(target)).toBe('-1');
    expect(turn('copy')).toContain('all: this server has taken over');
  });

  test('is cut off before it, and the source is open again', () => {
    copied();
    source.sql("ALTER DATABASE shop SET cdk8s_stateful.upgrade = 'fenced:40'; ALTER DATABASE shop CONNECTION LIMIT 0", 'postgres');
    source.sql('ALTER DATABASE shop SET default_transaction_read_only = on', 'postgres');
    expect(turn('copy')).toContain('shop: the source is open again');
    expect([limit(source), step(source)]).toEqual(['40', '']);
  });

  test('what does not arrive in time gives the source back, with nothing lost', () => {
    copied();
    target.sql('ALTER SUBSCRIPTION cdk8s_stateful_upgrade DISABLE');
    until('the worker to end', () => source.sql('SELECT count(*) FROM pg_replication_slots WHERE active', 'postgres') === '0');
    source.sql("INSERT INTO orders (what) VALUES ('late')");
    const said = turn('switch', { UPGRADE_PATIENCE: '2' });
    expect(said).toContain('not everything arrived within 2 s');
    expect(said).toContain('the source is open again');
    expect([limit(source), step(source), limit(target)]).toEqual(['40', '', '0']);
    expect(attempt(source, 'SHOW default_transaction_read_only')).toBe('off');
  });

  test.each([
    ['the source, asked how far it was read', 'confirmed_flush_lsn >='],
    ['the source, asked for its sequences', 'sequences.sql'],
    ['the source, told that this is the end', 'to=switched'],
    ['this server, told its sequences', '--single-transaction -f *upgrade.sql'],
  ])('what does not answer in time gives the source back: %s', (_, words) => {
    copied();
    pod.write(
      'bin/psql',
      `#!/usr/bin/env bash\ncase "$*" in *'${words.replace('*', "'*'")}'*) exec sleep 60 ;; *) exec ${programs}/psql "$@" ;; esac\n`,
      0o755,
    );
    const said = turn('switch', { UPGRADE_PATIENCE: '3' });
    pod.useReal('psql');
    expect(said).toContain('the source is open again');
    expect([limit(source), step(source), limit(target)]).toEqual(['40', '', '0']);
  });

  test('a source whose node is gone is given up, by the subscription too', () => {
    copied();
    expect(target.sql('SELECT subconninfo FROM pg_subscription', 'postgres')).toMatch(
      / keepalives_idle=2 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000$/,
    );
  });

  test("verifiers of passwords never reach a disk, nor the schema anybody else's eyes, and nothing stays of a copy that failed", () => {
    const look = `grep -ls SCRAM "$UPGRADE_TMP"/*; stat -c '%a %n' "$UPGRADE_TMP"/*.sql`;
    pod.write('bin/psql', `#!/usr/bin/env bash\n{ ${look}; } >>"$SANDBOX/seen" 2>/dev/null\nexec ${programs}/psql "$@"\n`, 0o755);
    pod.write('pgbin/pg_dump', '#!/bin/sh\necho "SELECT 1/0;"\n', 0o755);
    pod.write('scratch/upgrade.sql', 'of a container that was killed');
    expect(turn('copy', { UPGRADE_TMP: pod.path('scratch'), PGBIN: pod.path('pgbin') })).toContain('! bring schema failed:');
    pod.useReal('psql');
    expect(target.sql("SELECT rolpassword LIKE 'SCRAM%' FROM pg_authid WHERE rolname = 'shop'")).toBe('t');
    expect(new Set(pod.lines('seen'))).toEqual(new Set([`600 ${pod.path('scratch/upgrade.sql')}`]));
    expect(readdirSync(pod.path('scratch'))).toEqual(['upgrade.err']);
  });

  test.each([
    ['a new table', 'CREATE TABLE later (id int PRIMARY KEY)', '! the schema was changed on one side since it was copied: public.later'],
    [
      'a prepared transaction',
      "BEGIN; INSERT INTO orders (what) VALUES ('p'); PREPARE TRANSACTION 'p'",
      '! there are prepared transactions',
    ],
  ])('does not close the source for nothing: %s', (_, statement, sentence) => {
    copied();
    source.sql(statement);
    expect(turn('switch')).toContain(sentence);
    expect([limit(source), limit(target)]).toEqual(['40', '0']);
    if (sentence.includes('prepared')) source.sql("ROLLBACK PREPARED 'p'");
  });

  test('the source lost its slot, as in a failover: the copy begins anew, and the switch waits for it', () => {
    copied();
    source.sql('SELECT pg_terminate_backend(active_pid), pg_sleep(0.1) FROM pg_replication_slots', 'postgres');
    until('no slot', () => {
      attempt(source, 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots', 'postgres');
      return source.sql('SELECT count(*) FROM pg_replication_slots', 'postgres') === '0';
    });
    source.sql("INSERT INTO orders (what) VALUES ('between')");
    expect(turn('switch')).toContain('the copy begins anew');
    expect(limit(source)).toBe('40');
    copied();
    expect(target.sql('SELECT count(*) FROM orders')).toBe('501');
  });

  test('a source that cannot be asked changes nothing here', () => {
    copied();
    const before = target.sql('SELECT oid FROM pg_subscription', 'postgres');
    pod.write('bin/psql', `#!/usr/bin/env bash\ncase "$*" in *host=*) exit 2 ;; *) exec ${programs}/psql "$@" ;; esac\n`, 0o755);
    expect(turn('switch')).toContain('the source cannot be asked');
    pod.useReal('psql');
    expect(target.sql('SELECT oid FROM pg_subscription', 'postgres')).toBe(before);
  });

  test('cancelled, the source is as it was; begun again, all is copied again', () => {
    copied();
    expect(turn('cancel')).toContain('cancelled: the source is as it was');
    expect(source.sql('SELECT (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_replication_slots)')).toBe('0|0');
    source.sql("INSERT INTO orders (what) VALUES ('between')");
    copied();
    expect(target.sql('SELECT count(*) FROM orders')).toBe('501');
  });

  test('a member that does not lead only has the password ready, in a file of its own user', () => {
    pod.write(
      'bin/psql',
      `#!/usr/bin/env bash\ncase "$*" in *pg_is_in_recovery*) echo t ;; *) exec ${programs}/psql "$@" ;; esac\n`,
      0o755,
    );
    expect(turn('switch')).toBe('');
    pod.useReal('psql');
    expect(limit(target)).toBe('-1');
    const file = join(target.folder, 'upgrade.pgpass');
    expect(readFileSync(file, 'utf8')).toBe(`127.0.0.1:${source.port}:*:postgres:pass\\:wo\\\\rd'\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});

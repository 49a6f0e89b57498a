import { chmodSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BackupTarget, RecoveryTarget } from '../../lib';
import { configMap } from '../../lib/ha-postgres/backups/config';
import type { BackupsPlan } from '../../lib/ha-postgres/backups/plan';
import { recoveryArguments, sourceConfig } from '../../lib/ha-postgres/recovery';
import { minimalBackups, planOf } from '../support';
import { Machine, type Outcome, PGBACKREST, POSTGRESQL, PROGRAMS } from './scripts/real';

const SCRIPTS = join(__dirname, '../../lib/ha-postgres/scripts');
jest.setTimeout(60_000); // beside other tests on a small machine

const installed = PGBACKREST !== undefined && POSTGRESQL > 0;

/** What is said of a configuration that is not understood in all of its parts; the test's own variable apart. */
const complaints = (output: string) =>
  output.match(/^.*(invalid option|requires option|not valid|command-line only).*$/gm)?.filter((line) => !line.includes("'folder'")) ?? [];

/** As pgBackRest of this machine is told, with a repository in a folder instead of a claim. */
function plan(changes: object = {}) {
  const repository = BackupTarget.volume({ path: '/orders/1', claimName: 'backups' });
  const backups = { ...minimalBackups(), repository, pgbackrestVersion: `${PGBACKREST}`, ...changes };
  return planOf({ members: 1, postgresVersion: POSTGRESQL || 17, backups });
}

describe(installed ? `with PostgreSQL ${POSTGRESQL} and pgBackRest ${PGBACKREST}` : 'without PostgreSQL or pgBackRest', () => {
  if (!installed) {
    test('backups and restores are left to the cluster tests', () => expect(installed).toBe(false));
    return;
  }
  let machine: Machine;

  /** A file of the ConfigMap, with this machine's folders for the pod's. */
  function local(text: string, data: string): string {
    const places: Record<string, string> = {
      '/home/postgres/pgdata/data': data,
      '/scratch/data': 'scratch/data',
      '/var/run/postgresql': '.',
      '/var/lib/pgbackrest-source': 'repository',
      '/var/lib/pgbackrest': 'repository',
      '/tmp': 'tmp',
    };
    const there = text.replace(new RegExp(Object.keys(places).join('|'), 'g'), (place) => machine.path(places[place] ?? ''));
    return there.replace(/^pg\d+-host.*\n/gm, ''); // the member itself
  }

  /** Runs a script of the pod on some data. */
  function script(name: string, args: string[], data: string, env: Record<string, string> = {}): Outcome {
    return machine.try('bash', [name.endsWith('.sh') ? join(SCRIPTS, name) : name, ...args], {
      PGBACKREST_FOLDER: machine.path('etc'),
      PGBACKREST_CONFIG: machine.path('run/pgbackrest.conf'),
      STANZA: 'orders',
      PGDATA: machine.path(data),
      ...env,
    });
  }

  /** The mounted folder of a member, a Job or a drill. */
  function mount(file: string, data = 'data', changes: object = {}): void {
    const p = plan(changes);
    const text = configMap(p, p.backups as BackupsPlan).data?.[file] ?? '';
    machine.write('etc/pgbackrest.conf', local(text, data));
  }

  /** What start.sh and pgbackrest.sh make of it for a member. */
  function member(data: string): void {
    mount('member.conf', data);
    machine.write('run/pgbackrest.conf', readFileSync(machine.path('etc/pgbackrest.conf'), 'utf8'));
  }

  const pgbackrest = (...args: string[]) =>
    machine.run('pgbackrest', ['--stanza=orders', ...args], { PGBACKREST_CONFIG: machine.path('run/pgbackrest.conf') });
  const backups = (): { label: string; archive: { start: string; stop: string } }[] =>
    JSON.parse(pgbackrest('--output=json', 'info'))[0].backup;
  const FILES = () => readdirSync(machine.path('repository'), { recursive: true, encoding: 'utf8' }).sort();

  /** Brings a restored cluster up to the end of its recovery, and says what rows it has. */
  function recovered(data: string): string {
    const socket = machine.write(`${data}.run/`);
    machine.start(data, { archive_mode: 'off', hot_standby: 'off', unix_socket_directories: socket });
    for (let i = 0; i < 100; i++) {
      const { status, output } = machine.try('psql', ['-XAt', '-h', socket, '-U', 'postgres', '-c', 'SELECT pg_is_in_recovery()']);
      if (status === 0 && output.trim() === 'f')
        return machine.query('SELECT string_agg(id::text, $$,$$ ORDER BY id) FROM orders', `${data}.run`);
      machine.try('sleep', ['0.1']);
    }
    throw new Error(readFileSync(machine.path(`${data}.log`), 'utf8'));
  }

  /** The leader, that archives. */
  function lead(settings: Record<string, string> = {}): void {
    member('data');
    const command = `PGBACKREST_CONFIG=${machine.path('run/pgbackrest.conf')} ${plan().parameters.archive_command}`;
    machine.start('data', { archive_mode: 'on', archive_command: command, ...settings });
  }

  let after2: string;
  let after3: string;

  beforeAll(() => {
    machine = new Machine();
    for (const folder of ['repository/', 'tmp/', 'run/', 'scratch/']) machine.write(folder);
    machine.run('initdb', [
      '-D',
      machine.path('data'),
      '-X',
      machine.path('wal/pg_wal'),
      '-U',
      'postgres',
      '--no-sync',
      '--auth=trust',
      '--locale=C',
      '--encoding=UTF8',
    ]);
    lead();
    machine.query('CREATE TABLE orders (id int)');
    machine.query('ALTER SYSTEM SET max_worker_processes = 9'); // which is above every file of ours
    pgbackrest('stanza-create');
  });

  afterAll(() => {
    machine.stop('data');
    machine.remove();
  });

  test('verify.sh fails where there is no backup yet', () => {
    mount('job.conf');
    const { status, output } = script('verify.sh', [], 'data');
    expect([status, output]).toEqual([1, expect.stringContaining('verify: there is no backup of orders')]);
  });

  test('backup.sh ends when the backup is there, a full one and then an incremental one', () => {
    machine.query('INSERT INTO orders VALUES (1)');
    mount('job.conf');
    const full = script('backup.sh', ['full'], 'data');
    expect(full.output).toContain('backup command end: completed successfully');
    expect(complaints(full.output)).toEqual([]);
    expect(full.status).toBe(0);
    machine.query('INSERT INTO orders VALUES (2)');
    expect(script('backup.sh', ['incr'], 'data').status).toBe(0);
    expect(backups().map((b) => b.label.replace(/\d+-\d+/g, ''))).toEqual(['F', 'F_I']);
    after2 = machine.query("SELECT to_char(clock_timestamp(), 'YYYY-MM-DD HH24:MI:SS.USOF')");
    machine.query('INSERT INTO orders VALUES (3)');
    after3 = machine.query('SELECT pg_current_wal_insert_lsn()');
    machine.query('INSERT INTO orders VALUES (4)');
    archive();
  });

  test('backup.sh fails as pgBackRest does, and then there is no backup more', () => {
    const before = backups().length;
    mount('job.conf', 'nowhere');
    const { status } = script('backup.sh', ['full'], 'data');
    expect(status).toBeGreaterThan(0);
    mount('job.conf');
    script('verify.sh', [], 'data'); // which makes the configuration anew
    expect(backups()).toHaveLength(before);
  });

  test('verify.sh is satisfied with what is whole, and not with what is damaged', () => {
    mount('job.conf');
    expect(script('verify.sh', [], 'data')).toMatchObject({ status: 0, output: expect.stringContaining('status: ok') });
    // GIVEN a bit that has changed
    const file = machine.path(`repository/orders/1/archive/orders/${segments().at(-1)}`);
    const whole = readFileSync(file);
    const damaged = Buffer.from(whole);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    writeFileSync(file, damaged);
    // THEN
    expect(script('verify.sh', [], 'data')).toMatchObject({ status: 1, output: expect.stringContaining('status: error') });
    writeFileSync(file, whole);
  });

  /** All of the log until now is in the repository. */
  function archive(): void {
    const segment = machine.query('SELECT pg_walfile_name(pg_switch_wal())');
    for (let i = 0; i < 200; i++) {
      if (segments().some((name) => name.includes(segment))) return;
      machine.try('sleep', ['0.1']);
    }
    throw new Error(`${segment} was not archived: ${readFileSync(machine.path('data.log'), 'utf8')}`);
  }

  const segments = () =>
    readdirSync(machine.path('repository/orders/1/archive/orders'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\/[0-9A-F]{24}-/.test(name))
      .sort();

  describe('restore.sh', () => {
    const restore = (mode: string, target: RecoveryTarget, env: Record<string, string> = {}) => {
      const source = BackupTarget.volume({ path: '/orders/1', claimName: 'backups' });
      const p = planOf({ recovery: { source, target } });
      machine.write('source/arguments', recoveryArguments(p));
      const config = local(`${sourceConfig(p)}`, 'restored');
      machine.write('source/pgbackrest.conf', config);
      const SOURCE_CONFIG = machine.write('run/source.conf', config);
      const curl = machine.write('bin/curl', `#!/bin/sh\nprintf '{"metadata": {"uid": "this"}}\\n200'\n`); // the API server
      chmodSync(curl, 0o755);
      return script('restore.sh', [mode], 'restored', {
        PATH: `${machine.path('bin')}:${PROGRAMS}:${process.env.PATH}`,
        PATRONI_STATE: 'endpoints/orders-config',
        SOURCE_FOLDER: machine.path('source'),
        SOURCE_CONFIG,
        SOURCE_STANZA: 'orders',
        ...env,
      });
    };
    const WAL = () => ({ WALDIR: machine.path('restored.wal/pg_wal') });

    beforeEach(() => machine.write('restored/'));
    afterEach(() => {
      machine.stop('restored');
      for (const name of ['restored', 'restored.wal', 'restored.run']) rmSync(machine.path(name), { recursive: true, force: true });
      member('data');
    });

    test.each([
      ['a time', () => RecoveryTarget.time(after2), '1,2'],
      ['just before a position', () => RecoveryTarget.lsn(after3).exclusive(), '1,2,3'],
      ['the end of the backup', () => RecoveryTarget.immediate(), '1,2'],
    ])('recovery up to %s: exactly the rows until then, and the source as it was', (_, target, expected) => {
      // GIVEN
      const before = FILES();
      // WHEN
      const { status, output } = restore('recovery', target());
      expect(complaints(output)).toEqual([]);
      expect(status).toBe(0);
      // THEN
      expect(recovered('restored')).toBe(expected);
      expect(FILES()).toEqual(before);
      expect(statSync(machine.path('restored/pg_wal')).isDirectory()).toBe(true);
    });

    test('the log goes to its volume, also a second time, when the first was cut off or left something behind', () => {
      // GIVEN what an earlier copy left, and the other cluster's configuration
      machine.write('restored.wal/pg_wal/0000000100000000000000FF', 'of another history');
      machine.write('restored.wal/pg_wal/archive_status/0000000100000000000000FF.ready');
      // WHEN
      expect(restore('recovery', RecoveryTarget.latest(), WAL()).status).toBe(0);
      // THEN
      expect(readlinkSync(machine.path('restored/pg_wal'))).toBe(machine.path('restored.wal/pg_wal'));
      expect(readdirSync(machine.path('restored.wal/pg_wal'))).toEqual(['archive_status']);
      expect(readdirSync(machine.path('restored.wal/pg_wal/archive_status'))).toEqual([]);
      // WHEN it was cut off between two commands
      rmSync(machine.path('restored/pg_wal'));
      rmSync(machine.path('restored/global/pg_control'));
      machine.write('restored/patroni.dynamic.json', '{"ttl": 99}');
      expect(restore('recovery', RecoveryTarget.latest(), WAL()).status).toBe(0);
      // THEN
      expect(readlinkSync(machine.path('restored/pg_wal'))).toBe(machine.path('restored.wal/pg_wal'));
      expect(readdirSync(machine.path('restored'))).not.toContain('patroni.dynamic.json');
      expect(recovered('restored')).toBe('1,2,3,4');
    });

    test.each(['standby', 'replica'])('%s: a copy that waits for more', (mode) => {
      member('restored');
      const { status, output } = restore(mode, RecoveryTarget.latest());
      expect(complaints(output)).toEqual([]);
      expect(status).toBe(0);
      expect(readdirSync(machine.path('restored'))).toContain('standby.signal');
      const settings = readFileSync(machine.path('restored/postgresql.auto.conf'), 'utf8');
      expect(settings).toMatch(
        mode === 'standby' ? /restore_command = 'pgbackrest .*source\.conf.* archive-get/ : /restore_command = 'pgbackrest .*archive-get/,
      );
    });

    test('a backup that is not there is an error, and so is a mode that is none', () => {
      expect(restore('recovery', RecoveryTarget.latest(), { SOURCE_STANZA: 'other' }).status).toBeGreaterThan(0);
      expect(restore('again', RecoveryTarget.latest()).status).toBe(2);
    });
  });

  describe('drill.sh', () => {
    const drill = (query?: string, changes: object = {}) => {
      mount('drill.conf', 'data', { drill: { storage: {} }, ...changes });
      return script('drill.sh', [], 'data', {
        SCRATCH: machine.path('scratch'),
        PGBIN: machine.run('bash', ['-c', 'dirname "$(command -v initdb)"']),
        SUPERUSER: 'postgres',
        ...(query && { DRILL_QUERY: query }),
      });
    };

    test('succeeds with a row of the newest data, and archives nothing', () => {
      const before = FILES();
      const { status, output } = drill('SELECT max(id) FROM orders');
      expect(output).toMatch(/drill: restored in \d+ s\n[\s\S]*drill: recovered in \d+ s\n[\s\S]*drill: the query answered: 4\n/);
      expect(status).toBe(0);
      expect(FILES()).toEqual(before);
      expect(complaints(output)).toEqual([]);
    });

    test('has no worker for subscriptions or schedules, whatever ALTER SYSTEM said, and prints one row of many', () => {
      const { output } = drill(
        "SELECT count(*) FILTER (WHERE backend_type LIKE 'logical%'), current_setting('max_worker_processes') FROM pg_stat_activity, generate_series(1, 3) GROUP BY generate_series",
      );
      expect(output).toMatch(/the query answered: 0\|0\n\d{4}-/);
    });

    test('recovers past a change of a limit that was made after the backup', () => {
      // GIVEN
      machine.stop('data');
      lead({ max_connections: '150', max_worker_processes: '20' });
      machine.query('INSERT INTO orders VALUES (5)');
      archive();
      // THEN
      expect(drill('SELECT max(id) FROM orders')).toMatchObject({ status: 0, output: expect.stringContaining('the query answered: 5') });
    });

    test('fails, and does not wait for ever, where PostgreSQL ends on the way', () => {
      // GIVEN a backup that needs several segments, of which one is lost
      mount('job.conf');
      const busy =
        'bash "$0" full & while kill -0 $! 2>/dev/null; do psql -qh "$1" -U postgres -c "INSERT INTO orders VALUES (6)" -c "SELECT pg_switch_wal()"; sleep 0.2; done; wait $!';
      script('-c', [busy, join(SCRIPTS, 'backup.sh'), machine.folder], 'data');
      const { start, stop } = backups().at(-1)?.archive ?? {};
      expect(stop).not.toBe(start);
      const file = machine.path(`repository/orders/1/archive/orders/${segments().find((name) => name.includes(`${stop}`))}`);
      const whole = readFileSync(file);
      rmSync(file);
      // WHEN
      const { status, output } = drill();
      writeFileSync(file, whole);
      // THEN
      expect(output).toContain('WAL ends before end of online backup');
      expect(output).toContain('drill: PostgreSQL ended before it had recovered');
      expect(status).toBe(1);
    });
  });
});

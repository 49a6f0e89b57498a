import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { certify } from './scripts/certify';
import { requirePrograms, Sandbox, until } from './scripts/sandbox';

/** Writes down how it was called; fails, or says something, where there is a file `answers/pgbackrest.<command>.fails`, or without `.fails`. */
const PGBACKREST = `#!/usr/bin/env bash
for word in "$@"; do case $word in --*) ;; *) command=$word ;; esac; done
printf '%s\\n' "$*" >>"$SANDBOX/pgbackrest.log"
[ "$command" != server ] || {
  trap 'echo HUP >>"$SANDBOX/server.log"' HUP
  trap 'echo TERM >>"$SANDBOX/server.log"; exit 0' TERM
  echo start >>"$SANDBOX/server.log"
  while [ ! -e "$SANDBOX/answers/server.ends" ]; do sleep 0.05; done
  exit 7
}
[ ! -e "$SANDBOX/answers/pgbackrest.$command" ] || cat "$SANDBOX/answers/pgbackrest.$command"
[ ! -e "$SANDBOX/answers/pgbackrest.$command.sh" ] || . "$SANDBOX/answers/pgbackrest.$command.sh"
[ ! -e "$SANDBOX/answers/pgbackrest.$command.fails" ] || exit "$(cat "$SANDBOX/answers/pgbackrest.$command.fails")"
`;

jest.setTimeout(30_000); // beside other tests on a small machine

let pod: Sandbox;

const ENV = () => ({
  PGBACKREST_FOLDER: pod.path('pgbackrest'),
  PGBACKREST_CONFIG: pod.path('run/pgbackrest.conf'),
  PGBACKREST_INTERVAL: '0.1',
  STANZA: 'orders',
});
const run = (script: string, args: string[] = [], env: Record<string, string> = {}) => pod.run(script, args, { ...ENV(), ...env });
const calls = () => pod.lines('pgbackrest.log');

beforeAll(() => requirePrograms('bash', 'jq', 'openssl'));
beforeEach(() => {
  pod = new Sandbox();
  pod.write('bin/pgbackrest', PGBACKREST, 0o755);
  pod.write('pgbackrest/pgbackrest.conf', '[orders]\npg1-path=/data\n\n[global]\nrepo1-path=/orders/1\n');
  pod.write('pgbackrest/options/repo1-s3-key', 'AKIA\n');
  pod.write('pgbackrest/options/repo1-s3-key-secret', ' a b#=c" ');
});
afterEach(() => pod.remove());

describe('pgbackrest-config.sh', () => {
  const made = () => pod.read('run/pgbackrest.conf');

  test('adds to what Git says what only the Secrets know, in the last section, for its owner alone', () => {
    expect(run('backup.sh', ['full']).status).toBe(0);
    expect(made()).toBe('[orders]\npg1-path=/data\n\n[global]\nrepo1-path=/orders/1\nrepo1-s3-key=AKIA\nrepo1-s3-key-secret= a b#=c" \n');
    expect(statSync(pod.path('run/pgbackrest.conf')).mode & 0o777).toBe(0o600);
  });

  test('without secrets it is what Git says', () => {
    pod.drop('pgbackrest/options');
    run('backup.sh', ['full']);
    expect(made()).toBe(pod.read('pgbackrest/pgbackrest.conf'));
  });

  test.each([
    ['there is no configuration', () => pod.drop('pgbackrest/pgbackrest.conf')],
    ['a secret has two lines, of which one could be an option', () => pod.write('pgbackrest/options/repo1-s3-key', 'a\nrepo1-path=/b')],
    ['a secret is empty', () => pod.write('pgbackrest/options/repo1-s3-key', '\n')],
  ])('where %s, nothing runs, what was there stays, and nothing half is left', (_, given) => {
    // GIVEN
    run('backup.sh', ['full']);
    const before = made();
    given();
    // WHEN
    const { status, stdout, stderr } = run('backup.sh', ['full']);
    // THEN
    expect(status).not.toBe(0);
    expect(calls()).toHaveLength(1);
    expect(made()).toBe(before);
    expect(readdirSync(pod.path('run'))).toEqual(['pgbackrest.conf']);
    expect(stdout + stderr).not.toContain('/b');
  });
});

describe('backup.sh', () => {
  test.each(['full', 'incr'])('%s is the type', (type) => {
    expect(run('backup.sh', [type]).status).toBe(0);
    expect(calls()).toEqual([`--stanza=orders --type=${type} backup`]);
  });

  test.each([32, 56, 103])("its exit code %i is pgBackRest's", (code) => {
    pod.answer('pgbackrest.backup.fails', `${code}`);
    expect(run('backup.sh', ['full']).status).toBe(code);
  });
});

describe('verify.sh', () => {
  const info = (backups: object[]) => pod.answer('pgbackrest.info', JSON.stringify([{ backup: backups, name: 'orders' }]));
  const OK = 'stanza: orders\nstatus: ok\n';
  const DAMAGED = 'stanza: orders\nstatus: error\n  backup: 20261121-021200F, status: invalid\n';

  test.each<[string, object[], string, number | undefined, number]>([
    ['all is well', [{ label: 'a' }], OK, undefined, 0],
    ['something is damaged, and an old pgBackRest ends with 0', [{ label: 'a' }], DAMAGED, undefined, 1],
    ['something is damaged, and a new one fails', [{ label: 'a' }], DAMAGED, 104, 1],
    ['the store cannot be reached', [{ label: 'a' }], '', 103, 1],
    ['there is no backup', [], OK, undefined, 1],
  ])('where %s', (_, backups, report, fails, expected) => {
    info(backups);
    pod.answer('pgbackrest.verify', report);
    if (fails) pod.answer('pgbackrest.verify.fails', `${fails}`);
    const { status, stdout } = run('verify.sh');
    expect(status).toBe(expected);
    expect(stdout).toContain(backups.length > 0 ? report : 'verify: there is no backup of orders');
  });

  test.each([
    ['knows no stanza', '[]'],
    ['is not understood', 'ERROR'],
  ])('where info %s', (_, text) => {
    pod.answer('pgbackrest.info', text);
    expect(run('verify.sh').status).toBe(1);
    expect(calls()).toHaveLength(1);
  });
});

describe('restore.sh', () => {
  const SOURCE = () => ({
    SOURCE_FOLDER: pod.path('source'),
    SOURCE_CONFIG: pod.path('run/source.conf'),
    SOURCE_STANZA: 'old',
    SOURCE_FILES: 'options/repo1-s3-key files/store-ca.crt',
  });
  const restore = (mode: string, env: Record<string, string> = {}) => run('restore.sh', [mode], { ...SOURCE(), ...env });

  beforeEach(() => {
    pod.write('source/arguments', '--type=name\n--target=before 2.0\n--set=20261121-021200F\n');
    for (const [name, text] of Object.entries({
      'pgbackrest.conf': '[old]\n[global]\n',
      'options/repo1-s3-key': 'OLD',
      'files/store-ca.crt': 'x',
    }))
      pod.write(`source/${name}`, text);
    pod.answer('GET.orders-config', '{"metadata": {"uid": "this", "annotations": {"initialize": ""}}}');
    pod.answer(
      'pgbackrest.restore.sh',
      'rm -rf "$PGDATA/pg_wal"; mkdir -p "$PGDATA/pg_wal/archive_status"; : >"$PGDATA/pg_wal/new"; echo {} >"$PGDATA/patroni.dynamic.json"',
    );
  });

  test.each([
    ['recovery', '--config=RUN/source.conf --stanza=old --type=name --target=before 2.0 --set=20261121-021200F'],
    ['standby', '--config=RUN/source.conf --stanza=old --type=standby'],
    ['replica', '--stanza=orders --type=standby'],
  ])('%s', (mode, expected) => {
    expect(restore(mode).status).toBe(0);
    expect(calls()).toEqual([`${expected.replace('RUN', pod.path('run'))} --log-level-console=info --delta restore`]);
    expect(existsSync(pod.path('data/patroni.dynamic.json'))).toBe(false);
    expect(readdirSync(pod.path('data/pg_wal')).sort()).toEqual(['archive_status', 'new']); // where it has no volume, it stays a folder
  });

  test.each(['options/repo1-s3-key', 'files/store-ca.crt'])('recovery says that %s of the source is missing, and does nothing', (file) => {
    pod.drop(`source/${file}`);
    const { status, stdout } = restore('recovery');
    expect([status, stdout]).toEqual([
      1,
      expect.stringContaining(`recovery.source: there is no ${file}: its Secret or ConfigMap is missing`),
    ]);
    expect([calls(), existsSync(pod.path('data.restoring'))]).toEqual([[], false]);
    expect(restore('replica').status).toBe(0);
  });

  test('recovery makes its configuration from what is there by then', () => {
    expect(restore('recovery').status).toBe(0);
    expect(pod.read('run/source.conf')).toBe('[old]\n[global]\nrepo1-s3-key=OLD\n');
  });

  test('recovery marks its data as of this very object of Patroni, before there is any; the others do not', () => {
    pod.answer('pgbackrest.restore.sh', 'cp "$PGDATA.restoring" "$SANDBOX/marked"; mkdir "$PGDATA"');
    expect(restore('recovery', { WALDIR: '' }).status).toBe(0);
    expect([pod.read('marked'), pod.read('data.restoring')]).toEqual(['this\n', 'this\n']);
    pod.drop('data.restoring');
    pod.answer('pgbackrest.restore.sh', '');
    for (const mode of ['standby', 'replica']) expect(restore(mode).status).toBe(0);
    expect(existsSync(pod.path('data.restoring'))).toBe(false);
  });

  test('a log on a volume of its own, and a second time', () => {
    pod.write('wal/pg_wal/archive_status/old.ready', '');
    for (const _ of [1, 2]) {
      expect(restore('replica', { WALDIR: pod.path('wal/pg_wal') }).status).toBe(0);
      expect(readlinkSync(pod.path('data/pg_wal'))).toBe(pod.path('wal/pg_wal'));
      expect(readdirSync(pod.path('wal/pg_wal'), { recursive: true }).sort()).toEqual(['archive_status', 'new']);
    }
  });

  test('what pgBackRest cannot do fails, and the log stays where it is', () => {
    pod.write('wal/pg_wal/kept', '');
    pod.answer('pgbackrest.restore.fails', '75');
    expect(restore('replica', { WALDIR: pod.path('wal/pg_wal') }).status).toBe(75);
    expect(readdirSync(pod.path('wal/pg_wal'))).toEqual(['kept']);
  });
});

describe('drill.sh', () => {
  /** The query is answered by the file `answers/query`; without one it fails, as SQL that is wrong does. */
  const PSQL = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$SANDBOX/psql.log"
case "$*" in
  *pg_is_in_recovery*) [ ! -e "$SANDBOX/answers/recovering" ] && echo f || echo t ;;
  *) cat "$SANDBOX/answers/query" ;;
esac
`;
  const PG_CTL = `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$SANDBOX/pg_ctl.log"
case "$*" in
  *start) [ ! -e "$SANDBOX/answers/start.fails" ] ;;
  *status) [ ! -e "$SANDBOX/answers/ended" ] ;;
esac
`;
  const CONTROL =
    '#!/usr/bin/env bash\nprintf "%s setting: 7\\n" max_connections max_worker_processes max_wal_senders max_prepared_xacts max_locks_per_xact\n';
  const drill = (env: Record<string, string> = {}) => run('drill.sh', [], { SCRATCH: pod.path('scratch'), PGBIN: pod.path('bin'), ...env });

  beforeEach(() => {
    for (const [name, text] of Object.entries({ psql: PSQL, pg_ctl: PG_CTL, pg_controldata: CONTROL }))
      pod.write(`bin/${name}`, text, 0o755);
    pod.answer(
      'pgbackrest.restore.sh',
      `mkdir -p "$SANDBOX/scratch/data"; echo " shared_preload_libraries= 'timescaledb'" >"$SANDBOX/scratch/data/postgresql.conf"`,
    );
    pod.answer('query', '42\n');
  });

  test('restores into an empty folder, without archiving, starts a server that nobody else reaches, asks, and stops it', () => {
    pod.write('scratch/data/left', 'by an attempt before');
    const { status, stdout } = drill({ DRILL_QUERY: 'SELECT max(id) FROM orders', DRILL_DATABASE: 'shop', SUPERUSER: 'root' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('the query answered: 42\n')]);
    expect(calls()).toEqual([`--stanza=orders --tablespace-map-all=${pod.path('scratch')}/tablespaces --archive-mode=off restore`]);
    expect(existsSync(pod.path('scratch/data/left'))).toBe(false);
    expect(pod.read('scratch/drill.conf')).toMatch(
      /^shared_preload_libraries = 'timescaledb'\nlisten_addresses = ''\n[\s\S]*max_connections = 7\n/,
    );
    for (const workers of ['max_worker_processes', 'max_logical_replication_workers', 'timescaledb.max_background_workers'])
      expect(pod.lines('pg_ctl.log')[0]).toContain(` -c ${workers}=0`);
    expect(pod.lines('psql.log').at(-1)).toMatch(/ -h \S+\/scratch -U root -v FETCH_COUNT=100 -d shop -c SELECT max\(id\) FROM orders$/);
    expect(pod.lines('pg_ctl.log').at(-1)).toMatch(/-m immediate stop$/);
  });

  test.each([
    ['the first of many lines', '1|a\n2|b\n', '1|a'],
    ['the first that says something', '\n\n3\n', '3'],
    ['200 characters of it', `${'x'.repeat(5000)}\n`, 'x'.repeat(200)],
    ['no more of a million rows', 'row\n'.repeat(1_000_000), 'row'],
  ])('of the answer it prints %s', (_, rows, line) => {
    pod.answer('query', rows);
    const { status, stdout } = drill();
    expect([status, stdout.split('the query answered: ')[1]]).toEqual([0, `${line}\n`]);
  });

  test.each<[string, () => void, string]>([
    ['returns no row', () => pod.answer('query', ''), 'drill: the query returned no row: SELECT 1'],
    ['fails', () => pod.drop('answers/query'), ''],
  ])('fails where the query %s', (_, given, said) => {
    given();
    const { status, stdout } = drill({ DRILL_QUERY: 'SELECT 1' });
    expect(status).not.toBe(0);
    expect(stdout).toContain(said);
    expect(stdout).not.toContain('answered');
    expect(pod.lines('pg_ctl.log').at(-1)).toMatch(/stop$/);
  });

  test.each<[string, () => void, number]>([
    ['the backup cannot be restored', () => pod.answer('pgbackrest.restore.fails', '75'), 75],
    ['PostgreSQL does not start', () => pod.answer('start.fails', ''), 1],
    [
      'PostgreSQL ends before it has recovered',
      () => {
        pod.answer('recovering', '');
        pod.answer('ended', '');
      },
      1,
    ],
  ])('fails where %s', (_, given, code) => {
    given();
    const { status, stdout } = drill();
    expect(status).toBe(code);
    expect(stdout).not.toContain('answered');
  });
});

describe('pgbackrest.sh', () => {
  let container: ChildProcess;
  let ended: Promise<number | null>;
  const stanzas = () => calls().filter((call) => call.endsWith('stanza-create')).length;
  const rounds = async (n = 3) => {
    const looks = () => pod.lines('curl.log').length;
    const before = looks();
    await until(`${n} rounds`, () => looks() >= before + n);
  };

  /** Patroni says whether this member leads. */
  function leads(yes: boolean): void {
    pod.answer('GET.primary', yes ? '200' : '503');
  }

  function start(): void {
    container = pod.start('pgbackrest.sh', ENV());
    ended = new Promise((resolve) => container.once('exit', resolve));
  }
  const times = (file: string, text: string) => pod.lines(file).filter((line) => line.includes(text)).length;
  const server = () => until('the server', () => times('server.log', 'start') > 0);

  test('makes the configuration and the stanza on the leader, once', async () => {
    leads(true);
    start();
    await until('the stanza', () => stanzas() === 1);
    expect(calls()[0]).toBe('server');
    expect(calls()).toContain('--stanza=orders --log-level-console=warn --no-log-timestamp stanza-create');
    expect(pod.read('run/pgbackrest.conf')).toContain('repo1-s3-key=AKIA\n');
    await new Promise((resolve) => setTimeout(resolve, 500)); // some rounds, in which it does not even ask
    expect(stanzas()).toBe(1);
  });

  test('not on a member that does not lead, until it does', async () => {
    leads(false);
    start();
    await rounds();
    expect(stanzas()).toBe(0);
    leads(true);
    await until('the stanza', () => stanzas() === 1);
  });

  test('again until it succeeds', async () => {
    leads(true);
    pod.answer('pgbackrest.stanza-create.fails', '103');
    start();
    await until('a second time', () => stanzas() >= 2);
    const failed = stanzas();
    pod.drop('answers/pgbackrest.stanza-create.fails');
    await until('another time', () => stanzas() > failed);
  });

  test('says once what fails for ever, such as the repository of another cluster, and tries it less and less often', async () => {
    leads(true);
    pod.answer('pgbackrest.stanza-create', 'ERROR: [028]: backup and archive info files exist but do not match the database\n');
    pod.answer('pgbackrest.stanza-create.fails', '28');
    start();
    await until('several times', () => stanzas() >= 4);
    await new Promise((resolve) => setTimeout(resolve, 500)); // some rounds
    expect(stanzas()).toBeLessThanOrEqual(5);
    expect(times('said', 'stanza-create failed: WAL is kept and will be archived when it succeeds: ERROR: [028]')).toBe(1);
    expect(times('said', '[028]')).toBe(1);
  });

  test.each([
    ['what Git says', 'pgbackrest/pgbackrest.conf', '[global]\nrepo1-path=/orders/2\n', 'repo1-path=/orders/2\n'],
    ['a secret', 'pgbackrest/options/repo1-s3-key', 'NEW\n', 'repo1-s3-key=NEW\n'],
    ['the certificate', undefined, '', ''],
  ])('takes a change of %s up: the server reads it, and the stanza is made again', async (_, file, text, expected) => {
    // GIVEN
    leads(true);
    renew();
    start();
    await server();
    await until('the stanza', () => stanzas() === 1);
    expect(pod.lines('server.log')).toEqual(['start']);
    // WHEN
    if (file) pod.write(file, text);
    else renew();
    // THEN
    await until('the signal', () => pod.lines('server.log').includes('HUP'));
    await until('the stanza again', () => stanzas() >= 2);
    expect(pod.read('run/pgbackrest.conf')).toContain(expected);
  });

  /** Another certificate, or files of another, all at once as the kubelet does it. */
  function renew(files = ['ca.crt', 'tls.crt', 'tls.key']): void {
    const folder = `certificates/${randomUUID()}`;
    certify(pod, folder);
    for (const file of ['ca.crt', 'tls.crt', 'tls.key'])
      if (!files.includes(file)) pod.write(`${folder}/${file}`, pod.read(`pgbackrest/tls/${file}`));
    symlinkSync(pod.path(folder), pod.path('link'));
    renameSync(pod.path('link'), pod.path('pgbackrest/tls'));
  }

  test.each([
    ['a key that is not its own', ['tls.key'], 'tls.key is not the key of tls.crt'],
    ['another authority', ['ca.crt'], 'not of the authority in ca.crt'],
  ])(
    'its server, which would end for it, never hears of a certificate with %s; the stanza does not wait for it',
    async (_, files, words) => {
      leads(true);
      renew();
      start();
      await server();
      await until('the stanza', () => stanzas() === 1);
      renew(files);
      await until('the stanza again', () => stanzas() >= 2);
      await new Promise((resolve) => setTimeout(resolve, 500)); // some rounds
      expect(times('said', words)).toBe(1);
      expect(pod.lines('server.log')).toEqual(['start']);
      renew();
      await until('the signal', () => pod.lines('server.log').includes('HUP'));
      expect(container.exitCode).toBeNull();
    },
  );

  test('keeps what it has where a change cannot be read', async () => {
    leads(false);
    start();
    await server();
    const before = pod.read('run/pgbackrest.conf');
    pod.drop('pgbackrest/pgbackrest.conf');
    await rounds();
    expect(pod.read('run/pgbackrest.conf')).toBe(before);
    expect(times('said', 'configuration could not be made, will try again')).toBe(1);
    expect(container.exitCode).toBeNull();
  });

  test('waits for a configuration: its container must not end, or the member would be out of service', async () => {
    leads(true);
    pod.write('pgbackrest/options/repo1-s3-key', '');
    start();
    await until('a word', () => times('said', 'configuration could not be made, will try again') === 1);
    await new Promise((resolve) => setTimeout(resolve, 300)); // some rounds
    expect(calls()).toEqual([]);
    pod.write('pgbackrest/options/repo1-s3-key', 'AKIA\n');
    await server();
    await until('the stanza', () => stanzas() === 1);
    expect(container.exitCode).toBeNull();
  });

  test('starts its server again whenever it ends, and does not end itself', async () => {
    leads(false);
    start();
    await server();
    pod.answer('server.ends', '');
    await until('several starts', () => times('server.log', 'start') >= 3);
    expect(container.exitCode).toBeNull();
    expect(times('said', 'the server has ended with 7: starts again')).toBe(1);
  });

  test('ends its server when the pod stops', async () => {
    leads(false);
    start();
    await server();
    container.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(pod.lines('server.log')).toEqual(['start', 'TERM']);
  });
});

describe('start.sh', () => {
  test('makes the configuration before PostgreSQL may need it, and that of another cluster', () => {
    pod.write('source/pgbackrest.conf', '[old]\n\n[global]\n');
    pod.write('source/options/repo1-s3-key', 'OLD\n');
    const { status, stdout } = run('start.sh', [], { SOURCE_FOLDER: pod.path('source'), SOURCE_CONFIG: pod.path('run/source.conf') });
    expect([status, stdout]).toEqual([0, `patroni ${pod.path('patroni')}\n`]);
    expect(readFileSync(pod.path('run/pgbackrest.conf'), 'utf8')).toContain('repo1-s3-key=AKIA\n');
    expect(readFileSync(pod.path('run/source.conf'), 'utf8')).toBe('[old]\n\n[global]\nrepo1-s3-key=OLD\n');
  });

  test.each<[string, () => void]>([
    ['is gone', () => pod.drop('source/options')],
    ['says nothing', () => pod.write('source/options/repo1-s3-key', '')],
  ])('needs nothing of the cluster that this one was restored from: its Secret %s', (_, given) => {
    pod.write('data/PG_VERSION', '17');
    pod.write('source/pgbackrest.conf', '[old]\n\n[global]\n');
    pod.write('source/options/repo1-s3-key', 'OLD\n');
    given();
    const env = { SOURCE_FOLDER: pod.path('source'), SOURCE_CONFIG: pod.path('run/source.conf'), SOURCE_FILES: 'options/repo1-s3-key' };
    expect(run('start.sh', [], env)).toMatchObject({ status: 0, stdout: `patroni ${pod.path('patroni')}\n` });
  });

  test('begins a restore anew that was cut off: pgBackRest writes backup.manifest first and pg_control last', () => {
    pod.write('data/backup.manifest', '[backup]\n');
    pod.write('data/base/1/1259', 'half');
    const { stdout } = run('start.sh');
    expect(stdout).toContain('was cut off: it begins anew\n');
    expect(existsSync(pod.path('data'))).toBe(false);
  });
});

import type { ChildProcess } from 'node:child_process';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { requirePrograms, Sandbox, until } from './scripts/sandbox';

/** Writes down what it was told; ends half a second after SIGINT, as if a transaction had been under way. */
const PGBOUNCER = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync } = require('node:fs');
const { SANDBOX, POOLER_RUN_DIR, VERSION = '1.24.1' } = process.env;
if (process.argv[2] === '--version') {
  console.log('PgBouncer ' + VERSION);
  process.exit();
}
const say = (what) => appendFileSync(SANDBOX + '/pgbouncer.log', what + ' ' + readFileSync(POOLER_RUN_DIR + '/userlist.txt'));
process.on('SIGHUP', () => say('reload'));
process.on('SIGINT', () => {
  say('stop');
  setTimeout(() => {
    say('stopped');
    process.exit(0);
  }, 500);
});
say('start ' + process.argv[2]);
setInterval(() => {
  if (existsSync(SANDBOX + '/crash')) process.exit(3);
  if (!existsSync(SANDBOX)) process.exit(0); // the test is over
}, 50);
`;

jest.setTimeout(30_000); // each waits ten seconds at most for what takes a tenth

let pod: Sandbox;

beforeAll(() => requirePrograms('bash'));
beforeEach(() => {
  pod = new Sandbox();
  pod.write('bin/pgbouncer', PGBOUNCER, 0o755);
  pod.write('config/pgbouncer.ini', 'one\n');
  pod.write('secrets/password', 'first\n');
  pod.write('run/.keep', '');
});
afterEach(() => pod.remove());

const environment = () => ({
  POOLER_CONFIG_DIR: pod.path('config'),
  POOLER_RUN_DIR: pod.path('run'),
  TLS_DIR: pod.path('tls'),
  POOLER_ROLE: 'pooler',
  POOLER_INTERVAL: '0.1',
});

describe('pooler.sh', () => {
  const log = () => pod.lines('pgbouncer.log');
  const start = () => pod.start('pooler.sh', environment());
  const ended = (child: ChildProcess) => new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));

  test('starts PgBouncer with the password of its login', async () => {
    start();
    await until('the start', () => log().length === 1);
    expect(log()).toEqual([`start ${pod.path('config/pgbouncer.ini')} "pooler" "first"`]);
  });

  test.each([
    ['"', '"pooler" """"'],
    [`a'b "c" $(id) \`id\` \\ %s`, `"pooler" "a'b ""c"" $(id) \`id\` \\ %s"`],
  ])('a password %s is safe', async (password, line) => {
    pod.write('secrets/password', `${password}\n`);
    start();
    await until('the start', () => log().length === 1);
    expect(pod.lines('run/userlist.txt')).toEqual([line]);
  });

  test.each([
    ['its configuration', 'config/pgbouncer.ini', 'first'],
    ['its password', 'secrets/password', 'second'],
    ['a certificate', 'tls/tls.crt', 'first'],
  ])('reloads it once when %s changes', async (_, file, password) => {
    // GIVEN
    start();
    await until('the start', () => log().length === 1);
    // WHEN
    pod.write(file, 'second');
    // THEN
    await until('the reload', () => log().length > 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(log().slice(1)).toEqual([`reload "pooler" "${password}"`]);
  });

  test('what cannot be read for a moment is read later: the kubelet replaces files one after the other', async () => {
    start();
    await until('the start', () => log().length === 1);
    pod.drop('secrets/password');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(log()).toHaveLength(1);
    pod.write('secrets/password', 'second');
    await until('the reload', () => log().at(-1) === 'reload "pooler" "second"');
  });

  test('SIGTERM lets transactions end', async () => {
    // GIVEN
    const child = start();
    const end = ended(child);
    await until('the start', () => log().length === 1);
    // WHEN
    child.kill('SIGTERM');
    // THEN
    expect(await end).toBe(0);
    expect(log().map((line) => line.split(' ')[0])).toEqual(['start', 'stop', 'stopped']);
  });

  test('ends with it, so that the kubelet starts both again', async () => {
    const end = ended(start());
    pod.write('crash', '');
    expect(await end).toBe(3);
  });

  test.each(['1.18.0', '1.20.1', '0.99', 'who knows'])('refuses PgBouncer %s, and says why', (version) => {
    const { status, stdout } = pod.run('pooler.sh', [], { ...environment(), VERSION: version });
    expect(status).toBe(1);
    expect(stdout).toContain(`this image has PgBouncer ${version}; 1.21 or later is needed`);
  });

  test.each(['1.21.0', '2.0'])('takes PgBouncer %s', async (version) => {
    pod.start('pooler.sh', { ...environment(), VERSION: version });
    await until('the start', () => log().length === 1);
  });
});

describe('pooler-ready.sh', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** Asks a server that answers like this. */
  async function ready(answer: string | undefined): Promise<[code: unknown, asked: string]> {
    let asked = '';
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        asked += data.toString('hex');
        if (answer !== undefined) socket.end(answer);
      });
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    const child = pod.start('pooler-ready.sh', { POOLER_PORT: `${(server.address() as AddressInfo).port}` });
    return [await new Promise((resolve) => child.once('exit', resolve)), asked];
  }

  test('is content with N', async () => {
    expect(await ready('N')).toEqual([0, '0000000804d21630']); // GSSENCRequest: length 8, code 80877104
  });

  test.each([
    ['another answer', 'E'],
    ['none, as of a process that hangs', undefined],
    ['a closed connection', ''],
  ])('is not content with %s', async (_, answer) => {
    expect((await ready(answer))[0]).not.toBe(0);
  });

  test('nor with a port where nobody listens', () => {
    expect(pod.run('pooler-ready.sh', [], { POOLER_PORT: '1' }).status).not.toBe(0);
  });
});

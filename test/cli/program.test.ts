import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deployment } from '../checks/support';

const REPOSITORY = resolve(__dirname, '../..');
const PROGRAM = `${process.execPath} --require ${REPOSITORY}/e2e/register.js ${REPOSITORY}/lib/cli/main.ts`; // compiled files may be stale, or not there
const folder = mkdtempSync(join(tmpdir(), 'program-'));
const bad = JSON.stringify(deployment({ image: 'app' }));

beforeAll(() => {
  mkdirSync(join(folder, 'bad'));
  writeFileSync(join(folder, 'bad/app.json'), bad);
  writeFileSync(join(folder, 'bad/many.yaml'), Array(3000).fill(bad).join('\n---\n'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A line for bash, in which `$cli` is the command. */
function bash(line: string, env: Record<string, string> = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...others } = process.env; // of a CI that it does not know, Node thinks that it has no colours
  return spawnSync('bash', ['-c', `set -o pipefail; cli='${PROGRAM}'; ${line}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...others, TERM: 'xterm-256color', ...env },
  });
}

test('reads standard input, and says by its exit code what it found', () => {
  const { status, stdout, stderr } = bash('$cli check - <bad/app.json');
  expect([status, stderr]).toEqual([1, '']);
  expect(stdout).toContain('standard input:1  Deployment shop/app\n');
});

test('reads what another program prints', () => {
  expect(bash('$cli check <(cat bad/app.json)')).toMatchObject({ status: 1, stderr: '' });
});

test.each([
  ['a folder', '$cli check - <bad', 'error: standard input: has no Kubernetes object\n'],
  ['nothing', '$cli check - </dev/null', 'error: standard input: has no Kubernetes object\n'],
  ['without end', '$cli check - </dev/zero', 'error: standard input: has more than 20 MB; of one file no more are read\n'],
  ['closed', '$cli check - <&-', expect.stringMatching(/^error: standard input: .*\n$/)],
])('standard input that is %s', (_, line, stderr) => {
  expect(bash(line)).toMatchObject({ status: 2, stdout: '', stderr });
});

test('a reader that goes away is no error', () => {
  const { stdout, stderr } = bash('$cli check bad --format json | head -1');
  expect([stdout, stderr]).toEqual(['{\n', '']);
});

test.each<[string, string, Record<string, string>, boolean]>([
  ['a pipe', '$cli check bad/app.json | cat', {}, false],
  ['a pipe, FORCE_COLOR', '$cli check bad/app.json | cat', { FORCE_COLOR: '1' }, true],
  ['a pipe, FORCE_COLOR=0', '$cli check bad/app.json | cat', { FORCE_COLOR: '0' }, false],
  ['a terminal', 'script -qec "$cli check bad/app.json" /dev/null', {}, true],
  ['a terminal, NO_COLOR', 'script -qec "$cli check bad/app.json" /dev/null', { NO_COLOR: '1' }, false],
  ['a terminal without colours', 'script -qec "$cli check bad/app.json" /dev/null', { TERM: 'dumb' }, false],
])('colours: %s', (_, line, env, coloured) => {
  const { status, stdout } = bash(line, env);
  expect(status).toBe(1);
  expect(stdout).toContain('Deployment shop/app');
  expect(stdout.includes('\x1b[')).toBe(coloured);
});

test('a file that it may not read', () => {
  writeFileSync(join(folder, 'secret.yaml'), bad, { mode: 0o600 });
  chmodSync(folder, 0o755);
  const asNobody = process.getuid?.() === 0 ? 'setpriv --reuid=65534 --regid=65534 --clear-groups' : 'chmod 000 secret.yaml;';
  const { status, stdout, stderr } = bash(`${asNobody} $cli check secret.yaml`);
  expect([status, stdout, stderr]).toEqual([2, '', 'error: secret.yaml: cannot be read: permission denied\n']);
});

test('what is being compared is read from git, and neither folder is written to', () => {
  const { status, stderr } = bash(`
    git init -q -b main repository && cd repository && mkdir dist && cp ../bad/app.json dist && git add . || exit 9
    git -c user.name=a -c user.email=a@example.com commit -q -m one && sed -i s/app/other/ dist/app.json && git status --porcelain >../before
    $cli review --against main dist >/dev/null; code=$?
    git status --porcelain | diff ../before - || exit 9
    exit $code`);
  expect([[0, 1, 2].includes(status ?? 9), stderr]).toEqual([true, '']);
});

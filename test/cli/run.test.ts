import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/cli/run';
import { deployment } from '../checks/support';

const before = process.cwd();
const root = mkdtempSync(join(tmpdir(), 'cli-'));
beforeAll(() => {
  process.chdir(root);
  mkdirSync('good');
  writeFileSync('good/app.json', JSON.stringify(deployment()));
  mkdirSync('warned');
  writeFileSync('warned/app.json', JSON.stringify(deployment({ image: 'app:1.2' })));
  mkdirSync('bad');
  writeFileSync('bad/app.json', JSON.stringify(deployment({ image: 'app' })));
  mkdirSync('broken');
  writeFileSync('broken/app.yaml', 'a: [');
});
afterEach(() => rmSync('cdk8s-stateful.yaml', { force: true, recursive: true }));
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

/** Only SEC-6 runs: what the other rules say of these objects is theirs to test. */
const only = async (...args: string[]) => {
  const { RULES } = require('../../lib/checks/rules') as typeof import('../../lib/checks/rules');
  const off = RULES.filter(({ id }) => id !== 'SEC-6').flatMap(({ id }) => ['--rule', `${id}=off`]);
  return cli(...args, ...off);
};
const cli = (...args: string[]) => run(args, {}, async () => Buffer.from(JSON.stringify(deployment({ image: 'app' }))));

test.each([
  ['good', 0, '✔ nothing wrong in 1 object of 1 file\n'],
  ['warned', 0, '⚠ 1 warning in 1 object of 1 file\n'],
  ['warned --strict', 1, '⚠ 1 warning'],
  ['bad', 1, '✖ 1 error in 1 object of 1 file\n'],
  ['bad warned', 1, '✖ 1 error, 1 warning in 2 objects of 2 files\n'],
  ['bad --rule SEC-6=off', 0, '✔ nothing wrong'],
  ['warned --rule SEC-6=error', 1, '✖ 1 error'],
  ['-', 1, 'standard input:1  Deployment shop/app\n  error    SEC-6  app is whatever the registry has today\n'],
])('check %s: exit code %i', async (line, code, text) => {
  const outcome = await only('check', ...line.split(' '));
  expect(outcome).toMatchObject({ code, stdout: expect.stringContaining(text), stderr: '' });
});

test('check prints Markdown and JSON', async () => {
  expect((await only('check', 'bad', '--format', 'markdown')).stdout).toMatch(/^### ❌ Manifests: 1 error\n/);
  const { code, stdout } = await only('check', 'bad', '--format', 'json');
  expect([code, JSON.parse(stdout).summary]).toEqual([1, { objects: 1, files: 1, errors: 1, warnings: 0 }]);
});

test.each([
  ['check', 'error: check what? Name a folder, a file, or - for standard input\n'],
  ['check broken', 'error: broken/app.yaml:1: is no YAML: unexpected end of the stream within a flow collection\n'],
  [
    'check good broken nowhere',
    'error: broken/app.yaml:1: is no YAML: unexpected end of the stream within a flow collection\nerror: nowhere: there is no such file or folder\n',
  ],
  ['check good --crds broken', 'error: broken/app.yaml:1: is no YAML: unexpected end of the stream within a flow collection\n'],
  ['review good', 'error: review compares two: name the old folder and the new one, or use --against <git-ref>\n'],
  ['review good bad bad', 'error: review compares two: name the old folder and the new one, or use --against <git-ref>\n'],
  ['review --against main', 'error: review --against <git-ref> compares one folder: name it\n'],
  ['review --against main good bad', 'error: review --against <git-ref> compares one folder: name it\n'],
  ['review good broken', 'error: broken/app.yaml:1: is no YAML: unexpected end of the stream within a flow collection\n'],
  ['review nowhere good', 'error: nowhere: there is no such file or folder\n'],
  ['review --against main good/app.json', 'error: good/app.json: is a file; --against compares a folder\n'],
  ['graph', 'error: a diagram of what? Name a folder, a file, or - for standard input\n'],
  ['graph broken', 'error: broken/app.yaml:1: is no YAML: unexpected end of the stream within a flow collection\n'],
  ['chekc good', 'error: chekc is no command; did you mean check?\n'],
])('%s: one sentence, nothing printed, exit code 2', async (line, stderr) => {
  expect(await cli(...line.split(' '))).toEqual({ code: 2, stdout: '', stderr });
});

test('review and graph read what they are given', async () => {
  expect(await cli('review', 'good', 'good')).toMatchObject({ code: 0, stderr: '' });
  expect(await cli('graph', 'good')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^flowchart /), stderr: '' });
});

test('what was left out of a folder is noted, unless it is for another program', async () => {
  mkdirSync('noted');
  for (let i = 0; i < 12; i++) symlinkSync('/etc/passwd', `noted/${String(i).padStart(2, '0')}\x1b.yaml`);
  writeFileSync('noted/values.yaml', 'a: 1');
  writeFileSync('noted/z.json', JSON.stringify(deployment()));
  const { stderr } = await only('check', 'noted');
  expect(stderr.split('\n')).toHaveLength(12);
  expect(stderr).toMatch(/^note: noted\/00\\u\{1b\}\.yaml is a symbolic link, and none is followed\n/);
  expect(stderr).toMatch(/\nnote: and 2 more files like these\n$/);
});

test('of a hundred broken files twenty are named', async () => {
  mkdirSync('hundred');
  for (let i = 0; i < 100; i++) writeFileSync(`hundred/${i}.yaml`, 'a: [');
  const { stderr } = await cli('check', 'hundred');
  expect(stderr.split('\n')).toHaveLength(22);
  expect(stderr).toMatch(/\nand 80 more\n$/);
});

describe('the options file', () => {
  test('has the options that are always wanted, and the command line counts more', async () => {
    writeFileSync(
      'cdk8s-stateful.yaml',
      'strict: true\nformat: json\nfloor: 1.29\nrule: [SEC-6=warning]\nexternal:\n  - Secret/a\nagainst: main\n',
    );
    const { code, stdout } = await only('check', 'bad');
    expect([code, JSON.parse(stdout).summary]).toEqual([1, { objects: 1, files: 1, errors: 0, warnings: 1 }]);
    expect((await only('check', 'bad', '--rule', 'SEC-6=off', '--format=text')).stdout).toBe('✔ nothing wrong in 1 object of 1 file\n');
  });

  test.each([
    ['', 0],
    ['strict: false', 0],
    ['strict: true', 1],
  ])('%j', async (content, code) => {
    writeFileSync('cdk8s-stateful.yaml', content);
    expect((await only('check', 'warned')).code).toBe(code);
  });

  test.each([
    ['flor: 1.29', 'cdk8s-stateful.yaml: flor is no option; did you mean floor?'],
    ['floor: 1.28', '--floor cannot be 1.28; did you mean 1.27?'],
    ['floor: {}', 'cdk8s-stateful.yaml: floor is {}, but must be a text as on the command line, or a list of texts'],
    ['strict: maybe', '--strict takes no value, but got maybe'],
    ['rule: {SEC-2: off}', 'cdk8s-stateful.yaml: rule is {"SEC-2":false}, but must be a text as on the command line, or a list of texts'],
    ['- floor', 'cdk8s-stateful.yaml: is not one object with options'],
    ['a: [', 'cdk8s-stateful.yaml:1: is no YAML: unexpected end of the stream within a flow collection'],
  ])('%j is refused', async (content, sentence) => {
    writeFileSync('cdk8s-stateful.yaml', content);
    expect(await cli('check', 'good')).toEqual({ code: 2, stdout: '', stderr: `error: ${sentence}\n` });
  });

  test('that is a link is not followed', async () => {
    symlinkSync('/etc/passwd', 'cdk8s-stateful.yaml');
    expect((await cli('check', 'good')).stderr).toBe(
      'error: cdk8s-stateful.yaml: is a symbolic link that is not followed, or that leads to itself\n',
    );
  });

  test('does not keep help from those who need it', async () => {
    writeFileSync('cdk8s-stateful.yaml', 'flor: 1.29');
    expect(await cli('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes'), stderr: '' });
  });
});

test('--version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
  expect(await cli('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('a mistake of ours is one sentence too', async () => {
  const broken = async () => {
    throw new TypeError('nobody thought of this');
  };
  const outcome = await run(['check', '-'], {}, broken);
  expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: .*nobody thought of this.*\n$/) });
});

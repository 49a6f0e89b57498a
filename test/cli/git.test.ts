import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Input } from '../../lib/checks/read';
import { readCommit } from '../../lib/cli/git';

const root = mkdtempSync(join(tmpdir(), 'git-'));
const repository = join(root, 'repository');
const ran = join(root, 'ran');
afterAll(() => rmSync(root, { recursive: true }));

const named = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const names = ({ found }: Input) => found.map(({ object }) => (object.metadata as { name: string }).name);
const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();

/** A repository in which everything that may run a program runs one that leaves a mark. */
beforeAll(() => {
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', repository]);
  mkdirSync(join(repository, 'dist/.hidden'), { recursive: true });
  writeFileSync(join(repository, 'dist/a.yaml'), named('old'));
  writeFileSync(join(repository, 'dist/.hidden/b.yaml'), named('hidden'));
  writeFileSync(join(repository, 'dist/ümläut "x".yaml'), named('quoted'));
  writeFileSync(join(repository, 'other.yaml'), named('other'));
  writeFileSync(join(repository, 'broken.yaml'), 'a: 1\na: 2\n');
  symlinkSync('/etc/passwd', join(repository, 'dist/link.yaml'));
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'old');
  git('tag', 'v1');
  const mark = join(root, 'mark.sh');
  writeFileSync(mark, `#!/bin/sh\ntouch ${ran}\nexit 1\n`, { mode: 0o755 });
  writeFileSync(join(repository, '.gitattributes'), '* filter=evil diff=evil\n');
  for (const [key, value] of [
    ['core.fsmonitor', mark],
    ['core.pager', mark],
    ['core.sshCommand', mark],
    ['core.hooksPath', root],
    ['filter.evil.smudge', mark],
    ['filter.evil.process', mark],
    ['diff.evil.textconv', mark],
    ['alias.ls-tree', `!${mark}`],
    ['protocol.ext.allow', 'always'],
    ['remote.origin.url', `ext::${mark}`],
    ['remote.origin.promisor', 'true'],
    ['extensions.partialClone', 'origin'],
  ]) {
    git('config', key as string, value as string);
  }
  writeFileSync(join(repository, 'dist/a.yaml'), named('new'));
});
afterEach(() => expect(existsSync(ran)).toBe(false));

test.each(['main', 'v1', 'HEAD', 'HEAD~0', '@{0}'])('at %s, what was committed', (ref) => {
  const input = readCommit(ref, join(repository, 'dist'));
  expect(names(input)).toEqual(['old', 'quoted']);
  expect(input.found[0]?.origin).toEqual({ file: `${ref}:dist/a.yaml`, line: 1 });
  expect(input.skipped).toEqual([{ file: `${ref}:dist/link.yaml`, reason: 'is a symbolic link, and none is followed' }]);
});

test('a folder that the commit does not have is empty', () => {
  mkdirSync(join(repository, 'new'), { recursive: true });
  expect(readCommit('main', join(repository, 'new'))).toEqual({ found: [], files: 0, skipped: [] });
});

test('inside a hook of another repository, it is the folder that counts', () => {
  process.env.GIT_DIR = join(root, 'elsewhere');
  expect(names(readCommit('main', join(repository, 'dist')))).toEqual(['old', 'quoted']);
  delete process.env.GIT_DIR;
});

test('the whole repository', () => {
  expect(() => readCommit('main', repository)).toThrow('main:broken.yaml:2: the key "a" is there twice');
});

test.each([
  ['nowhere', 'git: there is no commit, tag or branch nowhere'],
  ['', 'git: there is no commit, tag or branch '],
  ['--output=x', '--output=x: is no git ref: none begins with a dash'],
  ['main:dist', 'git: there is no commit, tag or branch main:dist'],
  ['main\n', 'git: there is no commit, tag or branch main\n'],
])('at %j', (ref, sentence) => {
  expect(() => readCommit(ref, repository)).toThrow(sentence);
});

test.each([
  [
    'that belongs to somebody else',
    'GIT_TEST_ASSUME_DIFFERENT_OWNER',
    '1',
    'it belongs to somebody else; git config --global --add safe.directory',
  ],
  ['where there is no git', 'PATH', '/nowhere', 'git: cannot be started: is it installed?'],
])('a repository %s', (_, name, value, sentence) => {
  const before = process.env[name];
  process.env[name] = value;
  try {
    expect(() => readCommit('main', repository)).toThrow(sentence);
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
});

test('a folder without a repository', () => {
  expect(() => readCommit('main', root)).toThrow(`git: ${root} is in no git repository`);
});

test('a file that git would have to fetch is missing, and nothing is fetched', () => {
  const hash = git('rev-parse', 'main:other.yaml').trim();
  unlinkSync(join(repository, '.git/objects', hash.slice(0, 2), hash.slice(2)));
  expect(() => readCommit('main', repository)).toThrow('main:other.yaml: is not in this repository, which is a partial clone or broken');
});

test('the same repository does run those programs where nothing keeps it from that', () => {
  expect(() => git('status')).toThrow(); // core.fsmonitor runs before the rest fails
  expect(existsSync(ran)).toBe(true);
  rmSync(ran);
  expect(() => git('cat-file', '-p', 'main:other.yaml')).toThrow();
  expect(existsSync(ran)).toBe(true);
  rmSync(ran);
});

import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { type Input, InputError, MOST_BYTES, readListing } from '../checks/read';
import { textOf } from '../checks/read/text';
import { choose, isHidden, LINK, type Skipped } from '../checks/read/tree';

/** Of all files together: git's answer is read whole. */
const MOST_OF_ALL = 20 * MOST_BYTES;
const SECONDS = 120;

/**
 * The manifests that a folder had at a commit, read from git's objects: nothing is checked out, so no filter, hook or attribute of the
 * repository gets to run.
 *
 * @param ref what git calls a revision: a branch, a tag, a hash
 * @param folder as it is now; a folder that the commit does not have is empty
 * @throws InputError
 */
export function readCommit(ref: string, folder: string): Input {
  if (!statSync(folder).isDirectory()) throw new InputError([{ file: folder, message: 'is a file; --against compares a folder' }]);
  const commit = commitOf(ref, folder);
  const prefix = git(folder, ['rev-parse', '--show-prefix'], `${folder} is in no git repository`).toString().trimEnd().replace(/\/$/, '');
  const entries = entriesOf(folder, prefix === '' ? commit : `${commit}:${prefix}`);
  const shown = (path: string) => `${ref}:${prefix === '' ? path : `${prefix}/${path}`}`;
  const visible = entries.filter(({ path }) => !path.split('/').some(isHidden));
  const skipped: Skipped[] = visible.flatMap(({ mode, path }) =>
    isFile(mode) ? [] : [{ file: shown(path), reason: mode === '160000' ? 'is a submodule' : LINK }],
  );
  const files = new Map(visible.filter(({ mode }) => isFile(mode)).map((entry) => [shown(entry.path), entry]));
  const listing = choose([...files.keys()], skipped);
  const contents = contentsOf(
    folder,
    ref,
    listing.files.flatMap(({ file }) => files.get(file) ?? []),
  );
  return readListing(listing, (file) => textOf(contents.get(files.get(file)?.hash ?? '') ?? Buffer.alloc(0), file));
}

interface Entry {
  readonly mode: string;
  readonly hash: string;
  readonly size: number;
  /** From the folder. */
  readonly path: string;
}

function isFile(mode: string): boolean {
  return mode.startsWith('100');
}

function commitOf(ref: string, folder: string): string {
  if (ref.startsWith('-')) throw new InputError([{ file: ref, message: 'is no git ref: none begins with a dash' }]);
  git(folder, ['rev-parse', '--git-dir'], `${folder} is in no git repository`);
  return git(folder, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`], `there is no commit, tag or branch ${ref}`)
    .toString()
    .trim();
}

/** Nothing where the commit has no such folder. */
function entriesOf(folder: string, tree: string): Entry[] {
  const type = git(folder, ['cat-file', '--batch-check'], `cannot read ${tree}`, `${tree}\n`).toString();
  if (!/^[\da-f]+ (tree|commit) /.test(type)) return [];
  const list = git(folder, ['ls-tree', '-r', '-l', '-z', '--full-tree', tree], `cannot read ${tree}`).toString();
  return list.split('\0').flatMap((line) => {
    const [, mode = '', hash = '', size = '', path = ''] = /^(\d+) \w+ (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
    return mode === '' ? [] : [{ mode, hash, size: Number(size), path }];
  });
}

/** What the files hold, by hash. */
function contentsOf(folder: string, ref: string, entries: readonly Entry[]): Map<string, Buffer> {
  const large = entries.find(({ size }) => size > MOST_BYTES);
  if (large)
    throw new InputError([
      {
        file: `${ref}:${large.path}`,
        message: `has ${Math.round(large.size / 2 ** 20)} MB; of one file no more than ${MOST_BYTES / 2 ** 20} MB are read`,
      },
    ]);
  const answer =
    entries.length === 0
      ? Buffer.alloc(0)
      : git(folder, ['cat-file', '--batch'], `cannot read the files of ${ref}`, entries.map(({ hash }) => `${hash}\n`).join(''));
  const contents = new Map<string, Buffer>();
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf(0x0a, at);
    const [hash = '', type, size] = answer.subarray(at, end).toString().split(' ');
    if (type !== 'blob') {
      const path = entries.find((entry) => entry.hash === hash)?.path ?? hash;
      throw new InputError([
        { file: `${ref}:${path}`, message: 'is not in this repository, which is a partial clone or broken; git fetch gets it' },
      ]);
    }
    contents.set(hash, answer.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return contents;
}

/** What a repository's own configuration may make git run is off; that of the user and of the machine counts. */
const CONFIGURATION = ['core.fsmonitor=', 'core.hooksPath=/dev/null', 'core.pager=cat', 'safe.bareRepository=explicit'];

/** In a partial clone git would fetch what is missing, by a program that the repository names. */
const ENVIRONMENT = {
  GIT_ALLOW_PROTOCOL: '',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** What a hook that calls this sets for its own repository. */
const OF_A_HOOK = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_PREFIX', 'GIT_COMMON_DIR'];

function git(folder: string, args: readonly string[], otherwise: string, input = ''): Buffer {
  const env = Object.fromEntries(Object.entries({ ...process.env, ...ENVIRONMENT }).filter(([name]) => !OF_A_HOOK.includes(name)));
  const configuration = CONFIGURATION.flatMap((entry) => ['-c', entry]);
  const options = { cwd: folder, env, input, maxBuffer: MOST_OF_ALL, timeout: SECONDS * 1000, windowsHide: true };
  const { error, status, stdout, stderr } = spawnSync('git', ['--no-pager', ...configuration, ...args], options);
  if (status === 0) return stdout;
  throw new InputError([{ file: 'git', message: reason(error, stderr?.toString() ?? '', otherwise) }]);
}

function reason(error: NodeJS.ErrnoException | undefined, stderr: string, otherwise: string): string {
  if (error?.code === 'ENOENT') return 'cannot be started: is it installed?';
  if (error?.code === 'ENOBUFS') return `${otherwise}: together they have more than ${MOST_OF_ALL / 2 ** 20} MB`;
  if (error?.code === 'ETIMEDOUT') return `${otherwise}: it did not answer within ${SECONDS} s`;
  if (stderr.includes('dubious ownership'))
    return `${otherwise}: it belongs to somebody else; git config --global --add safe.directory says that you trust it`;
  return otherwise;
}

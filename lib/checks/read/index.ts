import { statSync } from 'node:fs';
import { type Found, holdsManifests, objectsOf, RENDER, templateLine } from './objects';
import { InputError, type Problem, refuse } from './problem';
import { cannotRead, readFound, readNamed, textOf } from './text';
import { type Listing, listTree, type Skipped } from './tree';

export type { Found } from './objects';
export { InputError, type Problem } from './problem';
export { MOST_BYTES } from './text';
export type { Skipped } from './tree';

/** Objects in the order of the files' names, and what was left out. */
export interface Input {
  readonly found: readonly Found[];
  /** How many files they are from. */
  readonly files: number;
  readonly skipped: readonly Skipped[];
}

/** What standard input is called on the command line, and in messages. */
export const STDIN = { path: '-', file: 'standard input' } as const;

/**
 * Reads the manifests of folders, of files, and of standard input.
 *
 * @param paths folders, files, `-`
 * @param stdin what `-` stands for
 * @throws InputError with everything that is wrong
 */
export function readPaths(paths: readonly string[], stdin?: Buffer): Input {
  return join(paths.map((path) => attempt(() => (path === STDIN.path ? readStdin(stdin) : readPath(path)))));
}

/** Reads the files of a listing, and leaves out those that are not about Kubernetes. */
export function readListing({ files, skipped }: Listing, contentOf: (file: string) => string | undefined): Input {
  const read: (Input | InputError)[] = [];
  let all = 0;
  for (const { file, inChart } of files) {
    const content = attempt(() => contentOf(file));
    all += typeof content === 'string' ? content.length : 0;
    if (all > MOST_OF_ALL)
      refuse(file, undefined, `with those before it, the files have more than ${MOST_OF_ALL / 2 ** 20} MB: read one folder at a time`);
    read.push(content instanceof InputError ? content : attempt(() => readOne(file, content, inChart)));
  }
  return join([{ found: [], files: 0, skipped }, ...read]);
}

/** Of one folder, so that there is memory for what is in them: about ten times as much. */
const MOST_OF_ALL = 256 * 2 ** 20;

function readStdin(stdin: Buffer = Buffer.alloc(0)): Input {
  return filled(one(objectsOf(textOf(stdin, STDIN.file), STDIN.file)), STDIN.file, 'has no Kubernetes object');
}

function readPath(path: string): Input {
  if (!isFolder(path)) return filled(one(objectsOf(readNamed(path, path), path)), path, 'has no Kubernetes object');
  return filled(
    readListing(listTree(path), (file) => readFound(file, file)),
    path,
    'the folder has no manifests: no *.yaml, *.yml or *.json file with a Kubernetes object',
  );
}

function readOne(file: string, content: string | undefined, inChart: boolean): Input {
  const nothing = { found: [], files: 0, skipped: [{ file, reason: 'has no Kubernetes object' }] };
  if (content === undefined || (file.endsWith('.json') && !content.includes('"apiVersion"'))) return nothing;
  const template = inChart ? templateLine(content) : undefined;
  if (template !== undefined) return refuse(file, template, `is a Helm template: ${RENDER}`);
  const found = objectsOf(content, file);
  return holdsManifests(found) ? one(found) : nothing;
}

function one(found: readonly Found[]): Input {
  return { found, files: 1, skipped: [] };
}

function filled(input: Input, file: string, otherwise: string): Input {
  return input.found.length > 0 ? input : refuse(file, undefined, otherwise);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    return cannotRead(path, error);
  }
}

function attempt<Result>(read: () => Result): Result | InputError {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
}

/** All of them, or everything that is wrong with any. */
function join(inputs: readonly (Input | InputError)[]): Input {
  const problems: Problem[] = inputs.flatMap((input) => (input instanceof InputError ? input.problems : []));
  if (problems.length > 0) throw new InputError(problems);
  const good = inputs.flatMap((input) => (input instanceof InputError ? [] : [input]));
  return {
    found: good.flatMap(({ found }) => found),
    files: good.reduce((sum, { files }) => sum + files, 0),
    skipped: good.flatMap(({ skipped }) => skipped),
  };
}

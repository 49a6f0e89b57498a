import {
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { INVENTORY, type Inventory, inventoryText, parseInventory, written } from './inventory';
import { writerOf } from './writers';

/** A file's content, made when it is written. */
export interface FileContent {
  /** Below the folder. */
  readonly path: string;
  text(): string;
}

/** A file that is ready beside its place, under a name that nothing applies. */
interface Staged {
  readonly temporary: string;
  readonly target: string;
}

/**
 * Replaces what an app wrote into a folder earlier by what it writes now.
 *
 * All new files are complete, under other names, before the first takes its place, so a failure leaves the folder as it was. Files that
 * stay the same are not touched. Of the others only those are removed that this app wrote by the folder's inventory, and that are
 * manifests still. An app that makes nothing at all is more likely a mistake: then nothing is removed.
 *
 * @returns the files that stay because the app makes nothing
 */
export function replaceFiles(app: object, root: string, contents: readonly FileContent[]): string[] {
  mkdirSync(root, { recursive: true });
  const files = new Set(contents.map(({ path }) => path.split(sep).join('/')));
  const before = inventoryOf(root);
  const writer = writerOf(app, root, files);
  const stale = [...(before.get(writer) ?? [])].filter((file) => !files.has(file));
  if (files.size === 0) return stale;
  const after = written(before, writer, files);

  commit(stage(root, contents));
  writeInventory(root, written(before, writer, new Set([...files, ...stale]))); // should it end half-way, the next synth goes on
  for (const file of stale) removeStale(root, file, files);
  writeInventory(root, after);
  return [];
}

function stage(root: string, contents: readonly FileContent[]): Staged[] {
  const staged: Staged[] = [];
  const made: string[] = [];
  const entries = new Map<string, ReadonlyMap<string, Dirent>>();
  try {
    for (const { path, text } of contents) {
      const target = join(root, path);
      const folder = dirname(target);
      if (!entries.has(folder)) entries.set(folder, entriesOf(folder, made));
      const name = target.slice(folder.length + 1);
      const there = entries.get(folder)?.get(name);
      if (there?.isDirectory()) throw new Error(`cannot write ${target}: a folder of that name is in its place`);
      const content = text();
      if (there?.isFile() && readFileSync(target, 'utf8') === content) continue;
      const temporary = join(folder, `.${name}.${process.pid}.tmp`);
      staged.push({ temporary, target });
      writeFileSync(temporary, content, 'utf8');
    }
    return staged;
  } catch (error) {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
    for (const folder of made.reverse()) rmdirIfEmpty(folder);
    throw error;
  }
}

function commit(staged: readonly Staged[]): void {
  let done = 0;
  try {
    for (const { temporary, target } of staged) {
      renameSync(temporary, target);
      done++;
    }
  } catch (error) {
    for (const { temporary } of staged.slice(done)) rmSync(temporary, { force: true });
    throw error;
  }
}

/** What is in a folder, by name. Where there is none, it is made. */
function entriesOf(folder: string, made: string[]): Map<string, Dirent> {
  const first = mkdirSync(folder, { recursive: true });
  if (first !== undefined) made.push(...foldersBetween(first, folder));
  return new Map(readdirSync(folder, { withFileTypes: true }).map((entry) => [entry.name, entry]));
}

function foldersBetween(first: string, last: string): string[] {
  const folders = [last];
  while (folders[0] !== first && (folders[0]?.length ?? 0) > first.length) folders.unshift(dirname(folders[0] as string));
  return folders;
}

function removeStale(root: string, file: string, files: ReadonlySet<string>): void {
  const path = join(root, file);
  const content = textOf(path);
  if (content === undefined || !isManifest(content)) return;
  const folder = realpathSync(dirname(path));
  const inside = realpathSync(root);
  if (folder !== inside && !folder.startsWith(inside + sep)) return; // a link leads out of the folder
  const twin = [...files].find((other) => other.toLowerCase() === file.toLowerCase());
  if (twin !== undefined && statSync(join(root, twin)).ino === statSync(path).ino) return; // the disk does not tell capitals from small letters
  rmSync(path);
  for (let above = dirname(file); above !== '.'; above = dirname(above)) if (!rmdirIfEmpty(join(root, above))) break;
}

/** Whether it may be what a synth wrote: cdk8s puts these two first, and writes no comments; a chart without objects is empty. */
function isManifest(text: string): boolean {
  return text === '' || /^apiVersion: .+\nkind: .+\n/.test(text) || text.startsWith('{"apiVersion":"v1","kind":"List","items":[]');
}

function rmdirIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false; // something is in it
  }
}

function inventoryOf(root: string): Inventory {
  return parseInventory(textOf(join(root, INVENTORY)) ?? '');
}

function writeInventory(root: string, inventory: Inventory): void {
  const path = join(root, INVENTORY);
  const text = inventoryText(inventory);
  if (textOf(path) === text) return;
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function textOf(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : undefined;
}

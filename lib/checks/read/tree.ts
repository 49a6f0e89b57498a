import { type Dirent, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { cannotRead } from './text';

/** What was left out, and why. */
export interface Skipped {
  readonly file: string;
  /** Continues a sentence that begins with the file. */
  readonly reason: string;
}

/** A file of a tree that may hold manifests. */
export interface TreeFile {
  /** Its path, as a message names it. */
  readonly file: string;
  /** It is a template of a Helm chart, or was one before it was rendered in place. */
  readonly inChart: boolean;
}

/** Files to read in the order of their names, and those that are for somebody else. */
export interface Listing {
  readonly files: readonly TreeFile[];
  readonly skipped: readonly Skipped[];
}

/** The files of a folder and of those below it. No symbolic link is followed, so that nothing is read twice, and nothing outside. */
export function listTree(folder: string): Listing {
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const walk = (path: string) => {
    for (const entry of entriesOf(path)) {
      const file = posix.join(path, entry.name);
      if (isHidden(entry.name)) continue;
      if (entry.isDirectory()) walk(file);
      else if (entry.isSymbolicLink()) skipped.push({ file, reason: LINK });
      else if (entry.isFile()) files.push(file);
    }
  };
  walk(folder);
  return choose(files, skipped);
}

export const LINK = 'is a symbolic link, and none is followed';

/** Hidden files are of other programs (`.git`, `.sops.yaml`), and `node_modules` has the fixtures of others' tests. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

/** Which of a tree's files may hold manifests, by their names. */
export function choose(paths: readonly string[], skipped: readonly Skipped[] = []): Listing {
  const charts = paths.filter((path) => /^Chart\.ya?ml$/.test(posix.basename(path))).map((path) => posix.dirname(path));
  const listing = { files: [] as TreeFile[], skipped: [...skipped] };
  for (const file of [...paths].sort()) {
    const [folder, name] = [posix.dirname(file), posix.basename(file)];
    if (/^[Kk]ustomization(\.ya?ml)?$/.test(name)) {
      listing.skipped.push({
        file,
        reason: `is for kustomize; what that makes is checked by: kubectl kustomize ${folder} | cdk8s-stateful check -`,
      });
    } else if (/\.(ya?ml|json)$/.test(name) && name !== 'construct-metadata.json' && !(charts.includes(folder) && isHelms(name))) {
      listing.files.push({ file, inChart: charts.some((chart) => file.startsWith(posix.join(chart, 'templates/'))) });
    }
  }
  return listing;
}

/** What Helm reads beside a chart's templates. */
function isHelms(name: string): boolean {
  return /^Chart\.ya?ml$|values.*\.(ya?ml|json)$/.test(name);
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    return cannotRead(folder, error);
  }
}

import { normalize } from 'node:path';

/** Name of the file that says which files of a folder were written by which app. No tool that applies manifests reads a name without `.yaml` or `.json`. */
export const INVENTORY = '.cdk8s-stateful';

const HEADER = `# Files that cdk8s-stateful wrote here, below the program that did. Its next synth removes those that it no longer makes,
# and nothing else. Commit this file with them.
`;

/** The files that apps wrote into one folder, by app: `a/b.yaml` below the folder, with `/` on every system. */
export type Inventory = ReadonlyMap<string, ReadonlySet<string>>;

export function inventoryText(inventory: Inventory): string {
  const sections = [...inventory].filter(([, files]) => files.size > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    HEADER +
    sections
      .map(
        ([app, files]) =>
          `${app}\n${[...files]
            .sort()
            .map((file) => `  ${file}\n`)
            .join('')}`,
      )
      .join('')
  );
}

/** What is not the name of a file inside the folder is left out, whoever wrote it there. */
export function parseInventory(text: string): Inventory {
  const inventory = new Map<string, Set<string>>();
  let files = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith('  ')) {
      files = inventory.get(line) ?? new Set();
      inventory.set(line, files);
    } else if (isInside(line.slice(2))) {
      files.add(line.slice(2));
    }
  }
  return inventory;
}

/** After an app has written these files: they are no other app's any more. */
export function written(before: Inventory, app: string, files: ReadonlySet<string>): Inventory {
  const others = [...before].map(([other, theirs]): [string, Set<string>] => [
    other,
    new Set([...theirs].filter((file) => !files.has(file))),
  ]);
  return new Map<string, ReadonlySet<string>>([...others, [app, files]]);
}

function isInside(file: string): boolean {
  return (
    file !== '' &&
    !file.startsWith('/') &&
    !file.includes('\\') &&
    !file.includes('\0') &&
    normalize(file) === file &&
    !/^\.\.(\/|$)/.test(file)
  );
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, 'scripts');

interface Scripts {
  /** The files by name. */
  readonly files: Record<string, string>;
  /** Of all of them. */
  readonly checksum: string;
}

let cached: Scripts | undefined;

/** The files of `scripts/`, which run in the pods; read from disk once a process. */
export function scripts(): Scripts {
  cached ??= read();
  return cached;
}

function read(): Scripts {
  const names = readdirSync(FOLDER).sort();
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
  return { files, checksum: createHash('sha256').update(JSON.stringify(files)).digest('hex') };
}

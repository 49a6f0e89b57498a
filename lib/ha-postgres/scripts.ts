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
let cachedOfPooler: Scripts | undefined;

/** Those files of `scripts/` which run in the members' pods; read from disk once a process. */
export function scripts(): Scripts {
  cached ??= read((name) => !name.startsWith('pooler'));
  return cached;
}

/** Those which run in the pooler's: a change of them restarts no member. */
export function poolerScripts(): Scripts {
  cachedOfPooler ??= read((name) => name.startsWith('pooler'));
  return cachedOfPooler;
}

function read(wanted: (name: string) => boolean): Scripts {
  const names = readdirSync(FOLDER).filter(wanted).sort();
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
  return { files, checksum: createHash('sha256').update(JSON.stringify(files)).digest('hex') };
}

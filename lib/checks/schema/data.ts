import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of `data/`, which `npm run schemas` makes. Read when it is first needed, never when the library is imported. */
export function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, 'data', file), 'utf8')) as T;
}

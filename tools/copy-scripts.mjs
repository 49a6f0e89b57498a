// tsc leaves out what is not TypeScript: the scripts that run in the pods, and the data of the checks, go beside the code that reads them.
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of readdirSync('lib', { recursive: true, withFileTypes: true })) {
  if (!folder.isDirectory() || !['scripts', 'data'].includes(folder.name)) continue;
  const from = join(folder.parentPath, folder.name);
  const to = join('build', from);
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

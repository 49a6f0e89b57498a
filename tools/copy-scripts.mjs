// tsc leaves out what is not TypeScript: the scripts that run in the pods go beside the code that reads them.
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';

for (const construct of readdirSync('lib')) {
  const [from, to] = [`lib/${construct}/scripts`, `build/lib/${construct}/scripts`];
  if (!existsSync(from)) continue;
  rmSync(to, { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

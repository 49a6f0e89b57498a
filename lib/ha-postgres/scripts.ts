import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupsPlan } from './backups';
import type { HaPostgresPlan } from './plan';

const FOLDER = join(__dirname, 'scripts');

/** Files of `scripts/` that are not for every member, by what they are for. All others are. */
const PARTS = {
  backups: ['pgbackrest.sh'],
  restores: ['restore.sh'],
  monitoring: ['exporter.sh'],
  jobs: ['backup.sh', 'drill.sh', 'verify.sh'],
  pooler: ['pooler-ready.sh', 'pooler.sh'],
} as const;

interface Scripts {
  /** The files by name. */
  readonly files: Record<string, string>;
  /** Of all of them. */
  readonly checksum: string;
}

/** Those that run in the members' pods. */
export function scripts({ backups, recovery, standby, monitoring }: HaPostgresPlan): Scripts {
  const parts: readonly string[] = [
    ...(backups ? PARTS.backups : []),
    ...(backups || recovery || standby ? PARTS.restores : []),
    ...(monitoring ? PARTS.monitoring : []),
  ];
  const apart: readonly string[] = Object.values(PARTS).flat();
  return made(Object.keys(all()).filter((name) => !apart.includes(name) || parts.includes(name)));
}

/** Those of the Jobs: a change of one restarts no member. */
export function jobScripts({ schedules }: BackupsPlan): Scripts {
  const off = [...(schedules.drill ? [] : ['drill.sh']), ...(schedules.verify ? [] : ['verify.sh'])];
  return made([...PARTS.jobs, 'pgbackrest-config.sh'].filter((name) => !off.includes(name)));
}

/** Those of the pooler: likewise. */
export function poolerScripts(): Scripts {
  return made(PARTS.pooler);
}

const cache = new Map<string, Scripts>();

function made(names: readonly string[]): Scripts {
  const key = names.join();
  const cached = cache.get(key);
  if (cached) return cached;
  const files = Object.fromEntries(Object.entries(all()).filter(([name]) => names.includes(name)));
  const scripts = { files, checksum: createHash('sha256').update(JSON.stringify(files)).digest('hex') };
  cache.set(key, scripts);
  return scripts;
}

let read: Record<string, string> | undefined;

/** Read from disk once a process. */
function all(): Record<string, string> {
  read ??= Object.fromEntries(
    readdirSync(FOLDER)
      .sort()
      .map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]),
  );
  return read;
}

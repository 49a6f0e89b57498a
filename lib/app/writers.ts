import { relative, resolve, sep } from 'node:path';

/** By folder, what each app of this process wrote there, in the order in which they first did. */
const folders = new Map<string, { readonly app: WeakRef<object>; files: ReadonlySet<string> }[]>();

/**
 * Who writes into a folder: the program that runs, and the how-manieth of its apps that do. So two programs, or two apps of one, may
 * share a folder, and neither takes the other's files for its own of an earlier synth.
 *
 * An app that writes a file which an earlier app of this process wrote is that app, synthesized again.
 *
 * @param files what it writes now
 */
export function writerOf(app: object, folder: string, files: ReadonlySet<string>): string {
  const apps = folders.get(resolve(folder)) ?? [];
  folders.set(resolve(folder), apps);
  const same = apps.findIndex((other) => other.app.deref() === app);
  const again = same >= 0 ? same : apps.findIndex((other) => [...other.files].some((file) => files.has(file)));
  const position = again >= 0 ? again : apps.length;
  apps[position] = { app: new WeakRef(app), files };
  const program = process.argv[1] === undefined ? 'node' : relative(resolve(folder), process.argv[1]).split(sep).join('/');
  return position === 0 ? program : `${program} (app ${position + 1})`;
}

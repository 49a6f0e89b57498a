import { type BackupOptions, type HaPostgresProps, SecretKey } from '../../lib';
import { minimalBackups } from '../support';

/** A key of the Secret that the tests of backups speak of. */
export const key = (name: string) => SecretKey.of('orders-backup', name);

/** Props with backups that differ from the least ones so. */
export function withBackups(changes: Partial<BackupOptions> = {}, props: Partial<HaPostgresProps> = {}) {
  return { ...props, backups: { ...minimalBackups(), ...changes } };
}

/** A configuration as pgBackRest reads it: by section, options by name. */
export function sections(text: string): Record<string, Record<string, string>> {
  const result: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of text.split('\n').filter(Boolean)) {
    const head = /^\[(.*)\]$/.exec(line)?.[1];
    if (head !== undefined) {
      section = {};
      result[head] = section;
    } else {
      const at = line.indexOf('=');
      section[line.slice(0, at)] = line.slice(at + 1);
    }
  }
  return result;
}

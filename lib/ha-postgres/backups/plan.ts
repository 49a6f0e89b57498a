import type { IConstruct } from 'constructs';
import type { HaPostgresNames } from '../plan';
import type { HaPostgresProps } from '../props';

/** Everything that is derived from the props of backups. */
export interface BackupsPlan {
  readonly stanza: string;
}

export function planBackups(_scope: IConstruct, props: HaPostgresProps, names: HaPostgresNames): BackupsPlan | undefined {
  if (!props.backups) return undefined;
  return { stanza: props.backups.stanza ?? names.cluster };
}

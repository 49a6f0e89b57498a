import { Construct } from 'constructs';
import type { HaPostgresPlan } from '../plan';
import type { BackupsPlan } from './plan';

/** What backups add beside the members. */
export class Backups extends Construct {
  constructor(scope: Construct, id: string, _plan: HaPostgresPlan, _backups: BackupsPlan) {
    super(scope, id);
  }
}

export { Backups } from './backups';
export { type BackupsPlan, planBackups } from './plan';
export { backupPart } from './pod';

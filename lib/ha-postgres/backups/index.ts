export { Backups } from './backups';
export { PLACE } from './config';
export { storeEgress } from './network-policy';
export { archiving, type BackupsPlan, PGBACKREST_PORT, planBackups, storePorts } from './plan';
export { backupPart } from './pod';
export {
  hostAndPort,
  type Repository,
  type RepositoryPlace,
  repository,
  repositoryFiles,
  repositorySources,
  repositoryVolume,
} from './repository';

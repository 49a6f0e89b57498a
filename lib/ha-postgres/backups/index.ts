export { Backups } from './backups';
export { storeEgress } from './network-policy';
export { archiving, type BackupsPlan, PGBACKREST_PORT, planBackups, storePorts } from './plan';
export { backupPart } from './pod';
export { type Repository, type RepositoryPlace, repository, repositorySources, repositoryVolume } from './repository';

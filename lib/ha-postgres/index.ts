export { Adoption } from './adoption';
export type { Backups } from './backups';
export type { ConnectionOptions, ConnectionRole } from './connection';
export { HaPostgres } from './ha-postgres';
export type { Monitoring } from './monitoring';
export * from './options';
export type { Pooler } from './pooler';
export type { IPooler, IPostgres, PostgresAttributes, PostgresTls } from './postgres';
export type * from './props';

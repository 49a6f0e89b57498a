export { Adoption } from './adoption';
export type { ConnectionOptions, ConnectionRole } from './connection';
export { HaPostgres } from './ha-postgres';
export * from './options';
export { RecoveryTarget } from './options';
export type { Pooler } from './pooler';
export type { IPooler, IPostgres, PostgresAttributes, PostgresTls } from './postgres';
export type * from './props';

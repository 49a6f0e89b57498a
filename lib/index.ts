export * from './ha-postgres';
export * from './platform';

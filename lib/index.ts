export * from './app';
export * from './backup';
export * from './checks';
export * from './ha-postgres';
export * from './platform';

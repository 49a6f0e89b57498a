export * from './app';
export * from './backup';
export * from './checks';
export * from './gitops';
export * from './ha-postgres';
export * from './platform';

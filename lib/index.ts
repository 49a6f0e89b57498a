export * from './app';
export * from './backup';
export * from './ha-postgres';
export * from './platform';

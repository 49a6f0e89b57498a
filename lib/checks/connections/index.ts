export { type ConnectionChange, type ConnectionChanges, connectionChanges } from './changes';
export { Connections } from './connections';
export { type Connection, type End, workloadEnd } from './ends';
export type { Workload } from './pods';
export type { Direction } from './policies';
export { Ports } from './ports';
export { connectionText, purposeOf } from './purpose';

export { Endpoint } from './endpoint';
export { ConstructError } from './errors';
export { Image, type ImageOptions } from './image';
export type { Peer, PeerSelector } from './peer';
export type { Placement, Toleration } from './placement';
export { SecretKey } from './secret-key';
export type { Storage } from './storage';
export { type ConstructWarning, warn, warningsOf } from './warnings';

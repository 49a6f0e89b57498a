export { type CheckContext, checkManifests } from './check';
export type { Finding, Origin, Severity } from './finding';
export { identityOf, titleOf } from './identity';
export { type CheckOptions, type GitOpsTool, KUBERNETES_VERSIONS, type KubernetesVersion } from './settings';

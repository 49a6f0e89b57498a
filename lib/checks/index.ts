export { checkManifests } from './check';
export type { Finding, Origin, Severity } from './finding';
export { ManifestValidation, type ManifestValidationOptions } from './plugin';
export { type CheckOptions, type GitOpsTool, KUBERNETES_VERSIONS, type KubernetesVersion } from './settings';

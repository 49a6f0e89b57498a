export { type CheckContext, checkManifests } from './check';
export { nondeterminism } from './determinism';
export type { Finding, Origin, Severity } from './finding';
export { EXTERNAL } from './manifests/external';
export { identityOf, titleOf } from './manifests/identity';
export { ManifestValidation, type ManifestValidationOptions } from './plugin';
export { type CheckOptions, type GitOpsTool, KUBERNETES_VERSIONS, type KubernetesVersion } from './settings';
export { type Annotatable, suppress, suppressionAnnotations } from './suppression';

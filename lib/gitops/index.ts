export { ArgoApplication } from './argo-application';
export type * from './argo-props';
export { FluxKustomization } from './flux-kustomization';
export type * from './flux-props';

import type { Duration } from 'cdk8s';

/** Where Flux has the manifests from: a source that exists. */
export interface FluxSource {
  readonly kind: 'GitRepository' | 'OCIRepository' | 'Bucket';
  readonly name: string;
  /** @default - the Kustomization's own */
  readonly namespace?: string;
}

/** Another Kustomization. */
export interface FluxDependency {
  readonly name: string;
  /** @default - the same */
  readonly namespace?: string;
}

/** A Flux Kustomization for a folder of finished manifests. */
export interface FluxKustomizationProps {
  readonly source: FluxSource;
  /** Folder in it, e.g. `dist/orders-postgres`. */
  readonly path: string;
  /** @default - the construct's id */
  readonly name?: string;
  /** Namespace of the Kustomization. @default 'flux-system' */
  readonly namespace?: string;
  /** Removes what is no longer in Git, but for what says that it is to be kept: this library says so of all that holds data. @default true */
  readonly prune?: boolean;
  /**
   * What becomes of the objects when the Kustomization is deleted. `keep` leaves all in place. `delete` takes along all but what says that
   * it is to be kept.
   *
   * @default 'keep'
   */
  readonly onDelete?: 'keep' | 'delete';
  /** How often what was changed past Git is put right, at least a minute; a new commit is applied at once. @default Duration.minutes(10) */
  readonly interval?: Duration;
  /** How soon a failure is tried again. @default Duration.minutes(2) */
  readonly retryInterval?: Duration;
  /** Whether it is ready only when all of its objects are. @default true */
  readonly wait?: boolean;
  /** How long that may take; the first start of a database takes minutes. @default Duration.minutes(10) */
  readonly timeout?: Duration;
  /** What has to be ready before, e.g. what brings the custom resources. @default - nothing */
  readonly dependsOn?: FluxDependency[];
  /** Account in the Kustomization's namespace that it applies as. @default - the controller's own */
  readonly serviceAccountName?: string;
  /** Secret with the keys of values that SOPS has encrypted. @default - nothing is encrypted */
  readonly sopsSecretName?: string;
  /** Stops it. @default false */
  readonly suspend?: boolean;
}

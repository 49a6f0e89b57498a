import type { Severity } from './finding';

/** Kubernetes versions whose definitions are in this package. A version between two is checked against both. */
export const KUBERNETES_VERSIONS = ['1.27', '1.29', '1.32', '1.34', '1.36'] as const;
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

export type GitOpsTool = 'argocd' | 'flux';

export interface CheckOptions {
  /**
   * The oldest version of Kubernetes that has to take the manifests.
   * @default '1.27'
   */
  readonly floor?: KubernetesVersion;
  /**
   * The newest one.
   * @default '1.36'
   */
  readonly target?: KubernetesVersion;
  /**
   * What applies them. Rules that are only about the other tool do not run.
   * @default both
   */
  readonly gitops?: readonly GitOpsTool[];
  /**
   * Namespace of objects that name none.
   * @default 'default'
   */
  readonly namespace?: string;
  /**
   * What is in the cluster though not among the manifests, as `Kind/name` or `Kind/namespace/name`; `*` stands for any name.
   * @default none
   */
  readonly external?: readonly string[];
  /**
   * CustomResourceDefinitions whose objects are among the manifests, beside those in this package and among the manifests.
   * @default none
   */
  readonly crds?: readonly unknown[];
  /**
   * What an object is whose kind nothing is known of, so that its fields are not looked at.
   * @default 'error'
   */
  readonly unknownKinds?: Severity;
  /**
   * Another severity of a rule, by its identifier.
   * @default each rule's own
   */
  readonly severities?: Readonly<Record<string, Severity | 'off'>>;
}

/** The options with every default decided. */
export type Settings = Required<CheckOptions>;

export function settingsOf(options: CheckOptions): Settings {
  return {
    floor: options.floor ?? '1.27',
    target: options.target ?? '1.36',
    gitops: options.gitops ?? ['argocd', 'flux'],
    namespace: options.namespace ?? 'default',
    external: options.external ?? [],
    crds: options.crds ?? [],
    unknownKinds: options.unknownKinds ?? 'error',
    severities: options.severities ?? {},
  };
}

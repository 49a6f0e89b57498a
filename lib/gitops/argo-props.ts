import type { Duration } from 'cdk8s';

/** Where Argo CD applies to. One of `server` and `name`. */
export interface ArgoDestination {
  /** Address of the cluster's API. @default 'https://kubernetes.default.svc' - the cluster that Argo CD runs in, unless `name` is given */
  readonly server?: string;
  /** The cluster by the name that Argo CD knows it by. @default - see `server` */
  readonly name?: string;
  /** For objects that name no namespace. @default - none; those of this library name theirs where the chart does */
  readonly namespace?: string;
}

/** A difference between Git and the cluster that is meant to be. At least one of the three ways to say where it is. */
export interface ArgoIgnoredDifference {
  readonly kind: string;
  /** API group. @default - any */
  readonly group?: string;
  /** Name of the object. @default - any */
  readonly name?: string;
  /** @default - any */
  readonly namespace?: string;
  /** E.g. `/spec/replicas`. @default - none */
  readonly jsonPointers?: string[];
  /** E.g. `.webhooks[]?.clientConfig.caBundle`. @default - none */
  readonly jqPathExpressions?: string[];
  /** Controllers whose fields are theirs, by the name they apply under. @default - none */
  readonly managedFieldsManagers?: string[];
}

/** What Argo CD does by itself. */
export interface ArgoAutomation {
  /** Removes what is no longer in Git, but for what says that it is to be kept: this library says so of all that holds data. @default true */
  readonly prune?: boolean;
  /** Undoes changes that are made past Git. @default true */
  readonly selfHeal?: boolean;
}

/** How often a failed sync is tried again; Argo CD by itself does not try the same commit twice. */
export interface ArgoRetry {
  /** 0 for never. @default 5 */
  readonly limit?: number;
  /** Before the second try; each later wait is twice as long. @default Duration.seconds(10) */
  readonly wait?: Duration;
  /** No wait is longer. @default Duration.minutes(5) */
  readonly longestWait?: Duration;
}

/** An Argo CD Application for a folder of finished manifests. */
export interface ArgoApplicationProps {
  /** Address of the repository, without a password: Argo CD has that in a Secret of its own. */
  readonly repository: string;
  /** Folder in it, e.g. `dist/orders-postgres`. */
  readonly path: string;
  /** Branch, tag or commit. @default 'HEAD' - the newest commit of the default branch */
  readonly revision?: string;
  /** @default - the construct's id */
  readonly name?: string;
  /** Namespace of the Application: where Argo CD looks for them. @default 'argocd' */
  readonly namespace?: string;
  /** The AppProject that it is part of. @default 'default' */
  readonly project?: string;
  /** @default - the cluster that Argo CD runs in */
  readonly destination?: ArgoDestination;
  /** `false`: somebody presses the button. @default - at once, with `prune` and `selfHeal` */
  readonly automated?: ArgoAutomation | false;
  /**
   * What becomes of the objects when the Application is deleted. `keep` leaves all in place. `delete` takes along all but what says that
   * it is to be kept.
   *
   * @default 'keep'
   */
  readonly onDelete?: 'keep' | 'delete';
  /** Whether Argo CD makes the destination's namespace where it is missing. @default false */
  readonly createNamespace?: boolean;
  /** @default - none: what this library emits is as the API server has it */
  readonly ignoreDifferences?: ArgoIgnoredDifference[];
  /** @default - five times, after 10 s, 20 s, … 5 minutes */
  readonly retry?: ArgoRetry;
  /** Further options of each sync, as `FailOnSharedResource=true`. @default - none */
  readonly syncOptions?: string[];
}

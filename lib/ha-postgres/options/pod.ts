import type { Duration, Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';

/** What a node drain may take at once. One of the first two. */
export interface DisruptionBudgetOptions {
  /** @default 1 */
  readonly maxUnavailable?: number;
  /** @default - see maxUnavailable */
  readonly minAvailable?: number;
  /** A drain waits for a member that is being copied (Patroni 4.1 and later). @default - true from Patroni 4.1 */
  readonly protectBootstrap?: boolean;
}

/** Additions to the pods. */
export interface PodOptions {
  /** Names of Secrets with which the nodes pull the images. @default - none */
  readonly imagePullSecrets?: string[];
  /** A change of these restarts the members one by one. @default - none */
  readonly annotations?: Record<string, string>;
  /** Never part of a selector. @default - none */
  readonly labels?: Record<string, string>;
  /** Further containers. They get the restricted security context; without `resources` 10m of CPU and 64 to 128 MiB. @default - none */
  readonly sidecars?: kplus.ContainerProps[];
  /** Further init containers, without probes; otherwise as sidecars. @default - none */
  readonly initContainers?: kplus.ContainerProps[];
  /** Further environment of the PostgreSQL container; nothing that Patroni or libpq reads. @default - none */
  readonly env?: Record<string, kplus.EnvValue>;
  /** Annotations of the ServiceAccount, e.g. for a cloud's workload identity. @default - none */
  readonly serviceAccountAnnotations?: Record<string, string>;
  /** Further volumes of the PostgreSQL container. @default - none */
  readonly volumeMounts?: kplus.VolumeMount[];
  /** Size of `/dev/shm`, for parallel queries; part of the memory limit. @default - a quarter of the memory, at most 1 GiB */
  readonly sharedMemory?: Size;
  /** For the shutdown checkpoint. @default Duration.seconds(600) */
  readonly terminationGracePeriod?: Duration;
  /** @default - Patroni's /liveness and /readiness */
  readonly probes?: ProbeOptions;
}

/** How the kubelet asks Patroni for its health. */
export interface ProbeOptions {
  /** Path of the liveness and startup probes. Nothing that runs SQL: a restart in recovery begins it anew. @default '/liveness' */
  readonly livenessPath?: string;
  /** How long Patroni may take until its loop runs, e.g. while the API is out of reach. @default Duration.minutes(10) */
  readonly startupBudget?: Duration;
  /** Whether readiness is asked for; `configMaps` needs it to keep a dead leader out of the Service. @default true */
  readonly readiness?: boolean;
}

import { Duration, type Size } from 'cdk8s';
import type { CallbackOptions } from './extras';
import type { RestApiOptions } from './tls';

/** What Patroni is told. `FAST_FAILOVER` is a preset of its times. Times are whole seconds, and `loopWait + 2 × retryTimeout ≤ ttl`. */
export interface PatroniOptions {
  /** How long the leader lock lives without renewal, so the longest outage after a power loss. At least 20 s. @default Duration.seconds(30) */
  readonly ttl?: Duration;
  /** Between two looks at the state, and two renewals of the lock. @default Duration.seconds(10) */
  readonly loopWait?: Duration;
  /** How long the Kubernetes API or PostgreSQL may fail before the leader steps down. @default Duration.seconds(10) */
  readonly retryTimeout?: Duration;
  /** A replica further behind than this never becomes leader. @default Size.mebibytes(32) */
  readonly maximumLagOnFailover?: Size;
  /** How long a crashed leader may recover before another member takes over. @default Duration.seconds(300) */
  readonly primaryStartTimeout?: Duration;
  /** Standbys that must have a commit before it is acknowledged, where `durability` asks for any. @default 1 */
  readonly synchronousNodeCount?: number;
  /** The leader goes on without the Kubernetes API as long as it reaches every member. @default - true, false for a single member */
  readonly failsafeMode?: boolean;
  /** A former leader rejoins by pg_rewind, without a full copy. @default true */
  readonly usePgRewind?: boolean;
  /** The leader keeps the WAL that each replica still needs, up to `max_slot_wal_keep_size`. @default true */
  readonly useSlots?: boolean;
  /** How long the slot of an absent member is kept (Patroni 4.0 and later). @default Duration.minutes(30) */
  readonly memberSlotsTtl?: Duration;
  /** @default 'INFO' */
  readonly logLevel?: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR';
  /** Labels of pods and Patroni's objects, besides the scope label, by which Patroni finds its cluster. @default { application: 'patroni' } */
  readonly labels?: Record<string, string>;
  /** Key of the label that holds the cluster's name. @default 'cluster-name' */
  readonly scopeLabel?: string;
  /** Key of the label that holds a member's role. @default 'role' */
  readonly roleLabel?: string;
  /** Value of the role label on the leader (settable from Patroni 3.1). @default - `primary`; `master` before Patroni 3.1 */
  readonly leaderLabelValue?: string;
  /** Value of the role label on replicas (settable from Patroni 3.1). @default 'replica' */
  readonly followerLabelValue?: string;
  /** Who may change anything through Patroni's REST API. @default - whoever reaches it: the members, by the NetworkPolicy */
  readonly restApi?: RestApiOptions;
  /** Commands that Patroni runs when a role changes. @default - none */
  readonly callbacks?: CallbackOptions;
  /** Done by the agent, replicas first, when a changed parameter needs a restart of PostgreSQL. @default false - it is only reported */
  readonly restartWhenPending?: boolean;
}

/**
 * A dead node is replaced within 20 s instead of 30. The price: twice the writes to the Kubernetes API, and an API or a member
 * that is out of reach for 5 s instead of 10 may already cost the leader its place. For networks and API servers that are
 * always quick: `patroni: { ...FAST_FAILOVER, logLevel: 'WARNING' }`. 20 s is the least that Patroni takes.
 */
export const FAST_FAILOVER: PatroniOptions = {
  ttl: Duration.seconds(20),
  loopWait: Duration.seconds(5),
  retryTimeout: Duration.seconds(5),
};

import type { HaPostgresNames, HaPostgresPlan } from './plan';
import type { PodPart } from './pod-part';
import type { HaPostgresProps } from './props';

/** What the cluster is born from. */
export interface RecoveryPlan {
  readonly stanza: string;
}

/** What it follows. */
export interface StandbyPlan {
  readonly stanza: string;
}

export function planRecovery(props: HaPostgresProps, names: HaPostgresNames): RecoveryPlan | undefined {
  return props.recovery && { stanza: props.recovery.stanza ?? names.cluster };
}

export function planStandby(props: HaPostgresProps, names: HaPostgresNames): StandbyPlan | undefined {
  return props.standbyOf && { stanza: props.standbyOf.stanza ?? names.cluster };
}

/** Patroni's section `bootstrap`, beside `initdb`. */
export function bootstrapMethod(_plan: HaPostgresPlan): object {
  return {};
}

/** Patroni's dynamic key `standby_cluster`. */
export function standbyCluster(_plan: HaPostgresPlan): object {
  return {};
}

/** The other cluster's repository in the members' pods. */
export function recoveryPart(_plan: HaPostgresPlan): PodPart {
  return {};
}

import type { k8s } from 'cdk8s-plus-27';
import type { HaPostgresPlan } from './plan';
import type { PodPart } from './pod-part';

export function tablespaceClaims(_plan: HaPostgresPlan): k8s.KubePersistentVolumeClaimProps[] {
  return [];
}

/** The tablespaces' volumes in the members' pods. */
export function tablespacePart(_plan: HaPostgresPlan): PodPart {
  return {};
}

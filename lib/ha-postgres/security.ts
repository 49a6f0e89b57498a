import type { k8s } from 'cdk8s-plus-27';
import { restrictedPod } from '../internal/security';
import type { HaPostgresPlan } from './plan';

/** Of pods that run as the owner of the database's files; on OpenShift, admission decides who that is. */
export function podSecurity({ openShift, user }: HaPostgresPlan): k8s.PodSecurityContext {
  return openShift ? restrictedPod(undefined) : restrictedPod(user.userId, user.groupId);
}

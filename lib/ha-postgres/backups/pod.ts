import type { HaPostgresPlan } from '../plan';
import type { PodPart } from '../pod-part';

/** pgBackRest in the members' pods. */
export function backupPart(_plan: HaPostgresPlan): PodPart {
  return {};
}

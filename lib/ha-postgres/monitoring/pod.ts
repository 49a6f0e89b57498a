import type { HaPostgresPlan } from '../plan';
import type { PodPart } from '../pod-part';

/** postgres_exporter in the members' pods. */
export function exporterPart(_plan: HaPostgresPlan): PodPart {
  return {};
}

import { finding } from '../../check';
import type { Finding } from '../../finding';
import type { Manifests } from '../../manifests/manifests';
import type { ChangeRule } from '../../rule';
import type { Settings } from '../../settings';
import { claimsStay } from './claim-templates';
import { immutableFields } from './immutable-fields';
import { claimsFollow } from './orphans';
import { retiredFirst } from './scale-in';

/** Every rule over two trees, in the order in which a report lists them. */
export const CHANGE_RULES: readonly ChangeRule[] = [immutableFields, claimsStay, claimsFollow, retiredFirst];

/** What is wrong with a change, by all rules over two trees; in their order. */
export function checkChange(before: Manifests, after: Manifests, settings: Settings): Finding[] {
  return CHANGE_RULES.flatMap((rule) => [...rule.compare(before, after, settings)].flatMap((found) => finding(rule, found, settings)));
}

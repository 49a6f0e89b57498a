import type { Manifest } from './manifests';

/** `cdk8s-stateful/ignore-SEC-2: <reason>` on an object takes one rule off it. */
export const IGNORE = 'cdk8s-stateful/ignore-';

/** The reason why a rule does not count for an object; none where it counts, or where no reason is given. */
export function reasonAgainst(rule: string, { annotations }: Manifest): string | undefined {
  return annotations[`${IGNORE}${rule}`]?.trim() || undefined;
}

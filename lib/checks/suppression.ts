import { fields } from './manifests/look';
import type { Manifest } from './manifests/manifests';
import { ignoreAnnotations, OTHER_CHECKS } from './other-tools';
import { RULE_IDS } from './rules/ids';

/** `cdk8s-stateful/ignore-SEC-2: <reason>` on an object takes one rule off it. */
export const IGNORE = 'cdk8s-stateful/ignore-';

/** The reason why a rule does not count for an object; none where it counts, or where no reason is given. */
export function reasonAgainst(rule: string, { annotations }: Pick<Manifest, 'annotations'>): string | undefined {
  return annotations[`${IGNORE}${rule}`]?.trim() || undefined;
}

/**
 * The annotations that take a rule off an object, here and in the other tools that have a check for the same thing: kube-linter,
 * kube-score, Polaris, Checkov.
 *
 * @param given annotations that are on the object already: some of the tools read one for all their checks
 * @throws if there is no such rule, or no reason
 */
export function suppressionAnnotations(
  rule: string,
  reason: string,
  given: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  if (!RULE_IDS.has(rule)) throw new Error(`the rule is ${JSON.stringify(rule)}, but must be one of ${[...RULE_IDS].join(', ')}`);
  if (reason.trim() === '') throw new Error(`the reason for ignoring ${rule} is empty, but must be a sentence that a reviewer can judge`);
  const others = Object.hasOwn(OTHER_CHECKS, rule) ? (OTHER_CHECKS[rule] ?? {}) : {};
  return { [`${IGNORE}${rule}`]: reason.trim(), ...ignoreAnnotations(others, reason.trim(), given) };
}

/** An `ApiObject` of cdk8s, or whatever has its metadata as that has. */
export interface Annotatable {
  readonly metadata: { addAnnotation(key: string, value: string): void; toJson(): unknown };
}

/**
 * Takes a rule off an object, for a reason that a reviewer reads in the manifest.
 *
 * @param rule e.g. `SEC-2`
 * @throws if there is no such rule, or no reason
 */
export function suppress(object: Annotatable, rule: string, reason: string): void {
  const given = fields(object.metadata.toJson(), 'annotations');
  for (const [key, value] of Object.entries(suppressionAnnotations(rule, reason, given))) object.metadata.addAnnotation(key, value);
}

import type { IConstruct } from 'constructs';
import type { Finding } from '../checks';
import { warn } from '../platform';

/** A finding as a sentence, the object first. */
export function sentenceOf({ object, field, message, fix, rule }: Finding): string {
  return `${object}${field && `: ${field}`}: ${message}; ${fix} [${rule}]`;
}

const said = new WeakMap<IConstruct, Set<string>>();

/**
 * Warns of what rules found, once for each rule, and once however often it is found: an app of a thousand images without a digest
 * has one thing to hear, not a thousand.
 *
 * @param scope the construct that was checked
 * @param about the construct whose path the warning bears
 */
export function warnOf(scope: IConstruct, findings: readonly Finding[], about: (finding: Finding) => IConstruct = () => scope): void {
  for (const rule of new Set(findings.map((finding) => finding.rule))) {
    const [first, ...more] = findings.filter((finding) => finding.rule === rule) as [Finding, ...Finding[]];
    const text = sentenceOf(first) + (more.length > 0 ? ` (and ${more.length} more that ${rule} finds)` : '');
    const before = said.get(scope) ?? new Set();
    if (!before.has(text)) warn(about(first), rule, text);
    said.set(scope, before.add(text));
  }
}

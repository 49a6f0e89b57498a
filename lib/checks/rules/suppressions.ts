import type { Manifest, Manifests } from '../manifests/manifests';
import type { Found, Rule } from '../rule';
import { IGNORE } from '../suppression';
import { RULE_IDS } from './ids';

/** SUP-1: an exception is for one rule, and a reviewer can judge why. */
export const suppressionsJustified: Rule = {
  id: 'SUP-1',
  severity: 'error',
  title: 'what takes a rule off an object names one, says why, and is needed',
  runs: ['synth', 'check'],
  source: 'kube-linter docs/configuring-kubelinter.md, ignoring violations for specific cases',
  *find(manifests) {
    for (const manifest of manifests) {
      for (const { rule, field, reason } of suppressionsOf(manifest)) {
        if (!RULE_IDS.has(rule)) {
          const message = `there is no rule ${rule || 'without a name'}`;
          yield { manifest, field, message, fix: `name one of ${nearest(rule)}, or remove the annotation` };
        } else if (reason === '') {
          const message = `it gives no reason for ignoring ${rule}, and is not heeded`;
          yield { manifest, field, message, fix: 'write why, in a sentence that a reviewer can judge' };
        }
      }
    }
  },
};

/**
 * Suppressions that nothing is found for: what they were for is mended, or a mistake that comes would be hidden.
 *
 * @param judged the rules that would have found something
 * @param used the rules for which something was found and ignored, by object
 */
export function* unusedSuppressions(
  manifests: Manifests,
  judged: ReadonlySet<string>,
  used: ReadonlyMap<Manifest, ReadonlySet<string>>,
): Iterable<Found> {
  for (const manifest of manifests) {
    for (const { rule, field, reason } of suppressionsOf(manifest)) {
      if (reason === '' || !judged.has(rule) || used.get(manifest)?.has(rule)) continue;
      yield { manifest, field, message: `nothing is found that ${rule} would say`, fix: 'remove the annotation', severity: 'warning' };
    }
  }
}

function suppressionsOf({ annotations }: Manifest): { rule: string; field: string; reason: string }[] {
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(IGNORE))
    .map(([key, value]) => ({ rule: key.slice(IGNORE.length), field: `metadata.annotations['${key}']`, reason: value.trim() }));
}

/** The rules of the same group, or all groups. */
function nearest(rule: string): string {
  const ids = [...RULE_IDS];
  const group = ids.filter((id) => id.startsWith(`${rule.toUpperCase().split('-')[0]}-`));
  return group.length > 0 ? group.join(', ') : [...new Set(ids.map((id) => id.replace(/\d+$/, '…')))].join(', ');
}

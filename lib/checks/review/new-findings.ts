import { check } from '../check';
import type { Comparison } from '../compare/pairs';
import type { Finding } from '../finding';
import type { Settings } from '../settings';

/** What the checks find in the new tree and did not find in the old one. */
export function newFindings({ before, after, renamed }: Comparison, settings: Settings): Finding[] {
  const names = new Map(renamed.map((pair) => [pair.before.title, pair.after.title]));
  const old = groups(
    check(before, settings, 'check').map((finding) => ({ ...finding, object: names.get(finding.object) ?? finding.object })),
  );
  const all = check(after, settings, 'check');
  const fresh = new Set([...groups(all)].flatMap(([key, findings]) => unmatched(findings, old.get(key) ?? [])));
  return all.filter((finding) => fresh.has(finding));
}

function groups(findings: readonly Finding[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.rule} ${finding.severity} ${finding.object}`;
    const group = found.get(key);
    if (group) group.push(finding);
    else found.set(key, [finding]);
  }
  return found;
}

/** An old finding may have moved in its list, or say another value; each stands for one new one, the most alike first. */
function unmatched(findings: readonly Finding[], old: readonly Finding[]): Finding[] {
  let left = [...findings];
  const free = [...old];
  for (const alike of [isSame, saysSame, isThere]) {
    left = left.filter((finding) => {
      const place = free.findIndex((other) => alike(finding, other));
      if (place >= 0) free.splice(place, 1);
      return place < 0;
    });
  }
  return left;
}

const saysSame = (a: Finding, b: Finding) => a.message === b.message;
const isThere = (a: Finding, b: Finding) => a.field === b.field;
const isSame = (a: Finding, b: Finding) => saysSame(a, b) && isThere(a, b);

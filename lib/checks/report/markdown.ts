import { code, markdown, shortened } from '../escape';
import type { Finding } from '../finding';
import { alike, countsOf, extent, type Group, groupsOf, type Report, verdict } from './report';

/** GitHub takes 65,536 characters as one comment, GitLab a million. */
const MOST_CHARACTERS = 60_000;
/** Of one text from a manifest. */
const LONGEST = 500;
const MOST_FIELDS = 10;

/**
 * What was found, as a comment on a pull request. Whatever could mean something to Markdown or to GitHub is code in it, so that no
 * manifest can mention anybody, link anywhere or close anything.
 */
export function markdownReport(report: Report): string {
  const counts = countsOf(report.findings);
  const icon = counts.errors > 0 ? '❌' : counts.warnings > 0 ? '⚠️' : '✅';
  const heading = `### ${icon} Manifests: ${verdict(counts)}\n\n${capital(extent(report))}.\n`;
  return heading + fitting(groupsOf(report.findings).map(groupText), MOST_CHARACTERS - heading.length);
}

function groupText({ object, place, findings }: Group): string {
  const heading = `\n**${code(shortened(object, LONGEST))}**${place && ` in ${code(shortened(place, LONGEST))}`}\n\n`;
  return heading + alike(findings).map(item).join('');
}

function item(same: readonly [Finding, ...Finding[]]): string {
  const [{ severity, rule, message, fix }] = same;
  const fields = same.flatMap(({ field }) => (field ? [code(shortened(field, LONGEST))] : []));
  const where = fields.slice(0, MOST_FIELDS).join(', ') + (fields.length > MOST_FIELDS ? ` and ${fields.length - MOST_FIELDS} more` : '');
  const icon = severity === 'error' ? '❌' : '⚠️';
  return `- ${icon} **${rule}** ${markdown(shortened(message, LONGEST))}${where && `  \n  at ${where}`}  \n  → ${markdown(shortened(fix, LONGEST))}\n`;
}

/** As many parts as fit, and how many do not. */
function fitting(parts: readonly string[], most: number): string {
  let [text, shown] = ['', 0];
  for (const part of parts) {
    if (text.length + part.length > most - 100) break;
    text += part;
    shown += 1;
  }
  return shown === parts.length ? text : `${text}\nAnd ${parts.length - shown} more objects: this comment has no room for them.\n`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

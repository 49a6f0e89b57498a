import { code, codeBlock, markdown } from '../escape';
import type { Entry } from './entry';
import type { Risk } from './note';
import type { Review } from './review';
import { headline, OBJECTS, type Section, sectionsOf } from './sections';

/** GitHub refuses a comment of more than 65,536 characters; what a bot writes around it has to fit too. */
const LIMIT = 64_000;
/** No entry needs more; one that does is a list nobody reads. */
const ENTRY = 8_000;

export interface MarkdownOptions {
  /**
   * So many characters at most.
   * @default 64000
   */
  readonly limit?: number;
}

/** A review for a comment on a pull request; what does not fit is counted at its end, the most important comes first. */
export function renderReviewMarkdown(review: Review, { limit = LIMIT }: MarkdownOptions = {}): string {
  const heading = `**Review:** ${markdown(headline(review))}\n`;
  const sections = sectionsOf(review);
  const room = limit - heading.length - 1_000; // for the lines that say what was left out
  const parts: string[] = [];
  const left: string[] = [];
  let used = 0;
  for (const section of sections) {
    const { text, missing } = sectionText(section, room - used);
    parts.push(text);
    used += text.length;
    if (missing > 0) left.push(`${missing} of ${section.entries.length} under “${section.title}”`);
  }
  const rest = left.length > 0 ? `\nLeft out, since a comment has an end: ${left.join(', ')}. The text and JSON reports have them.\n` : '';
  return `${heading}${parts.join('')}${rest}`;
}

function sectionText({ title, entries }: Section, room: number): { text: string; missing: number } {
  const [open, close] = title === OBJECTS ? [`\n<details><summary>${title}</summary>\n\n`, '\n</details>\n'] : [`\n### ${title}\n\n`, ''];
  let text = '';
  for (const [index, entry] of entries.entries()) {
    const next = entryText(entry);
    if (open.length + text.length + next.length + close.length > room)
      return { text: text && open + text + close, missing: entries.length - index };
    text += next;
  }
  return { text: open + text + close, missing: 0 };
}

const MARKS: Readonly<Record<Risk, string>> = { refused: '⛔ ', risky: '⚠️ ', safe: '' };

function entryText({ risk, about, lines, fix, changes = [] }: Entry): string {
  const text = [
    `- ${MARKS[risk]}**${markdown(about)}**`,
    ...lines.map((line) => `  - ${markdown(line)}`),
    ...(fix ? [`  - → ${markdown(fix)}`] : []),
    ...changes.map(
      ({ path, text, diff }) =>
        `  - ${[path && code(path), markdown(text)].filter(Boolean).join(': ')}${diff ? `\n${indented(codeBlock(diff, 'diff'), 4)}` : ''}`,
    ),
  ].join('\n');
  return text.length <= ENTRY ? `${text}\n` : `- ${MARKS[risk]}**${markdown(about)}**\n  - too long to show here\n`;
}

function indented(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by));
}

import { visible } from '../escape';
import { type Look, type Paint, painter, type Style } from '../report/text';
import type { Entry } from './entry';
import type { Risk } from './note';
import type { Review } from './review';
import { headline, sectionsOf } from './sections';

/** So many entries of a section; a change of more is read as JSON. */
const ENTRIES = 100;

/** A review for a terminal; ends with a line break. */
export function renderReviewText(review: Review, look: Look = {}): string {
  const paint = painter(look);
  const lines = [paint(['bold', COLOURS[review.verdict]], `Review: ${headline(review)}`)];
  for (const { title, entries } of sectionsOf(review)) {
    lines.push('', paint(['bold'], title));
    for (const entry of entries.slice(0, ENTRIES)) lines.push(...entryLines(entry, paint));
    if (entries.length > ENTRIES) lines.push(`  and ${entries.length - ENTRIES} more`);
  }
  return `${lines.join('\n')}\n`;
}

const COLOURS: Readonly<Record<Risk, Style>> = { refused: 'red', risky: 'yellow', safe: 'green' };
const MARKS: Readonly<Record<Risk, string>> = { refused: '✗', risky: '!', safe: ' ' };

function entryLines({ risk, about, lines, fix, changes = [] }: Entry, paint: Paint): string[] {
  const first = `${paint([COLOURS[risk]], MARKS[risk])} ${visible(about)}`;
  return [
    first,
    ...lines.map((line) => `    ${visible(line)}`),
    ...(fix ? [`    ${paint(['cyan'], `→ ${visible(fix)}`)}`] : []),
    ...changes.flatMap(({ path, text, diff = [] }) => [
      `    ${visible([path, text].filter(Boolean).join(': '))}`,
      ...diff.map((part) => `      ${diffLine(part, paint)}`),
    ]),
  ];
}

function diffLine(line: string, paint: Paint): string {
  const style: Style = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
  return paint([style], visible(line));
}

import { styleText } from 'node:util';
import { visible } from '../escape';
import { IGNORE } from '../suppression';
import { alike, countsOf, extent, type Group, groupsOf, type Report, verdict } from './report';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

/** How a report looks where it is shown. */
export interface Look {
  /** @default false */
  readonly colour?: boolean;
  /**
   * Columns to break lines at.
   * @default none, as for a file or a pipe, where a line is for `grep`
   */
  readonly width?: number;
}

export type Paint = (style: Style | Style[], text: string) => string;

/** Puts text into styles, or leaves it as it is; Node before 20.12 has no styles. */
export function painter({ colour = false }: Look): Paint {
  const paints = colour && typeof styleText === 'function';
  return paints ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;
}

/** What was found, for a terminal: by object, each finding with its fields and what to do, and a line that sums up. */
export function textReport(report: Report, look: Look = {}): string {
  const paint = painter(look);
  const groups = groupsOf(report.findings).map((group) => groupText(group, report, paint, look.width));
  return [...groups, summary(report, paint)].join('\n\n').concat('\n');
}

function groupText({ object, place, findings }: Group, report: Report, paint: Paint, width = Number.POSITIVE_INFINITY): string {
  const rules = Math.max(...report.findings.map(({ rule }) => rule.length));
  const indent = ' '.repeat(2 + 'warning'.length + 2 + rules + 2);
  const lines = (text: string) => broken(visible(text), width - indent.length).map((line) => indent + line);
  const heading = [place && paint('cyan', visible(place)), paint('bold', visible(object))].filter(Boolean).join('  ');
  const blocks = alike(findings).map((same) => {
    const { severity, rule, message, fix } = same[0];
    const fields = same.map(({ field }) => field).filter(Boolean);
    const mark = `  ${paint(severity === 'error' ? 'red' : 'yellow', severity.padEnd(7))}  ${paint('bold', rule.padEnd(rules))}  `;
    const [first = '', ...more] = lines(message);
    return [
      mark + first.slice(indent.length),
      ...more,
      ...fields.flatMap((field) => lines(field).map((line) => paint('dim', line))),
      ...lines(`→ ${fix}`).map((line) => paint('green', line)),
    ].join('\n');
  });
  return [heading, ...blocks].join('\n');
}

function summary(report: Report, paint: Paint): string {
  const counts = countsOf(report.findings);
  const sentence = `${verdict(counts)} ${extent(report)}`;
  if (report.findings.length === 0) return paint('green', `✔ ${sentence}`);
  const hint = `to except an object from a rule, annotate it with the reason: ${IGNORE}<rule>: <reason>`;
  return [
    paint(['bold', counts.errors > 0 ? 'red' : 'yellow'], `${counts.errors > 0 ? '✖' : '⚠'} ${sentence}`),
    paint('dim', `  ${hint}`),
  ].join('\n');
}

/** A text in lines of at most so many characters, broken between words; a longer word stays whole. */
function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

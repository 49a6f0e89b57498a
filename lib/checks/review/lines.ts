import { anchors } from '../compare/lists';
import { shortened } from '../compare/words';

/** Lines around a change that are shown with it. */
const CONTEXT = 1;
const LINES = 30;
const WIDTH = 160;

/** How a text of many lines differs: lines that begin with `-`, `+` or a blank, `…` for what is left out. */
export function lineDiff(before: string, after: string): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  const common = anchors(old, next, (a, b) => a === b);
  const all: string[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...common, [old.length, next.length] as const]) {
    for (; i < a; i++) all.push(`-${old[i]}`);
    for (; j < b; j++) all.push(`+${next[j]}`);
    if (a < old.length) all.push(` ${old[a]}`);
    [i, j] = [a + 1, b + 1];
  }
  return bounded(near(all));
}

function near(all: readonly string[]): string[] {
  const shown: string[] = [];
  all.forEach((line, index) => {
    const close = all.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((other) => !other.startsWith(' '));
    if (close) shown.push(shortened(line, WIDTH));
    else if (shown.at(-1) !== '…') shown.push('…');
  });
  return shown.filter((line, index) => line !== '…' || (index > 0 && index < shown.length - 1));
}

function bounded(lines: readonly string[]): string[] {
  return lines.length <= LINES ? [...lines] : [...lines.slice(0, LINES), `… ${lines.length - LINES} more lines`];
}

/**
 * Text from manifests as a terminal or a page may show it: what controls a terminal, turns the direction of writing or is invisible
 * becomes its escape, `\u{1b}`.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
}

/**
 * Text from manifests in Markdown: always code, since there is nothing in code that makes a link, a mention, HTML or a command.
 * Never for a table: there `|` would end the cell, whatever is around it.
 */
export function code(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = /^[ `]|[ `]$|^$/.test(shown) ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** At most so many characters. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

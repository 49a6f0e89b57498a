/** What a manifest says must not do anything where it is shown: move the cursor, hide, mention, link or be HTML. */

/** Control characters, marks that turn the direction of text, and what has no width. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text in which every character is seen: others as `\n` or `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    if (character === '\r') return '\\r';
    return `\\u{${(character.codePointAt(0) as number).toString(16)}}`;
  });
}

/** A text as Markdown shows it unchanged: words that could mean something to Markdown or to GitHub are code. */
export function markdown(text: string): string {
  const parts = visible(text).split('`');
  const paired = parts.length % 2 === 1; // an odd number of backticks quotes nothing
  if (!paired) return words(visible(text));
  return parts.map((part, index) => (index % 2 === 1 && part !== '' ? code(part) : words(part))).join('');
}

function words(text: string): string {
  return text
    .split(/( +)/)
    .map((word) => {
      if (word.trim() === '' || isPlain(word)) return word;
      const [, before = '', core = '', after = ''] = /^([("']*)(.*?)([.,;:)]*)$/s.exec(word) ?? [];
      return core ? `${before}${code(core)}${after}` : code(word);
    })
    .join('');
}

/** Letters, digits and punctuation that is none to Markdown. */
const PLAIN = /^(?:["'(]*[\p{L}\p{N}](?:[\p{L}\p{N}.,;:'"()/%=?-]*[\p{L}\p{N}.,;:'")%?])?|[→–…=+&,;.:)(-])$/u;
/** What GitHub makes a link or a picture of: addresses, commits, issues, `:name:`. And a number that would begin a list. */
const MEANS = /:\/\/|^www\.|^[0-9a-f]{7,}[.,;:)]*$|^gh-\d+[.,;:)]*$|:[\w+-]+:|^\d+[.)]$/i;

function isPlain(word: string): boolean {
  return PLAIN.test(word) && !MEANS.test(word);
}

/** A text in a code span, whatever backticks are in it. */
export function code(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || shown.startsWith(' ') || shown.endsWith(' ') || shown === '' ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** At most so many characters. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

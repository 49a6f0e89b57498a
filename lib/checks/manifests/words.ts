/** `a`, `a and b`, `a, b and c`; after `most` of them `… and 3 more`. */
export function listed(words: readonly string[], most = 5): string {
  const shown = words.length > most ? [...words.slice(0, most), `${words.length - most} more`] : words;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

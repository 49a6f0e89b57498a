/**
 * The known name that a wrong one was most likely to be, if it looks like any: a few letters differ (`replica`), or one is part of
 * the other (`scrapeInterval` for `interval`).
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 60) return undefined; // no field is as long, and the comparison is quadratic
  const wrong = name.toLowerCase();
  const known = [...candidates];
  let best: { readonly name: string; readonly far: number } | undefined;
  for (const candidate of known) {
    const far = distance(wrong, candidate.toLowerCase());
    if (far <= Math.max(1, Math.floor(name.length / 3)) && far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { name: candidate, far };
  }
  return best?.name ?? known.find((candidate) => candidate.length > 3 && wrong.includes(candidate.toLowerCase()));
}

/** How many letters have to be changed, added or left out (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(same, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

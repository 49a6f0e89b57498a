/**
 * Every rule there is. A list of its own, so that what only asks for a name need not load the rules; a test compares it with them.
 */
export const RULE_IDS: ReadonlySet<string> = new Set(
  Object.entries({ SCH: 6, REF: 5, SEC: 6, RES: 2, HA: 3, STS: 5, GIT: 8, REV: 3, SUP: 1 }).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, index) => `${group}-${index + 1}`),
  ),
);

import { shortened } from '../compare/words';
import type { Risk } from './note';

/** One thing that a report says, the same in each form. */
export interface Entry {
  readonly risk: Risk;
  /** What it is about: the object, with the field. */
  readonly about: string;
  /** Sentences below it. */
  readonly lines: readonly string[];
  /** What to do. */
  readonly fix?: string;
  /** Lines of a text that differ. */
  readonly changes?: readonly FieldLines[];
}

export interface FieldLines {
  /** Empty for a line about others. */
  readonly path: string;
  /** `3 → 5`; empty where the lines say it. */
  readonly text: string;
  readonly diff?: readonly string[];
}

/** Names and values are as long as somebody made them. */
export function bounded(entry: Entry): Entry {
  const short = (line: string) => shortened(line, 1500);
  return { ...entry, about: shortened(entry.about, 300), lines: entry.lines.map(short), fix: entry.fix && short(entry.fix) };
}

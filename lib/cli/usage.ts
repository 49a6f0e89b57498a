import { nearest } from '../internal/nearest';

/** The command was called in a way that it does not know; the message is one sentence. */
export class UsageError extends Error {
  public override readonly name = 'UsageError';
}

/** A sentence about a name that is not known, with the one that was most likely meant, else with all. */
export function unknown(sentence: string, name: string, known: readonly string[], shown: (name: string) => string = (n) => n): never {
  const close = nearest(name, known);
  throw new UsageError(close ? `${sentence}; did you mean ${shown(close)}?` : `${sentence}; there is ${known.map(shown).join(', ')}`);
}

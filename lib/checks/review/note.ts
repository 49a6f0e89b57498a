/** `refused`: the API server does not take it. `risky`: data, users or access are touched, so that a person should look. */
export type Risk = 'refused' | 'risky' | 'safe';

/** One thing that a reviewer wants to know of one object. */
export interface Note {
  readonly risk: Risk;
  /** The object, e.g. `StatefulSet shop/orders`. */
  readonly object: string;
  /** Path of the field; empty for the object as a whole. */
  readonly field: string;
  /** One sentence. */
  readonly message: string;
  /** What to do about it, in one sentence; empty where there is nothing to do. */
  readonly fix: string;
}

export function note(risk: Risk, object: string, message: string, { field = '', fix = '' } = {}): Note {
  return { risk, object, field, message, fix };
}

const RANK: Readonly<Record<Risk, number>> = { refused: 0, risky: 1, safe: 2 };

/** The riskiest first, else in the order given. */
export function byRisk<T extends { readonly risk: Risk }>(notes: readonly T[]): T[] {
  return [...notes].sort((a, b) => RANK[a.risk] - RANK[b.risk]);
}

export function worst(risks: readonly Risk[]): Risk {
  return risks.reduce((a, b) => (RANK[b] < RANK[a] ? b : a), 'safe');
}

import type { IConstruct } from 'constructs';
import { ConstructError } from '../platform';

/** Throws for a prop of one construct: rule, prop as written, value got, what is allowed. */
export type Refuse = (code: string, prop: string, got: unknown, expected: string, remedy?: readonly string[]) => never;

export function refuser(scope: IConstruct): Refuse {
  return (code, prop, got, expected, remedy) => {
    throw new ConstructError(code, scope, prop, got, expected, remedy);
  };
}

/** Words that TypeScript would have checked, for callers in plain JavaScript. */
export function oneOf(refuse: Refuse, prop: string, value: string | undefined, allowed: string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  refuse('ValueUnknown', prop, value, `one of ${allowed.map((a) => `'${a}'`).join(', ')}`);
}

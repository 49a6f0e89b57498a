import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * What was wrong with a prop, in one sentence: the construct, the prop as written, the value got, what is allowed. Where only
 * commands mend it, they follow.
 *
 * Thrown while constructing, before anything is written. `code` is stable; the text may improve.
 */
export class ConstructError extends Error {
  public override readonly name = 'ConstructError';

  /**
   * @param code stable identifier of the rule, e.g. `MembersNotPositive`
   * @param scope the construct whose prop is wrong
   * @param prop the prop as the user wrote it, e.g. `patroni.ttl`
   * @param got the value found there
   * @param expected what is allowed, and the likely fix; continues "… but must be"
   * @param remedy commands that mend it, a line each, below the sentence
   */
  constructor(
    public readonly code: string,
    scope: IConstruct,
    public readonly prop: string,
    public readonly got: unknown,
    expected: string,
    public readonly remedy: readonly string[] = [],
  ) {
    const sentence = `${scope.node.path || '(root)'}: ${prop} is ${show(got)}, but must be ${expected} [${code}]`;
    super([sentence, ...remedy.map((line) => `  ${line}`)].join('\n'));
  }
}

/** A value as a user would recognise it: never `[object Object]`. */
function show(value: unknown): string {
  if (value === undefined) return 'missing';
  if (isDuration(value)) return value.toHumanString();
  if (isSize(value)) return `${value.toMebibytes({ rounding: SizeRoundingBehavior.NONE })} MiB`;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return `of type ${(value as object).constructor?.name ?? 'object'}`; // it contains itself
  }
}

function isDuration(value: unknown): value is Duration {
  return typeof (value as Duration | undefined)?.toHumanString === 'function';
}

function isSize(value: unknown): value is Size {
  return typeof (value as Size | undefined)?.toMebibytes === 'function';
}

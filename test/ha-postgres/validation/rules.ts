/**
 * What is given: changes to the minimal props, or a function that makes them; or `before` what is there already, `props`, the chart's
 * `namespace`, and `next` what is done with the instance; or `existing` for `fromEndpoints`.
 */
// biome-ignore lint/suspicious/noExplicitAny: what the types forbid is what is tested
export type Given = any;

/** Rule (its number in reference 6.6, or what it is about), code, what is given, and how the message begins; ` … ` stands for any words. */
export type Refusal = [rule: string, code: string, given: Given, message: string];

/** Rule, code, what is given, and words of the message. */
export type Warning = [rule: string, code: string, given: Given, ...words: string[]];

/** The rows of one part of `lib/ha-postgres/validation`, or of what else throws. */
export interface Rules {
  readonly refused: Refusal[];
  /** What would break in the cluster; any refusal that says so will do. */
  readonly refusedSomehow?: [rule: string, given: Given][];
  readonly warned?: Warning[];
  /** Just inside of what is allowed, and nothing to warn about. */
  readonly accepted?: [rule: string, given: Given][];
}

/** `error`: the API server refuses it, or data is at risk. `warning`: it works, and a reviewer should know. */
export type Severity = 'error' | 'warning';

/** Where a manifest comes from; each part where it is known. */
export interface Origin {
  /** Path of the file, as the user would write it. */
  readonly file?: string;
  /** Line of the file at which the object begins, from 1. */
  readonly line?: number;
  /** Path of the construct that made it. */
  readonly construct?: string;
}

/** One thing that is wrong with one object. */
export interface Finding {
  /** The rule's identifier, e.g. `SEC-1`. */
  readonly rule: string;
  readonly severity: Severity;
  /** The object, e.g. `StatefulSet shop/orders`. */
  readonly object: string;
  /** The field, e.g. `spec.template.spec.containers[0].image`; empty for the object as a whole. */
  readonly field: string;
  /** What was found, with the value got. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  readonly origin: Origin;
}

import type { Severity } from './finding';
import type { Manifest, Manifests } from './manifests/manifests';
import type { Settings } from './settings';

/**
 * When a rule runs. `synth`: by the construct itself, over the objects it made. `check`: over a whole tree. `review`: over
 * two trees, since it compares.
 */
export type Phase = 'synth' | 'check' | 'review';

/** What a rule says about an object; the rest of a finding is the rule's own. */
export interface Found {
  readonly manifest: Manifest;
  /** The field's path; empty for the object as a whole. */
  readonly field: string;
  readonly message: string;
  readonly fix: string;
  /** Where it is not the rule's. */
  readonly severity?: Severity;
}

interface Described {
  /** E.g. `SEC-1`. */
  readonly id: string;
  readonly severity: Severity;
  /** What must hold, in one line. */
  readonly title: string;
  readonly runs: readonly Phase[];
  /** Where the rule comes from: a page of Kubernetes' documentation, a benchmark, an issue. */
  readonly source: string;
}

/** Something that must hold in one tree of manifests. */
export interface Rule extends Described {
  find(manifests: Manifests, settings: Settings): Iterable<Found>;
}

/** Something that must hold between what was applied and what will be. */
export interface ChangeRule extends Described {
  compare(before: Manifests, after: Manifests, settings: Settings): Iterable<Found>;
}

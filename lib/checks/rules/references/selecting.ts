import type { Rule } from '../../rule';
import { openPods } from './isolation';
import { emptySelections } from './selections';

/** REF-4: selectors find something. Not at synth: what a construct's objects select may be in another chart of the app. */
export const selectorsFind: Rule = {
  id: 'REF-4',
  severity: 'warning',
  title: 'what selects pods or Services selects some, and pods have policies for both directions',
  runs: ['check'],
  source:
    'kube-score pod-networkpolicy, networkpolicy-targets-pod, poddisruptionbudget-has-policy; kube-linter dangling-*, non-isolated-pod',
  *find(manifests) {
    yield* emptySelections(manifests);
    yield* openPods(manifests);
  },
};

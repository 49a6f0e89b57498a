import type { Rule } from '../../rule';
import { problemsOf } from '../../schema/problems';

const STRUCTURAL = 'https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/';

/** SCH-1: what no version takes. */
export const fieldsRight: Rule = {
  id: 'SCH-1',
  severity: 'error',
  title: 'every field exists, is of its type, and none that must be there is missing',
  runs: ['synth', 'check'],
  source: `OpenAPI definitions of Kubernetes; ${STRUCTURAL}`,
  find: (manifests, settings) => problemsOf(manifests, settings).filter(({ rule }) => rule === 'SCH-1'),
};

/** SCH-2: what some version does not have. */
export const versionsHave: Rule = {
  id: 'SCH-2',
  severity: 'error',
  title: 'every kind and field is in each version of Kubernetes from the oldest to the newest',
  runs: ['synth', 'check'],
  source: 'OpenAPI definitions of Kubernetes; https://kubernetes.io/docs/reference/using-api/deprecation-guide/',
  find: (manifests, settings) => problemsOf(manifests, settings).filter(({ rule }) => rule === 'SCH-2'),
};

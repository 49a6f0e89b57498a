import type { Rule } from '../../rule';
import { rolesFound } from './roles';
import { tokensFound } from './tokens';

/** SEC-4: what gets into a pod has the rights of its service account. */
export const leastRights: Rule = {
  id: 'SEC-4',
  severity: 'warning',
  title: 'a pod has the token of a service account only where it needs it, and a role has no rights that give all others',
  runs: ['synth', 'check'],
  source: 'CIS Kubernetes Benchmark 5.1, https://kubernetes.io/docs/concepts/security/rbac-good-practices/',
  *find(manifests) {
    yield* tokensFound(manifests);
    yield* rolesFound(manifests);
  },
};

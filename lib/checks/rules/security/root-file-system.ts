import { at } from '../../manifests/look';
import type { Rule } from '../../rule';
import { everyContainer, isWindows, titleOf } from './containers';

/**
 * SEC-2: what breaks in changes no program.
 *
 * Whether each `emptyDir` has a size is said by RES-1.
 */
export const readOnlyRoot: Rule = {
  id: 'SEC-2',
  severity: 'warning',
  title: 'the root file system of a container is read-only',
  runs: ['synth', 'check'],
  source: 'NSA/CISA Kubernetes Hardening Guide, kube-linter no-read-only-root-fs, Checkov CKV_K8S_22',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      if (isWindows(manifest.pod)) continue;
      for (const container of everyContainer(manifest.pod)) {
        if (at(container.spec, 'securityContext', 'readOnlyRootFilesystem') === true) continue;
        yield {
          manifest,
          field: `${container.path}.securityContext.readOnlyRootFilesystem`,
          message: `${titleOf(container)} may change its own programs`,
          fix: 'set readOnlyRootFilesystem: true, and mount an emptyDir with a sizeLimit wherever it writes',
        };
      }
    }
  },
};

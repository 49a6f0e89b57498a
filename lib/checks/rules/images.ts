import { text } from '../look';
import type { Rule } from '../rule';

/** SEC-6: an image is one program, and not whatever its tag means today. */
export const imagePinned: Rule = {
  id: 'SEC-6',
  severity: 'warning',
  title: 'an image has a tag that is not latest, and a digest',
  runs: ['synth', 'check'],
  source: 'kube-linter latest-tag, Checkov CKV_K8S_14 and CKV_K8S_43',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      for (const container of manifest.pod.containers) {
        const image = text(container.spec, 'image');
        if (image === undefined || image.includes('@')) continue;
        const field = `${container.path}.image`;
        const tag = /:([^/:]+)$/.exec(image)?.[1];
        if (tag === undefined || tag === 'latest') {
          const message = `${image} is whatever the registry has today`;
          yield { manifest, field, message, fix: 'name a version, and its digest: image:1.2.3@sha256:…', severity: 'error' };
        } else {
          const message = `${image} has no digest, so a moved tag changes the program without a commit`;
          yield { manifest, field, message, fix: `append the digest: ${image}@sha256:…` };
        }
      }
    }
  },
};

import { fields, list, text } from '../../manifests/look';
import type { Rule } from '../../rule';
import { everyContainer, specPath } from '../security/containers';

/**
 * SEC-6: an image is one program, and not whatever its tag means today.
 *
 * Not judged: an image that something else fills in, a template (`${IMAGE}`) or Istio's injector (`auto`).
 */
export const imagePinned: Rule = {
  id: 'SEC-6',
  severity: 'warning',
  title: 'an image has a tag that is not latest, and a digest',
  runs: ['synth', 'check'],
  source: 'kube-linter latest-tag, Checkov CKV_K8S_14 and CKV_K8S_43',
  *find(manifests) {
    for (const manifest of manifests.withPods) {
      const { pod } = manifest;
      const volumes = list(pod.spec, 'volumes').map((volume, index) => ({
        field: `${specPath(pod)}.volumes[${index}].image.reference`,
        image: text(fields([volume], 0), 'image', 'reference'),
      }));
      const own = everyContainer(pod).map(({ spec, path }) => ({ field: `${path}.image`, image: text(spec, 'image') }));
      for (const { field, image } of [...own, ...volumes]) {
        const fault = image === undefined ? undefined : faultOf(image);
        if (fault) yield { manifest, field, ...fault };
      }
    }
  },
};

interface Fault {
  readonly message: string;
  readonly fix: string;
  readonly severity?: 'error';
}

const DIGEST = /@(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

function faultOf(image: string): Fault | undefined {
  if (image === '' || image === 'auto' || /\$|\{\{|</.test(image) || DIGEST.test(image)) return undefined;
  if (image.includes('@')) {
    const message = `${image} ends in no digest: no node can pull it`;
    return { message, fix: 'write @sha256: and its 64 hexadecimal digits, in lower case', severity: 'error' };
  }
  const tag = /:([^/:]+)$/.exec(image)?.[1]; // what follows a colon before a slash is the registry's port
  if (tag === undefined || tag === 'latest') {
    const message = `${image} is whatever the registry has today`;
    return { message, fix: 'name a version, and its digest: image:1.2.3@sha256:…', severity: 'error' };
  }
  return {
    message: `${image} has no digest, so a moved tag changes the program without a commit`,
    fix: `append the digest: ${image}@sha256:…`,
  };
}

import type { IConstruct } from 'constructs';
import { refuser } from '../../internal/refuse';
import { Image } from '../../platform';

/** What any image has to be. */
export function imageReference(scope: IConstruct, prop: string, image: Image): void {
  const refuse = refuser(scope);
  if (!Image.isImage(image)) refuse('ImageInvalid', prop, image, "an Image, as Image.of('repository', { tag, digest })");
  const { repository, tag, digest } = image;
  if (!repository || /[\s@]|:[^/]*$/.test(repository))
    refuse('ImageInvalid', `${prop}.repository`, repository, 'a repository without tag and digest, which are options of their own');
  if (tag === 'latest') refuse('ImageLatest', `${prop}.tag`, tag, 'a tag that names a version: latest changes under a running database');
  if (!tag && !digest) refuse('ImageUnversioned', prop, image.toString(), 'given a tag, a digest, or both');
  if (tag && !/^\w[\w.-]{0,127}$/.test(tag))
    refuse('TagInvalid', `${prop}.tag`, tag, "at most 128 letters, digits and _ . -, as 'pg17.10'");
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest))
    refuse('DigestInvalid', `${prop}.digest`, digest, "'sha256:' and 64 hexadecimal digits, as the registry reports it");
}

/**
 * The hash at the end of a name, such as `migrate-5f3a9c`; none where it ends in a word or a number of a few digits.
 *
 * At least six characters: hexadecimal, or in the alphabet that Kubernetes and kustomize encode hashes with, which has no vowels,
 * so that it makes no words. Hexadecimal does (`facade`): below eight characters it needs a digit.
 * https://github.com/kubernetes/apimachinery/blob/master/pkg/util/rand/rand.go
 */
export function hashSuffix(name: string): string | undefined {
  const last = /[-.]([a-z0-9]{6,})$/.exec(name)?.[1];
  if (last === undefined) return undefined;
  const hexadecimal = /^[0-9a-f]+$/.test(last) && (last.length >= 8 || /\d/.test(last));
  const encoded = /^[bcdfghjklmnpqrstvwxz2456789]+$/.test(last) && /\d/.test(last) && /[a-z]/.test(last);
  return hexadecimal || encoded ? last : undefined;
}

/**
 * Whether a name ends as cdk8s ends those that it makes itself: `c8` and six digits of a hash of the construct's path. It changes
 * when the construct moves, and not when the object does.
 */
export function isNamedByPath(name: string): boolean {
  return /-c8[0-9a-f]{6}$/.test(name);
}

import { Existing } from '../../manifests/existing';
import { EXTERNAL, External } from '../../manifests/external';
import type { Manifest } from '../../manifests/manifests';
import { references } from '../../manifests/object-references';
import type { Reference } from '../../manifests/references';
import type { Found, Rule } from '../../rule';

/**
 * REF-1: what an object names is there, with the keys that it asks for.
 *
 * Not at synth: a construct knows only its own objects, and a Secret of another chart of the app is no mistake.
 */
export const namedObjectsExist: Rule = {
  id: 'REF-1',
  severity: 'error',
  title: 'what an object names is among the manifests, or declared external',
  runs: ['check'],
  source: 'kube-linter non-existent-service-account and dangling-ingress, kosko no-missing-*',
  *find(manifests, settings) {
    const existing = Existing.of(manifests);
    const external = new External(manifests, settings);
    for (const manifest of manifests) {
      const said = new Set<string>();
      for (const reference of references(manifest)) {
        if (reference.optional || isPlaceholder(reference.name)) continue;
        const found = existing.has(reference, manifest)
          ? keysMissing(reference, manifest, existing)
          : missing(reference, manifest, existing);
        if (!found || said.has(found.message) || external.has(reference, manifest)) continue; // once an object, however often it names it
        said.add(found.message);
        yield found;
      }
    }
  },
};

/** What Flux or envsubst has yet to fill in. */
function isPlaceholder(name: string): boolean {
  return name.includes('$') || name.includes('{{');
}

function missing(reference: Reference, manifest: Manifest, existing: Existing): Found {
  const { kind, name, namespace, field } = reference;
  const elsewhere = existing.elsewhere(reference);
  const hint = elsewhere.length > 0 ? `, only in ${elsewhere.slice(0, 3).join(' and ')}` : '';
  return {
    manifest,
    field,
    message: `${kind} ${namespace && `${namespace}/`}${name} is neither among the manifests nor declared external${hint}`,
    fix: `add it, or declare on this object that it is there: ${EXTERNAL}: "${kind}/${name}"`,
    ...(isHarmless(reference, manifest, existing) && { severity: 'warning' as const }),
  };
}

/**
 * A pod starts without the Secret for its registry, if the image can be had without, and a binding to nobody gives nobody rights. And
 * a namespace with nothing in it is someone else's, of which these manifests cannot know.
 */
function isHarmless({ field, namespace }: Reference, manifest: Manifest, existing: Existing): boolean {
  return (
    field.includes('imagePullSecrets') ||
    field.startsWith('subjects') ||
    (namespace !== '' && namespace !== manifest.namespace && !existing.knows(namespace))
  );
}

function keysMissing(reference: Reference, manifest: Manifest, existing: Existing): Found | undefined {
  const keys = existing.missingKeys(reference, manifest);
  if (keys.length === 0) return undefined;
  const { kind, name, namespace, field } = reference;
  return {
    manifest,
    field,
    message: `${kind} ${namespace && `${namespace}/`}${name} has no key ${keys.join(', ')}`,
    fix: `add the key, or name one that it has`,
  };
}

import { isFields } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import type { Found } from '../rule';
import type { Settings } from '../settings';
import { type CustomKind, customKind } from './crds';
import { kindOf } from './kinds';
import { type Problem, walk } from './walk';

type Placed = Found & Pick<Problem, 'rule'>;

const found = new WeakMap<Manifests, { readonly settings: Settings; readonly problems: readonly Placed[] }>();

/** What the schemas say of all objects. Three rules ask for it, and each object is walked once. */
export function problemsOf(manifests: Manifests, settings: Settings): readonly Placed[] {
  const known = found.get(manifests);
  if (known?.settings === settings) return known.problems;
  const given = customKinds([...settings.crds, ...manifests.ofKind('CustomResourceDefinition').map(({ object }) => object)]);
  const problems = manifests.all.flatMap((manifest) => check(manifest, given, settings).map((problem) => ({ ...problem, manifest })));
  found.set(manifests, { settings, problems });
  return problems;
}

/** By `group/Kind`; of two for one kind the later counts, and those among the manifests come later. */
function customKinds(objects: readonly unknown[]): ReadonlyMap<string, CustomKind> {
  const kinds = objects.map(customKind).filter((kind) => kind !== undefined);
  return new Map(kinds.map((kind) => [`${kind.group}/${kind.kind}`, kind]));
}

function check(manifest: Manifest, given: ReadonlyMap<string, CustomKind>, settings: Settings): Problem[] {
  const { shape, from, range, problem } = kindOf(manifest, given, settings);
  const secret = manifest.kind === 'Secret';
  const object = isFields(manifest.object.sops) ? withoutSops(manifest) : manifest.object;
  return [...(problem ? [problem] : []), ...(shape ? walk(object, shape, { range, secret, from, settings }) : [])];
}

/** What SOPS leaves beside the values that it encrypts goes before the object is applied. */
function withoutSops({ object }: Manifest): Manifest['object'] {
  const { sops, ...rest } = object;
  return rest;
}

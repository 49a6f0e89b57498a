import type { Comparison } from '../compare/pairs';
import { makesPods, referencesOf } from '../compare/workload';
import { list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { type Note, note } from './note';

/** Secrets that an object names and did not before, or no longer does; with the keys, where it names any. */
export function secretNotes({ after, added, changed, removed, renamed }: Comparison): Note[] {
  const was = new Map(renamed.map((pair) => [pair.after, pair.before]));
  const is = new Set(renamed.map(({ before }) => before));
  const pairs: { before?: Manifest; after?: Manifest }[] = [
    ...changed,
    ...added.map((manifest) => ({ before: was.get(manifest), after: manifest })),
    ...removed.filter((manifest) => !is.has(manifest)).map((manifest) => ({ before: manifest })),
  ];
  const made = madeHere(after);
  return pairs.flatMap((pair) => {
    const { title } = (pair.after ?? pair.before) as Manifest;
    const [old, next] = [secretsOf(pair.before), secretsOf(pair.after)];
    const gained = [...next].filter(([id]) => !old.has(id)).map(([, secret]) => secret);
    const lost = [...old].filter(([id]) => !next.has(id)).map(([, secret]) => secret);
    const absent = gained.filter(({ id, optional }) => !optional && !made.has(id)).map(({ name }) => name);
    const missing = absent.length > 0 ? `; not among these manifests: ${listed([...new Set(absent)])}` : '';
    return [
      ...(gained.length > 0 ? [note('safe', title, `reads ${words(gained)}${missing}`)] : []),
      ...(lost.length > 0 && pair.after ? [note('safe', title, `no longer reads ${words(lost)}`)] : []),
    ];
  });
}

interface SecretUse {
  /** Namespace and name. */
  readonly id: string;
  readonly name: string;
  /** Empty for all. */
  readonly key: string;
  readonly optional: boolean;
}

function secretsOf(manifest: Manifest | undefined): Map<string, SecretUse> {
  const found = new Map<string, SecretUse>();
  if (!manifest) return found;
  const add = (namespace: string, name: string, keys: readonly string[] = [], optional = false) => {
    const id = `${namespace}/${name}`;
    for (const key of keys.length > 0 ? keys : ['']) found.set(`${id} ${key}`, { id, name, key, optional });
  };
  if (makesPods(manifest)) {
    for (const { kind, namespace, name, keys, optional } of referencesOf(manifest))
      if (kind === 'Secret') add(namespace, name, keys, optional);
  }
  const { namespace, object, kind } = manifest;
  if (kind === 'Ingress') for (const entry of list(object, 'spec', 'tls')) add(namespace, text(entry, 'secretName') ?? '');
  if (kind === 'ServiceAccount') for (const entry of list(object, 'imagePullSecrets')) add(namespace, text(entry, 'name') ?? '');
  for (const [id, { name }] of found) if (!name) found.delete(id);
  return found;
}

/** Secrets of the manifests, and those that other objects among them make. */
function madeHere(all: Manifests): Set<string> {
  const name = ({ kind, object, name: own }: Manifest) => {
    if (kind === 'ExternalSecret') return text(object, 'spec', 'target', 'name') ?? own;
    return kind === 'Certificate' ? (text(object, 'spec', 'secretName') ?? own) : own;
  };
  return new Set(
    all.ofKind('Secret', 'SealedSecret', 'ExternalSecret', 'Certificate').map((manifest) => `${manifest.namespace}/${name(manifest)}`),
  );
}

function words(uses: readonly SecretUse[]): string {
  const names = new Map<string, string[]>();
  for (const { name, key } of uses) names.set(name, [...(names.get(name) ?? []), ...(key ? [key] : [])]);
  return listed([...names].map(([name, keys]) => (keys.length > 0 ? `${listed(keys.sort())} of Secret ${name}` : `Secret ${name}`)));
}

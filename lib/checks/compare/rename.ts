import { fields, isFields } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import type { Pair } from './pairs';
import { without } from './without';

/** Two objects are taken for one with another name where this much of what either says is in both. */
const ALIKE = 0.6;
/** An object that says less than this is like any other of its kind: a ServiceAccount, for example. */
const ENOUGH = 5;
/** So many comparisons for each kind; a tree in which more objects come and go at once is another system. */
const COMPARISONS = 2_500;

/** Of the objects that went and those that came the pairs that are most likely the same with another name, best first. */
export function renamed(removed: readonly Manifest[], added: readonly Manifest[]): Pair[] {
  const arrivals = groups(added);
  return [...groups(removed)].flatMap(([kind, gone]) => pairs(gone, arrivals.get(kind) ?? []));
}

function groups(manifests: readonly Manifest[]): Map<string, Manifest[]> {
  const found = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const kind = `${manifest.group}/${manifest.kind}`;
    const same = found.get(kind);
    if (same) same.push(manifest);
    else found.set(kind, [manifest]);
  }
  return found;
}

function pairs(gone: readonly Manifest[], come: readonly Manifest[]): Pair[] {
  if (come.length === 0) return [];
  const saying = new Map([...gone, ...come].map((manifest) => [manifest, statements(manifest)]));
  const equal = sameContent(gone, come, saying);
  const taken = new Set(equal.flatMap(({ before, after }) => [before, after]));
  const [left, others] = [gone, come].map((manifests) => manifests.filter((manifest) => !taken.has(manifest)));
  return [...equal, ...mostAlike(left ?? [], others ?? [], saying)];
}

type Saying = ReadonlyMap<Manifest, Statements>;

/** Those that say the same but for their name: found without comparing each with each. */
function sameContent(gone: readonly Manifest[], come: readonly Manifest[], saying: Saying): Pair[] {
  const content = (manifest: Manifest) => {
    const said = saying.get(manifest) as Statements;
    return said.size < ENOUGH ? undefined : [...said.values()].join('\n');
  };
  const arrivals = new Map<string, Manifest>();
  for (const after of come) {
    const said = content(after);
    if (said !== undefined && !arrivals.has(said)) arrivals.set(said, after);
  }
  return gone.flatMap((before) => {
    const said = content(before);
    const after = said === undefined ? undefined : arrivals.get(said);
    if (said === undefined || after === undefined) return [];
    arrivals.delete(said);
    return [{ before, after }];
  });
}

function mostAlike(gone: readonly Manifest[], come: readonly Manifest[], saying: Saying): Pair[] {
  if (gone.length * come.length > COMPARISONS) return [];
  const rated = gone.flatMap((before) =>
    come.map((after) => {
      const [a, b] = [saying.get(before) as Statements, saying.get(after) as Statements];
      return { before, after, alike: sameStem(before, after) ? 1 : likeness(a, b) };
    }),
  );
  const taken = new Set<Manifest>();
  return rated
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .filter(({ before, after }) => {
      if (taken.has(before) || taken.has(after)) return false;
      taken.add(before).add(after);
      return true;
    })
    .map(({ before, after }) => ({ before, after }));
}

/** `settings-5f7c8d9b` and `settings-8d9b5f7c`: a name that ends in a hash of the content. */
function sameStem(before: Manifest, after: Manifest): boolean {
  const stem = (name: string) => /^(.+)-(?=[a-z0-9]*\d)[a-z0-9]{6,10}$/.exec(name)?.[1];
  return before.namespace === after.namespace && stem(before.name) !== undefined && stem(before.name) === stem(after.name);
}

/** Every value with its path; and the same with `*` for the object's own name, which labels and names below it repeat or do not. */
type Statements = ReadonlyMap<string, string>;

function likeness(a: Statements, b: Statements): number {
  const [fewer, more] = [Math.min(a.size, b.size), Math.max(a.size, b.size)];
  if (fewer < ENOUGH || fewer < ALIKE * more) return 0;
  const nameless = new Set(b.values());
  let common = 0;
  for (const [statement, without] of a) if (b.has(statement) || nameless.has(without)) common += 1;
  return common / (a.size + b.size - common);
}

function statements({ object, name }: Manifest): Statements {
  const found = new Map<string, string>();
  const say = (value: unknown, path: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) say(item, `${path}[]`);
    } else if (isFields(value)) {
      for (const [key, inner] of Object.entries(value)) say(inner, `${path}.${key}`);
    } else {
      const said = String(value);
      found.set(`${path}=${said}`, `${path}=${name ? said.replaceAll(name, '*') : said}`);
    }
  };
  const metadata = without(fields(object, 'metadata'), ['name', 'namespace']);
  say({ ...without(object, ['apiVersion', 'kind', 'status']), metadata }, '');
  return found;
}

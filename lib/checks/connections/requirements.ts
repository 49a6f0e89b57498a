import { type Fields, fields, list, text, texts } from '../manifests/look';

type Labels = Readonly<Record<string, string>>;

/** What one label must be. */
interface Requirement {
  readonly key: string;
  /** One of these values; undefined for any. */
  readonly among?: readonly string[];
  /** None of these values. */
  readonly not: readonly string[];
  readonly presence: 'must' | 'must not' | 'may';
}

const ANY: Omit<Requirement, 'key'> = { not: [], presence: 'may' };

/**
 * A label selector with one requirement a label, so that two selectors can be compared. It takes the same labels as
 * `selects` does.
 */
export class Requirements {
  public static readonly NONE = new Requirements([], true);

  public static of(selector: Fields): Requirements {
    const labels = Object.entries(texts(selector, 'matchLabels')).map(([key, value]) => among(key, [value]));
    const expressions = list(selector, 'matchExpressions').map((entry) => expression(fields(entry)));
    const parts = [...labels, ...expressions];
    const byKey = new Map<string, Requirement>();
    for (const part of parts) if (part) byKey.set(part.key, both(byKey.get(part.key) ?? { key: part.key, ...ANY }, part));
    const kept = [...byKey.values()].filter(({ not, presence }) => presence !== 'may' || not.length > 0);
    return new Requirements(
      kept.sort((a, b) => (a.key < b.key ? -1 : 1)),
      !parts.includes(undefined) && kept.every((r) => r.among?.length !== 0),
    );
  }

  /** Two selectors with the same key take the same labels. */
  public readonly key: string;

  private constructor(
    private readonly all: readonly Requirement[],
    /** Whether there are labels that it takes. */
    public readonly possible: boolean,
  ) {
    this.key = possible ? JSON.stringify(all.map(({ key, among, not, presence }) => [key, among ?? null, not, presence])) : 'none';
  }

  /** Whether it takes everything. */
  public get isEmpty(): boolean {
    return this.possible && this.all.length === 0;
  }

  /** Whether it asks for a label to be there, and not only for others to be absent or different. */
  public get isPositive(): boolean {
    return this.all.some(({ presence }) => presence === 'must');
  }

  public matches(labels: Labels): boolean {
    if (!this.possible) return false;
    for (const { key, among, not, presence } of this.all) {
      if (!Object.hasOwn(labels, key)) {
        if (presence === 'must') return false;
        continue;
      }
      const value = labels[key] as string;
      if (presence === 'must not' || (among && !among.includes(value)) || not.includes(value)) return false;
    }
    return true;
  }

  /** Whether every set of labels that it takes is taken by the other one, too. */
  public implies(other: Requirements): boolean {
    if (!this.possible) return true;
    return (
      other.possible &&
      other.all.every((wanted) =>
        satisfied(
          wanted,
          this.all.find(({ key }) => key === wanted.key),
        ),
      )
    );
  }

  /** The values that a label may have; undefined for any. */
  public valuesOf(label: string): readonly string[] | undefined {
    return this.all.find(({ key }) => key === label)?.among;
  }

  /** The labels that must have one certain value, as `label=value`. */
  public get pairs(): readonly string[] {
    return this.all.flatMap(({ key, among }) => (among?.length === 1 ? [`${key}=${among[0]}`] : []));
  }

  /** As a sentence says it, e.g. `app=web, tier not in (a, b)`. */
  public toString(): string {
    return this.possible ? this.all.map(requirementText).join(', ') : 'no labels';
  }
}

function among(key: string, values: readonly string[]): Requirement {
  return { key, among: values, not: [], presence: 'must' };
}

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors; undefined takes nothing. */
function expression(entry: Fields): Requirement | undefined {
  const key = text(entry, 'key') ?? '';
  const values = list(entry, 'values').filter((value) => typeof value === 'string');
  switch (text(entry, 'operator')) {
    case 'In':
      return among(key, values);
    case 'NotIn':
      return { key, ...ANY, not: values };
    case 'Exists':
      return { key, ...ANY, presence: 'must' };
    case 'DoesNotExist':
      return { key, ...ANY, presence: 'must not' };
    default:
      return undefined;
  }
}

function both(a: Requirement, b: Requirement): Requirement {
  const not = sorted([...a.not, ...b.not]);
  const presences = [a.presence, b.presence];
  if (presences.includes('must') && presences.includes('must not')) return among(a.key, []);
  if (presences.includes('must not')) return { key: a.key, not: [], presence: 'must not' };
  const values = a.among && b.among ? a.among.filter((value) => b.among?.includes(value)) : (a.among ?? b.among);
  if (values)
    return among(
      a.key,
      sorted(values).filter((value) => !not.includes(value)),
    );
  return { key: a.key, not, presence: presences.includes('must') ? 'must' : 'may' };
}

function satisfied(wanted: Requirement, given: Requirement | undefined): boolean {
  const { among: values, not, presence } = given ?? ANY;
  if (wanted.presence !== 'may' && wanted.presence !== presence) return false;
  if (wanted.among && !values?.every((value) => wanted.among?.includes(value))) return false;
  if (presence === 'must not') return true;
  return wanted.not.every((value) => (values ? !values.includes(value) : not.includes(value)));
}

function requirementText({ key, among, not, presence }: Requirement): string {
  if (presence === 'must not') return `without ${key}`;
  if (among) return among.length === 1 ? `${key}=${among[0]}` : `${key} in (${among.join(', ')})`;
  return [...(presence === 'must' ? [`with ${key}`] : []), ...(not.length > 0 ? [`${key} not in (${not.join(', ')})`] : [])].join(', ');
}

function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

import { type Difference, differences } from '../compare/differences';
import { type Comparison, type Pair, written } from '../compare/pairs';
import { bothTexts, valueText } from '../compare/words';
import type { Manifest } from '../manifests/manifests';
import { lineDiff } from './lines';

/** One field of an object that changed. */
export interface FieldChange {
  /** Items of lists by what names them: `spec.template.spec.containers[patroni].image`. */
  readonly path: string;
  /** As a line shows it, shortened; undefined where it was absent. What Secrets hold is not shown. */
  readonly before?: string;
  /** Undefined where it is absent now. */
  readonly after?: string;
  /** Instead, for texts of many lines: those that differ, with `-`, `+` or a blank before them. */
  readonly lines?: readonly string[];
}

export interface ObjectChange {
  readonly change: 'added' | 'removed' | 'renamed' | 'changed';
  /** Its title, e.g. `StatefulSet shop/orders`. */
  readonly object: string;
  /** A removed object that is protected from pruning: it is gone from Git, and stays in the cluster. */
  readonly stays?: true;
  /** The title that a renamed object had. */
  readonly was?: string;
  readonly fields: readonly FieldChange[];
  /** How many more fields changed. */
  readonly more: number;
}

/** So many fields of one object are enough to see what the change is about. */
const FIELDS = 25;

/**
 * Every object that comes, goes or changes: in the order of the new tree, then what is gone.
 *
 * @param cluster the same with what is protected from pruning
 */
export function objectChanges({ added, removed, renamed, changed }: Comparison, cluster: Comparison): ObjectChange[] {
  const was = new Map(renamed.map(({ before, after }) => [after, before]));
  const gone = new Set(renamed.map(({ before }) => before));
  const leaving = new Set(cluster.removed);
  return [
    ...changed.map((pair) => ({ change: 'changed', object: pair.after.title, ...changes(pair) }) as const),
    ...renamed.map((pair) => ({ change: 'renamed', object: pair.after.title, was: pair.before.title, ...changes(pair) }) as const),
    ...added.filter((manifest) => !was.has(manifest)).map((manifest) => whole('added', manifest)),
    ...removed
      .filter((manifest) => !gone.has(manifest))
      .map((manifest) => ({ ...whole('removed', manifest), ...(leaving.has(manifest) ? {} : { stays: true as const }) })),
  ];
}

function whole(change: 'added' | 'removed', { title }: Manifest): ObjectChange {
  return { change, object: title, fields: [], more: 0 };
}

function changes({ before, after }: Pair): Pick<ObjectChange, 'fields' | 'more'> {
  const all = differences(written(before.object), written(after.object)).filter(({ path }) => !NAMES.includes(path));
  const shown = all
    .slice(0, FIELDS)
    .map((difference) => (hidden(after.kind, difference.path) ? unseen(difference) : fieldChange(difference)));
  return { fields: shown, more: all.length - shown.length };
}

const NAMES = ['metadata.name', 'metadata.namespace'];

function fieldChange({ path, before, after }: Difference): FieldChange {
  if (typeof before === 'string' && typeof after === 'string' && `${before}${after}`.includes('\n')) {
    return { path, lines: lineDiff(before, after) };
  }
  if (before === undefined) return { path, after: valueText(after) };
  if (after === undefined) return { path, before: valueText(before) };
  const [old, next] = bothTexts(before, after);
  return { path, before: old, after: next };
}

/** What must not be repeated in a comment, or what nobody can read. */
function hidden(kind: string, path: string): boolean {
  if (kind === 'Secret') return /^(data|stringData)\b/.test(path);
  return kind === 'SealedSecret' && path.startsWith('spec.encryptedData');
}

function unseen({ path, before, after }: Difference): FieldChange {
  const text = (value: unknown) => (value === undefined ? undefined : '(not shown)');
  return { path, before: text(before), after: text(after) };
}

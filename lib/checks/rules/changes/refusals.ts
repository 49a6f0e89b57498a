import { type Difference, differences } from '../../compare/differences';
import type { Pair } from '../../compare/pairs';
import { same } from '../../compare/same';
import { bothTexts, cut } from '../../compare/words';
import { at, fields, isFields } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Found } from '../../rule';
import type { KubernetesVersion } from '../../settings';
import { IMMUTABLE, type Immutable } from './immutable';

const rows = new Map<string, Immutable[]>();
for (const row of IMMUTABLE) for (const kind of row.kinds) rows.set(kind, [...(rows.get(kind) ?? []), row]);

/** Fields of the table that differ, and may not. */
export function refusals(pair: Pair, floor: KubernetesVersion): Found[] {
  const { group, kind } = pair.after;
  return (rows.get(group ? `${group}/${kind}` : kind) ?? []).flatMap((row) => {
    if (row.mutableSince && minor(floor) >= minor(row.mutableSince)) return [];
    return fieldsOf(row, pair)
      .filter((field) => !same(valueAt(row, pair.before, field), valueAt(row, pair.after, field)) && !row.unless?.(pair, field))
      .map((field) => refusal(row, pair, field));
  });
}

function minor(version: string): number {
  return Number(version.split('.')[1]);
}

function fieldsOf({ field, except = [] }: Immutable, { before, after }: Pair): string[] {
  if (!field.endsWith('.*')) return [field];
  const path = field.slice(0, -2);
  const names = [before, after].flatMap(({ object }) => Object.keys(fields(object, ...path.split('.'))));
  return [...new Set(names)].filter((name) => !except.includes(name)).map((name) => `${path}.${name}`);
}

function valueAt({ defaults }: Immutable, { object }: Manifest, field: string): unknown {
  const path = field.split('.');
  return at(object, ...path) ?? at(defaults, path.at(-1) ?? '');
}

function refusal(row: Immutable, pair: Pair, field: string): Found {
  const [before, after] = [valueAt(row, pair.before, field), valueAt(row, pair.after, field)];
  const since = row.mutableSince ? ` before Kubernetes ${row.mutableSince}` : '';
  const message = `${field} changes${inWords(before, after, pair.after.kind)}, which the API server refuses${since}`;
  const found = { manifest: pair.after, field, message, fix: row.remedy(pair, field) };
  // A finished Job is deleted after that time, and then there is nothing to refuse.
  const gone = pair.after.kind === 'Job' && at(pair.before.object, 'spec', 'ttlSecondsAfterFinished') !== undefined;
  return gone ? { ...found, message: `${message} while the old Job is still there`, severity: 'warning' } : found;
}

function inWords(before: unknown, after: unknown, kind: string): string {
  const inside = isFields(before) || isFields(after) || Array.isArray(before) || Array.isArray(after);
  if (kind === 'Secret') return '';
  if (!inside) return fromTo({ path: '', before, after });
  const all = differences(before ?? {}, after ?? {});
  const [first] = all;
  if (!first) return '';
  return ` (${first.path}${fromTo(first)}${all.length > 1 ? `, and ${all.length - 1} more` : ''})`;
}

function fromTo({ before, after }: Difference): string {
  const [old, next] = bothTexts(before, after).map((text) => (text.length > 60 ? `${cut(text, 60)}…` : text || "''"));
  return ` from ${old} to ${next}`;
}

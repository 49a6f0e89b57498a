import { counted } from '../compare/words';
import { listed } from '../manifests/words';
import { bounded, type Entry, type FieldLines } from './entry';
import type { FieldChange, ObjectChange } from './objects';

/** A field that changes alike in so many objects, as a chart's version in the labels does, is told once. */
const ALIKE = 4;

/** Every object with its fields; first the changes that many have in common. */
export function objectEntries(objects: readonly ObjectChange[]): Entry[] {
  const owners = new Map<string, { field: FieldChange; titles: string[] }>();
  for (const { object, fields } of objects) {
    for (const field of fields) {
      const key = JSON.stringify(field);
      const known = owners.get(key) ?? { field, titles: [] };
      known.titles.push(object);
      owners.set(key, known);
    }
  }
  const common = [...owners].filter(([, { titles }]) => titles.length >= ALIKE);
  const told = new Set(common.map(([key]) => key));
  const alike = common.map(([, { field, titles }]): Entry => {
    const about = `changed alike in ${counted(titles.length, 'object')}: ${listed(titles, 5)}`;
    return bounded({ risk: 'safe', about, lines: [], changes: [lines(field)] });
  });
  const others = objects.flatMap((change) => {
    const fields = change.fields.filter((field) => !told.has(JSON.stringify(field)));
    return fields.length > 0 || change.fields.length === 0 || change.more > 0 ? [object({ ...change, fields })] : [];
  });
  return [...alike, ...others];
}

function object({ change, object: title, was, stays, fields, more }: ObjectChange): Entry {
  const rest = more > 0 ? [{ path: '', text: `and ${counted(more, 'more field')}` }] : [];
  const note = was ? `, was ${was}` : stays ? ', protected from pruning: it stays in the cluster' : '';
  return bounded({ risk: 'safe', about: `${change}: ${title}${note}`, lines: [], changes: [...fields.map(lines), ...rest] });
}

function lines({ path, before, after, lines: diff }: FieldChange): FieldLines {
  if (diff) return { path, text: '', diff };
  if (before === undefined) return { path, text: `added, ${after}` };
  return { path, text: after === undefined ? `removed, was ${before}` : `${before} → ${after}` };
}

import { at, isFields } from '../manifests/look';
import { same } from './same';

/** An item of either list, or of both; `label` is what a path says of it. */
export interface Match {
  readonly label: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly in: 'both' | 'before' | 'after';
}

export interface Matches {
  readonly items: readonly Match[];
  /** Keys in their old and new order, where the same items stand in another order. */
  readonly reordered?: readonly [string[], string[]];
}

/** What tells the items of a list apart, most telling first; the API server's list-map keys, and names. */
const KEYS: readonly (readonly (readonly string[])[])[] = [
  [['name']],
  [['metadata', 'name']],
  [['mountPath']],
  [['key']],
  [['host']],
  [['path'], ['pathType']],
  [['containerPort'], ['protocol']],
  [['port'], ['protocol']],
  [['kind'], ['namespace'], ['name']],
  [['topologyKey'], ['whenUnsatisfiable']],
  [['ip']],
  [['type']],
];
/** A volume is mounted under several paths, and its name comes first in `KEYS`. */
const MOUNTS = [[['mountPath']]];
/** Two lists whose lengths multiply to more are compared place by place. */
const CELLS = 250_000;

/** Finds for each item of a list what it was before, so that an insertion is one difference and not many. */
export function match(before: readonly unknown[], after: readonly unknown[], field = ''): Matches {
  const candidates = field === 'volumeMounts' ? MOUNTS : KEYS;
  for (const key of candidates) {
    const [old, next] = [byKey(before, key), byKey(after, key)];
    if (old && next) return keyed(old, next);
  }
  return { items: inOrder(before, after) };
}

function byKey(items: readonly unknown[], key: readonly (readonly string[])[]): Map<string, unknown> | undefined {
  const found = new Map<string, unknown>();
  for (const item of items) {
    const parts = key.map((path) => at(item, ...path));
    if (!isFields(item) || !['string', 'number'].includes(typeof parts[0])) return undefined;
    const label = parts.filter((part) => typeof part === 'string' || typeof part === 'number').join('/');
    if (found.has(label)) return undefined;
    found.set(label, item);
  }
  return found;
}

function keyed(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): Matches {
  const items: Match[] = [...after].map(([label, item]) =>
    before.has(label) ? { label, before: before.get(label), after: item, in: 'both' } : { label, after: item, in: 'after' },
  );
  for (const [label, item] of before) if (!after.has(label)) items.push({ label, before: item, in: 'before' });
  const order = [...before.keys()].filter((label) => after.has(label));
  const next = [...after.keys()].filter((label) => before.has(label));
  return order.every((label, index) => label === next[index]) ? { items } : { items, reordered: [order, next] };
}

/** Items without a name: what is the same stands for itself, and what lies between is compared place by place. */
function inOrder(before: readonly unknown[], after: readonly unknown[]): Match[] {
  const items: Match[] = [];
  let [i, j] = [0, 0];
  for (const [a, b] of [...anchors(before, after), [before.length, after.length] as const]) {
    for (; i < a && j < b; i++, j++) items.push({ label: String(j), before: before[i], after: after[j], in: 'both' });
    for (; j < b; j++) items.push({ label: String(j), after: after[j], in: 'after' });
    for (; i < a; i++) items.push({ label: String(i), before: before[i], in: 'before' });
    if (a < before.length) items.push({ label: String(b), before: before[a], after: after[b], in: 'both' });
    [i, j] = [a + 1, b + 1];
  }
  return items;
}

/** Places of the items that are the same in both, as many as there can be in order. */
export function anchors<T>(
  before: readonly T[],
  after: readonly T[],
  equal: (a: T, b: T) => boolean = same,
): (readonly [number, number])[] {
  let start = 0;
  while (start < before.length && start < after.length && equal(before[start] as T, after[start] as T)) start++;
  let [endA, endB] = [before.length, after.length];
  while (endA > start && endB > start && equal(before[endA - 1] as T, after[endB - 1] as T)) {
    endA--;
    endB--;
  }
  const head = Array.from({ length: start }, (_, index) => [index, index] as const);
  const tail = Array.from({ length: before.length - endA }, (_, index) => [endA + index, endB + index] as const);
  return [...head, ...longest(before, after, [start, endA], [start, endB], equal), ...tail];
}

/** The longest common subsequence of two ranges; none where that would take too long. */
function longest<T>(
  before: readonly T[],
  after: readonly T[],
  [fromA, toA]: readonly [number, number],
  [fromB, toB]: readonly [number, number],
  equal: (a: T, b: T) => boolean,
): (readonly [number, number])[] {
  const [rows, columns] = [toA - fromA, toB - fromB];
  if (rows === 0 || columns === 0 || rows * columns > CELLS) return [];
  const width = columns + 1;
  const best = new Uint32Array((rows + 1) * width);
  const value = (i: number, j: number) => best[i * width + j] as number;
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const common = equal(before[fromA + i] as T, after[fromB + j] as T);
      best[i * width + j] = common ? value(i + 1, j + 1) + 1 : Math.max(value(i + 1, j), value(i, j + 1));
    }
  }
  const found: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (equal(before[fromA + i] as T, after[fromB + j] as T)) found.push([fromA + i++, fromB + j++]);
    else if (value(i + 1, j) >= value(i, j + 1)) i++;
    else j++;
  }
  return found;
}

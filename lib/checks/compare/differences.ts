import { isFields } from '../manifests/look';
import { match } from './lists';
import { same } from './same';

/** One place in which two values differ. */
export interface Difference {
  /** From the top; items of a list by what names them: `spec.template.spec.containers[patroni].image`. */
  readonly path: string;
  /** Undefined where it was absent. */
  readonly before: unknown;
  /** Undefined where it is absent now. */
  readonly after: unknown;
  /** The list has the same items in another order: both are then their names. */
  readonly reordered?: boolean;
}

/** Every place in which two values differ to the API server, as deep as they differ and no deeper. */
export function differences(before: unknown, after: unknown): Difference[] {
  const found: Difference[] = [];
  visit(before, after, '', '', '', found);
  return found;
}

function visit(before: unknown, after: unknown, path: string, key: string, above: string, found: Difference[]): void {
  if (same(before, after, key, above)) return;
  if (isFields(before) && isFields(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const name of names) visit(own(before, name), own(after, name), below(path, name), name, key, found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    const { items, reordered } = match(before, after, key);
    for (const item of items) visit(item.before, item.after, `${path}[${item.label}]`, '', key, found);
    if (reordered) found.push({ path, before: reordered[0], after: reordered[1], reordered: true });
  } else {
    found.push({ path, before: before ?? undefined, after: after ?? undefined });
  }
}

function own(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** `spec.replicas`, but `data[patroni.yaml]`. */
export function below(path: string, name: string): string {
  if (!/^[\w-]+$/.test(name)) return `${path}[${name}]`;
  return path ? `${path}.${name}` : name;
}

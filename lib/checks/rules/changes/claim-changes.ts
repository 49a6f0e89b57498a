import { differences } from '../../compare/differences';
import type { Pair } from '../../compare/pairs';
import { same } from '../../compare/same';
import { type ClaimTemplate, claimTemplates } from '../../compare/workload';
import { quantity } from '../../manifests/quantity';

/** What changes in the claims of a StatefulSet. The API server refuses each of them. */
export type ClaimChange =
  | { readonly kind: 'shrinks' | 'grows' | 'class' | 'renamed' | 'other'; readonly before: ClaimTemplate; readonly after: ClaimTemplate }
  | { readonly kind: 'removed'; readonly before: ClaimTemplate }
  | { readonly kind: 'added'; readonly after: ClaimTemplate }
  | { readonly kind: 'reordered'; readonly names: readonly string[] };

export function claimChanges({ before, after }: Pair): ClaimChange[] {
  const [old, next] = [claimTemplates(before), claimTemplates(after)];
  const named = (templates: readonly ClaimTemplate[], name: string) => templates.find((template) => template.name === name);
  const gone = old.filter(({ name }) => !named(next, name));
  const come = next.filter(({ name }) => !named(old, name));
  const changes: ClaimChange[] = next.flatMap((template) => {
    const was = named(old, template.name);
    return was ? within(was, template) : [];
  });
  const [only, other] = [gone[0], come[0]];
  if (only && other && gone.length === 1 && come.length === 1) return [...changes, { kind: 'renamed', before: only, after: other }];
  changes.push(...gone.map((template) => ({ kind: 'removed', before: template }) as const));
  changes.push(...come.map((template) => ({ kind: 'added', after: template }) as const));
  const inOther = old.length === next.length && old.some(({ name }, index) => name !== next[index]?.name);
  return changes.length === 0 && inOther ? [{ kind: 'reordered', names: next.map(({ name }) => name) }] : changes;
}

/** The size, or the class, or else whatever differs: one change of each template says enough. */
function within(before: ClaimTemplate, after: ClaimTemplate): ClaimChange[] {
  if (same(before.settled, after.settled)) return [];
  const [old, next] = [quantity(before.storage), quantity(after.storage)];
  const found: ClaimChange[] = [];
  if (before.storageClass !== after.storageClass) found.push({ kind: 'class', before, after });
  if (old !== undefined && next !== undefined && old !== next) found.push({ kind: next < old ? 'shrinks' : 'grows', before, after });
  return found.length > 0 ? found : [{ kind: 'other', before, after }];
}

/** The first field below a template that differs, e.g. `metadata.labels[helm.sh/chart]`. */
export function differingField({ before, after }: { before: ClaimTemplate; after: ClaimTemplate }): string {
  return differences(before.settled, after.settled)[0]?.path ?? '';
}

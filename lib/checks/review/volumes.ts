import { resource } from '../compare/commands';
import type { Comparison, Pair } from '../compare/pairs';
import { kept } from '../compare/protection';
import { claimPolicy, claimTemplates, makesPods, numbered, ordinalsOf, outside, type Workload } from '../compare/workload';
import { list, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { claimsOf } from '../rules/changes/orphans';
import type { Settings } from '../settings';
import { type Note, note } from './note';

/**
 * Volumes that would be left behind, deleted, or exchanged. Of StatefulSets that go, rule STS-3 tells; of claims that shrink or change
 * their class, STS-2.
 */
export function volumeNotes(comparison: Comparison, settings: Settings): Note[] {
  const pairs = [...comparison.changed, ...comparison.renamed];
  return [
    ...comparison.removed.flatMap((manifest) => ofRemoved(manifest, comparison, settings)),
    ...comparison.changed.flatMap((pair) => ofSet(pair, comparison)),
    ...comparison.changed.flatMap(ofVolume),
    ...pairs.flatMap(({ before, after }) => (makesPods(before) && makesPods(after) ? otherVolumes(before, after) : [])),
  ];
}

function ofRemoved(manifest: Manifest, { before, renamed }: Comparison, { gitops }: Settings): Note[] {
  const { kind, title } = manifest;
  const next = renamed.find((pair) => pair.before === manifest)?.after;
  const stays = kept(manifest, gitops);
  switch (kind) {
    case 'PersistentVolumeClaim': {
      const fresh = next ? `; ${next.name} is another volume, without its data` : '';
      if (stays)
        return [
          note('risky', title, `it is gone from Git and protected from pruning: it stays, used by what still mounts it${fresh}`, {
            fix: removeLater(manifest),
          }),
        ];
      return [note('risky', title, `it is deleted, and its volume with it where the reclaim policy is Delete${fresh}`, { fix: PROTECT })];
    }
    case 'PersistentVolume':
      return stays
        ? []
        : [note('risky', title, 'it is deleted: what is on it stays only where the reclaim policy is Retain', { fix: PROTECT })];
    case 'Namespace':
      if (stays) return [note('safe', title, 'it is gone from Git and protected from pruning: it stays, with all that is in it')];
      return [note('risky', title, `everything in it is deleted${claimsIn(manifest, before)}`, { fix: PROTECT })];
    case 'CustomResourceDefinition':
      if (stays) return [];
      return [
        note(
          'risky',
          title,
          `every ${text(manifest.object, 'spec', 'names', 'kind') ?? 'object of its kind'} in the cluster is deleted with it`,
          { fix: PROTECT },
        ),
      ];
    case 'VolumeSnapshot':
      return stays
        ? []
        : [note('risky', title, 'the snapshot is deleted where the deletionPolicy of its class is Delete', { fix: PROTECT })];
    default:
      return [];
  }
}

const PROTECT =
  'if it is still wanted, annotate it in a commit of its own first: argocd.argoproj.io/sync-options: Prune=false, kustomize.toolkit.fluxcd.io/prune: disabled';

function removeLater(manifest: Manifest): string {
  return `when nothing needs the data any more, run \`kubectl delete ${resource(manifest)}\``;
}

function claimsIn({ name }: Manifest, all: Comparison['before']): string {
  const here = all.all.filter(({ namespace }) => namespace === name);
  const claims = here.filter(({ kind }) => kind === 'PersistentVolumeClaim').map((claim) => claim.name);
  const sets = here.filter(({ kind }) => kind === 'StatefulSet').map((set) => claimsOf(set, all));
  const names = [...claims, ...sets.flatMap((set) => set.names)];
  const total = claims.length + sets.reduce((sum, set) => sum + set.total, 0);
  return total > 0 ? `, its claims too: ${listed(names, 6, total)}` : '';
}

/** Pods that go, and policies that say what becomes of claims. */
function ofSet({ before, after }: Pair, comparison: Comparison): Note[] {
  if (after.kind !== 'StatefulSet' || claimTemplates(before).length === 0) return [];
  const gone = outside(ordinalsOf(before, comparison.before), ordinalsOf(after, comparison.after));
  const names = claimTemplates(before).flatMap(({ name }) => gone.flatMap((range) => numbered(`${name}-${after.name}`, range)));
  const total = gone.reduce((sum, { start, end }) => sum + end - start, 0) * claimTemplates(before).length;
  const claims = listed(names, 6, total);
  const lose = claimPolicy(after, 'whenScaled') === 'Delete';
  const found: Note[] = [];
  if (total > 0 && lose) {
    const fix = 'set persistentVolumeClaimRetentionPolicy.whenScaled to Retain if the data is still wanted';
    found.push(
      note('risky', after.title, `${claims} ${total === 1 ? 'is deleted with its' : 'are deleted with their'} data`, {
        field: 'spec.replicas',
        fix,
      }),
    );
  } else if (total > 0) {
    const first =
      names[0] === undefined
        ? ''
        : `when nothing needs the data any more, run \`kubectl delete ${resource(after, 'pvc', names[0])}\`${total > 1 ? ', and so on' : ''}`;
    found.push(
      note('safe', after.title, `${claims} ${total === 1 ? 'stays' : 'stay'}, used by nothing until the pods come back`, {
        field: 'spec.replicas',
        fix: first,
      }),
    );
  }
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    if (claimPolicy(before, when) === claimPolicy(after, when)) continue;
    const field = `spec.persistentVolumeClaimRetentionPolicy.${when}`;
    const event = when === 'whenDeleted' ? 'when the set is deleted' : 'of pods that go when it shrinks';
    const deleted = claimPolicy(after, when) === 'Delete';
    found.push(
      note(deleted ? 'risky' : 'safe', after.title, `its claims ${event} will ${deleted ? 'be deleted, with their data' : 'stay'}`, {
        field,
      }),
    );
  }
  return found;
}

function ofVolume({ before, after }: Pair): Note[] {
  if (after.kind !== 'PersistentVolume') return [];
  const field = 'spec.persistentVolumeReclaimPolicy';
  const policy = ({ object }: Manifest) => text(object, 'spec', 'persistentVolumeReclaimPolicy') ?? 'Retain';
  if (policy(before) === policy(after)) return [];
  const message = `the reclaim policy goes from ${policy(before)} to ${policy(after)}`;
  return policy(after) === 'Delete'
    ? [note('risky', after.title, `${message}: when its claim goes, the data goes`, { field })]
    : [note('safe', after.title, message, { field })];
}

/** Pods that would find another volume, or the same under another path. */
function otherVolumes(before: Workload, after: Workload): Note[] {
  const found: Note[] = [];
  const claims = (workload: Workload) =>
    new Map(list(workload.pod.spec, 'volumes').map((volume) => [text(volume, 'name'), text(volume, 'persistentVolumeClaim', 'claimName')]));
  const [old, next] = [claims(before), claims(after)];
  for (const [name, claim] of old) {
    if (claim === undefined || name === undefined || next.get(name) === claim) continue;
    const now = next.get(name);
    const message =
      now === undefined
        ? `its pods no longer have the claim ${claim}`
        : `its pods have the claim ${now} instead of ${claim}: another volume, with other data`;
    found.push(note('risky', after.title, message, { field: `volumes[${name}]` }));
  }
  return [...found, ...otherPaths(before, after)];
}

function otherPaths(before: Workload, after: Workload): Note[] {
  const held = new Set(claimTemplates(before).map(({ name }) => name));
  for (const volume of list(before.pod.spec, 'volumes')) {
    if (text(volume, 'persistentVolumeClaim', 'claimName') !== undefined) held.add(text(volume, 'name') ?? '');
  }
  const [old, next] = [mounts(before), mounts(after)];
  return [...old].flatMap(([key, paths]) => {
    const now = next.get(key);
    const [container = '', volume = ''] = key.split('\n');
    if (!held.has(volume) || now === undefined || listed(now) === listed(paths)) return [];
    const message = `${container} has the volume ${volume} at ${listed(now)} instead of ${listed(paths)}: where it looks for its data there may be none`;
    return [note('risky', after.title, message, { field: `containers[${container}].volumeMounts` })];
  });
}

/** Where each container has each volume: path, and folder of the volume. */
function mounts({ pod }: Workload): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, spec } of pod.containers) {
    for (const mount of list(spec, 'volumeMounts')) {
      const key = `${name}\n${text(mount, 'name') ?? ''}`;
      const folder = text(mount, 'subPath') ?? '';
      found.set(key, [...(found.get(key) ?? []), `${text(mount, 'mountPath') ?? ''}${folder && ` (folder ${folder})`}`].sort());
    }
  }
  return found;
}

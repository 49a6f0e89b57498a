import { at, type Fields, fields, list, text, texts } from '../manifests/look';
import type { Manifest, Manifests, PodTemplate } from '../manifests/manifests';
import { podReferences, type Reference } from '../manifests/references';
import { selects, takes } from '../manifests/selector';
import { settledClaim } from './defaults';

export type Workload = Manifest & { readonly pod: PodTemplate };

/** Whether a label selector takes the labels of pods; prepared, since one selector is asked of many. */
export function selecting(selector: Fields): (labels: Readonly<Record<string, string>>) => boolean {
  const wanted = texts(selector, 'matchLabels');
  const plain = list(selector, 'matchExpressions').length === 0;
  return (labels) => takes(wanted, labels) && (plain || selects(selector, labels));
}

const named = new WeakMap<Workload, Reference[]>();

/** What the pods of a workload name; several sections ask. */
export function referencesOf(workload: Workload): readonly Reference[] {
  const references = named.get(workload) ?? podReferences(workload);
  named.set(workload, references);
  return references;
}

export function makesPods(manifest: Manifest): manifest is Workload {
  return manifest.pod !== undefined;
}

/** How many pods a workload asks for: as written, else as few as its autoscaler leaves, else one. */
export function replicasOf(workload: Manifest, all: Manifests): number {
  return count(at(workload.object, 'spec', 'replicas')) ?? count(at(autoscalerOf(workload, all)?.object, 'spec', 'minReplicas')) ?? 1;
}

export function autoscalerOf({ kind, name, namespace }: Manifest, all: Manifests): Manifest | undefined {
  return all
    .ofKind('HorizontalPodAutoscaler')
    .find((scaler) => scaler.namespace === namespace && targets(fields(scaler.object, 'spec', 'scaleTargetRef'), kind, name));
}

function targets(target: object, kind: string, name: string): boolean {
  return text(target, 'kind') === kind && text(target, 'name') === name;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** The numbers of a StatefulSet's pods: from `start`, without `end`. */
export interface Ordinals {
  readonly start: number;
  readonly end: number;
}

export function ordinalsOf(set: Manifest, all: Manifests): Ordinals {
  const start = count(at(set.object, 'spec', 'ordinals', 'start')) ?? 0;
  return { start, end: start + replicasOf(set, all) };
}

/** So many names are written out at most; a set of a billion pods is a mistake, and not ours. */
const NAMES = 100;

/** Names of pods, or of what is numbered like them, upwards. */
export function numbered(stem: string, { start, end }: Ordinals): string[] {
  const length = Math.max(0, Math.min(end - start, NAMES));
  return Array.from({ length }, (_, index) => `${stem}-${start + index}`);
}

/** Those of `these` that are not in `those`. */
export function outside(these: Ordinals, those: Ordinals): Ordinals[] {
  return [
    { start: these.start, end: Math.min(these.end, those.start) },
    { start: Math.max(these.start, those.end), end: these.end },
  ].filter(({ start, end }) => start < end);
}

export interface ClaimTemplate {
  readonly name: string;
  /** As written; undefined if it is no text and no number. */
  readonly storage: string | number | undefined;
  /** Undefined where the cluster's default class counts. */
  readonly storageClass: string | undefined;
  /** Without what the API server fills in. */
  readonly settled: object;
}

export function claimTemplates(set: Manifest): ClaimTemplate[] {
  return set.kind === 'StatefulSet' ? list(set.object, 'spec', 'volumeClaimTemplates').map(claimOf) : [];
}

/** What a claim, or the template of one, asks for. */
export function claimOf(claim: unknown): ClaimTemplate {
  const storage = at(claim, 'spec', 'resources', 'requests', 'storage');
  return {
    name: text(claim, 'metadata', 'name') ?? '',
    storage: typeof storage === 'string' || typeof storage === 'number' ? storage : undefined,
    storageClass:
      text(claim, 'spec', 'storageClassName') ?? text(claim, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class'),
    settled: settledClaim(claim),
  };
}

/** What becomes of a StatefulSet's claims, when it is deleted or when it shrinks; `Retain` unless it says otherwise. */
export function claimPolicy(set: Manifest, when: 'whenDeleted' | 'whenScaled'): 'Retain' | 'Delete' {
  return text(set.object, 'spec', 'persistentVolumeClaimRetentionPolicy', when) === 'Delete' ? 'Delete' : 'Retain';
}

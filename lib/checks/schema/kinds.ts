import type { Manifest } from '../manifests/manifests';
import type { Settings } from '../settings';
import { type CustomKind, shippedKind } from './crds';
import { type BuiltIn, builtIns } from './definitions';
import { nearest } from './nearest';
import { groupOf } from './scope';
import type { Shape } from './shape';
import { haveText, newest, oldest, rangeOf, versionsText } from './versions';
import type { Problem } from './walk';

/** What is known of an object's kind. */
export interface Known {
  /** None where nothing is known. */
  readonly shape?: Shape;
  readonly from?: string;
  /** Those of the range that have the kind. */
  readonly range: number;
  /** What is wrong with the kind itself. */
  readonly problem?: Problem;
}

/** @param given kinds of the user's CustomResourceDefinitions, by `group/Kind` */
export function kindOf(manifest: Manifest, given: ReadonlyMap<string, CustomKind>, settings: Settings): Known {
  const range = rangeOf(settings);
  const { apiVersion, group, kind } = manifest;
  if (!apiVersion || !kind) return { range, problem: nameless(apiVersion ? 'kind' : 'apiVersion') };
  if (kind === 'List' || (kind.endsWith('List') && Array.isArray(manifest.object.items))) return { range, problem: unexpanded(kind) };
  const builtIn = builtIns().get(apiVersion)?.get(kind);
  if (builtIn) {
    const has = builtIn.versions & range;
    const problem = has === range ? undefined : partly(manifest, builtIn.versions, range);
    return { shape: has === 0 ? undefined : builtIn.shape(), range: has, problem };
  }
  const custom = given.get(`${group}/${kind}`) ?? shippedKind(group, kind);
  const shape = custom?.versions.get(apiVersion.slice(group.length + 1));
  if (custom && shape) return { shape: shape(), range, from: custom.from ?? 'its CustomResourceDefinition' };
  return { range, problem: custom ? notServed(manifest, custom, settings) : unknown(manifest, given, settings) };
}

function nameless(field: 'apiVersion' | 'kind'): Problem {
  const example = field === 'kind' ? 'kind: StatefulSet' : 'apiVersion: apps/v1';
  return { rule: 'SCH-1', field, message: `it has no ${field}, so it is no object of Kubernetes`, fix: `write it, as in ${example}` };
}

function unexpanded(kind: string): Problem {
  const message = `${kind} is a list of objects, and none of them is looked at`;
  return { rule: 'SCH-1', field: 'kind', message, fix: 'write its items as objects of their own' };
}

/** A kind of Kubernetes that some versions of the range do not have. */
function partly(manifest: Manifest, versions: number, range: number): Problem {
  const { kind, group } = manifest;
  const everywhere = current(kind, group, range);
  if (everywhere) return gone(manifest, range & ~versions, `write apiVersion: ${everywhere.apiVersion}`);
  const begins = oldest(versions & range);
  if (begins !== undefined && begins !== oldest(range)) {
    return gone(manifest, range & ~versions, `leave the object out, or raise the floor to ${begins}`);
  }
  const newer = current(kind, group, newest(range));
  const raised = newer && `write apiVersion: ${newer.apiVersion}, and raise the floor to ${oldest(newer.versions)}`;
  return gone(manifest, range & ~versions, raised ?? 'leave the object out');
}

function gone({ apiVersion, kind }: Manifest, without: number, fix: string): Problem {
  return { rule: 'SCH-2', field: 'apiVersion', message: `${haveText(without)} no ${apiVersion} ${kind}`, fix };
}

/** Groups whose kinds went elsewhere before the oldest version known here. */
const MOVED = new Map([['extensions', ['apps', 'networking.k8s.io']]]);

/** The kind as every one of these versions has it; the newest stable one if there is any. */
function current(kind: string, group: string, range: number): BuiltIn | undefined {
  const groups = MOVED.get(group) ?? [group];
  const found = [...builtIns().values()]
    .flatMap((kinds) => kinds.get(kind) ?? [])
    .filter(({ apiVersion, versions }) => groups.includes(groupOf(apiVersion)) && (versions & range) === range);
  return found.filter(({ apiVersion }) => /v\d+$/.test(apiVersion)).at(-1) ?? found[0];
}

/** Groups of Kubernetes itself have no dot, or end so; all others are for those who add kinds. */
const BUILT_IN_GROUP = /^[a-z]*$|\.k8s\.io$/;

function unknown(manifest: Manifest, given: ReadonlyMap<string, CustomKind>, settings: Settings): Problem {
  const { apiVersion, group, kind } = manifest;
  const range = rangeOf(settings);
  const builtIn = BUILT_IN_GROUP.test(group);
  if (builtIn && kind === 'PodSecurityPolicy') return gone(manifest, range, 'use the labels of Pod Security admission on the Namespace');
  const now = builtIn ? current(kind, group, range) : undefined;
  if (now) return gone(manifest, range, `write apiVersion: ${now.apiVersion}`);
  return {
    rule: 'SCH-2',
    severity: settings.unknownKinds,
    field: 'kind',
    message: `nothing is known of ${apiVersion} ${kind}: it is no kind of ${versionsText(range)}, and no CustomResourceDefinition of it is here`,
    fix: meant(manifest, given, builtIn),
  };
}

function meant({ apiVersion, group, kind }: Manifest, given: ReadonlyMap<string, CustomKind>, builtIn: boolean): string {
  if (group === 'kustomize.config.k8s.io') return 'check what kustomize build prints: this file is for kustomize, not for the cluster';
  const elsewhere = builtIn ? [...builtIns()].find(([, kinds]) => kinds.has(kind))?.[0] : undefined;
  if (elsewhere) return `write apiVersion: ${elsewhere}`;
  const near = nearest(kind, builtIns().get(apiVersion)?.keys() ?? []) ?? nearest(kind, kindsIn(group, given));
  return near
    ? `write kind: ${near}`
    : 'give its CustomResourceDefinition in crds or among the manifests, or let unknown kinds be warnings';
}

function kindsIn(group: string, given: ReadonlyMap<string, CustomKind>): string[] {
  return [...given.values()].filter((custom) => custom.group === group).map(({ kind }) => kind);
}

/** The kind is known, and not in that version. */
function notServed({ apiVersion, kind }: Manifest, { group, from, versions }: CustomKind, { unknownKinds }: Settings): Problem {
  const names = [...versions.keys()];
  const give = from ? ', or give the CustomResourceDefinition of your cluster' : '';
  return {
    rule: 'SCH-2',
    severity: unknownKinds,
    field: 'apiVersion',
    message: `${from ?? 'its CustomResourceDefinition'} serves ${kind} as ${names.join(', ') || 'nothing'}, not as ${apiVersion.slice(group.length + 1)}`,
    fix: `write apiVersion: ${group}/${names.find((name) => /^v\d+$/.test(name)) ?? names[0]}${give}`,
  };
}

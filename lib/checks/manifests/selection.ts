import { type Fields, list, text, texts } from './look';
import type { Manifest, Manifests } from './manifests';
import { mayMeet } from './namespaces';
import { couldSelect } from './run-time-labels';
import { selects } from './selector';

type Labels = Readonly<Record<string, string>>;

/** What has labels by which others find it: the pods of a workload, or a Service. */
interface Labelled {
  readonly manifest: Manifest;
  readonly labels: Labels;
}

export interface Selection {
  readonly found: readonly Manifest[];
  /** Not certain where it takes a label that only something in the cluster can set, as Patroni sets the role of its members. */
  readonly certain: boolean;
}

/** Put on pods by their controller; its value begins with the name of the StatefulSet. */
const POD_NAME = 'statefulset.kubernetes.io/pod-name';

/** What is found by its labels, fast: most selectors have one label that few objects have. */
export class LabelIndex {
  private readonly byLabel = new Map<string, Labelled[]>();

  constructor(private readonly all: readonly Labelled[]) {
    for (const entry of all) {
      for (const [key, value] of Object.entries(entry.labels)) this.add(`${key}=${value}`, entry);
      if (entry.manifest.kind === 'StatefulSet') this.add(`${POD_NAME}=${entry.manifest.name}`, entry);
    }
  }

  private add(label: string, entry: Labelled): void {
    const same = this.byLabel.get(label);
    if (same) same.push(entry);
    else this.byLabel.set(label, [entry]);
  }

  /** @param where whether an object may be in the namespace that is looked at */
  public select(selector: Fields, where: (manifest: Manifest) => boolean): Selection {
    const lists = this.lists(selector);
    const likely = lists.length === 0 ? this.all : (lists[0] as readonly Labelled[]);
    const found = likely.filter(({ manifest, labels }) => where(manifest) && selects(selector, labels));
    if (found.length > 0) return { found: found.map(({ manifest }) => manifest), certain: true };
    return { found: this.atRunTime(selector, lists, where), certain: false };
  }

  /** Those with every label that they have at all, and with the rarest one that any has. */
  private atRunTime(selector: Fields, lists: readonly (readonly Labelled[])[], where: (manifest: Manifest) => boolean): Manifest[] {
    for (const likely of lists) {
      const found = likely.filter(({ manifest, labels }) => where(manifest) && couldSelect(selector, labels));
      if (found.length > 0) return found.map(({ manifest }) => manifest);
    }
    return [];
  }

  /** Of each label that is asked for, what has it; the shortest first. */
  private lists(selector: Fields): readonly (readonly Labelled[])[] {
    return Object.entries(texts(selector, 'matchLabels'))
      .map(([key, value]) => this.byLabel.get(`${key}=${key === POD_NAME ? value.replace(/-\d+$/, '') : value}`) ?? [])
      .sort((a, b) => a.length - b.length);
  }
}

/** Any of them that may be in the same namespace. */
export function beside(manifest: Manifest): (other: Manifest) => boolean {
  return (other) => mayMeet(manifest, other);
}

const pods = new WeakMap<Manifests, LabelIndex>();
const services = new WeakMap<Manifests, LabelIndex>();

/** Everything that makes pods, by their labels: also what is no kind of Kubernetes and has a template like theirs, e.g. a Rollout of Argo. */
export function podsOf(manifests: Manifests): LabelIndex {
  const known = pods.get(manifests) ?? new LabelIndex(manifests.all.flatMap(labelledPods));
  pods.set(manifests, known);
  return known;
}

export function servicesOf(manifests: Manifests): LabelIndex {
  const all = () => manifests.ofKind('Service').flatMap((manifest) => (manifest.group === '' ? { manifest, labels: manifest.labels } : []));
  const known = services.get(manifests) ?? new LabelIndex(all());
  services.set(manifests, known);
  return known;
}

function labelledPods(manifest: Manifest): Labelled[] {
  const custom = () => list(manifest.object, 'spec', 'template', 'spec', 'containers').length > 0;
  return manifest.pod || custom() ? [{ manifest, labels: podLabels(manifest) }] : [];
}

/** Those that the pods of an object get when they are made. */
export function podLabels({ object, pod, kind, name }: Manifest): Labels {
  const own = pod?.labels ?? texts(object, 'spec', 'template', 'metadata', 'labels');
  return pod && kind === 'Job' ? { ...own, 'job-name': name, 'batch.kubernetes.io/job-name': name } : own;
}

/** Of the labels that a selector asks for, the values. */
export function valuesOf(selector: Fields): readonly string[] {
  const values = list(selector, 'matchExpressions').flatMap((expression) =>
    text(expression, 'operator') === 'In' ? list(expression, 'values').filter((value) => typeof value === 'string') : [],
  );
  return [...Object.values(texts(selector, 'matchLabels')), ...values];
}

import type { Manifests } from '../manifests/manifests';
import { byEnds, Connections, connection } from './connections';
import { type Connection, type End, workloadEnd } from './ends';
import type { Workload } from './pods';
import type { Direction } from './policies';
import { Ports } from './ports';
import type { Selection } from './selection';
import type { Side } from './side';
import type { Reach, View } from './view';

export interface ConnectionChange extends Connection {
  /** `workload`: one of its ends is new, or gone. `policy`: both are as they were, and a policy or a label is not. */
  readonly cause: 'policy' | 'workload';
}

export interface ConnectionChanges {
  /** What was not possible before, in the order of their ends. */
  readonly opened: readonly ConnectionChange[];
  /** What is not possible any more. */
  readonly closed: readonly ConnectionChange[];
}

/**
 * The connections that a change of manifests opens and closes, port by port: not what was written differently, but what is
 * possible now and was not. What follows from a wider change that is said of one workload is not said again of a pair.
 */
export function connectionChanges(before: Manifests, after: Manifests): ConnectionChanges {
  const [old, now] = [new Connections(before), new Connections(after)];
  const [opening, closing] = [new Gains(now, old), new Gains(old, now)];
  for (const [from, targets] of candidates(old, now)) {
    for (const to of targets) {
      const [was, is] = [allowed(old, now, from, to), allowed(now, old, from, to)];
      opening.addPair(is, was);
      closing.addPair(was, is);
    }
  }
  return { opened: opening.sorted, closed: closing.sorted };
}

/** What two workloads allow each other in one tree; where one is missing, what the other would allow it. */
interface Allowed {
  readonly out: View | undefined;
  readonly into: View | undefined;
  readonly egress: Ports;
  readonly ingress: Ports;
  /** On which ports they can talk. */
  readonly both: Ports;
}

function allowed(tree: Connections, other: Connections, fromKey: string, toKey: string): Allowed {
  const [out, into] = [tree.view(fromKey, 'egress'), tree.view(toKey, 'ingress')];
  const from = out?.workload ?? other.pods.workloads.get(fromKey);
  const to = into?.workload ?? other.pods.workloads.get(toKey);
  const egress = out && to ? out.with(to) : Ports.NONE;
  const ingress = into && from ? into.with(from) : Ports.NONE;
  return { out, into, egress, ingress, both: out && into ? egress.and(ingress) : Ports.NONE };
}

/** What one tree allows that another does not. */
class Gains {
  private readonly found: Connection[];
  private readonly known = new Map<Side, Map<Side | undefined, Reach[]>>();

  constructor(
    more: Connections,
    private readonly less: Connections,
  ) {
    this.found = more.views.flatMap((view) =>
      this.reaches(view).map((reach) => connection(view.direction, workloadEnd(view.workload), reach)),
    );
  }

  public addPair(more: Allowed, less: Allowed): void {
    const { out, into } = more;
    const gained = more.both.minus(less.both);
    if (!out || !into || gained.isEmpty) return;
    const egress = more.egress.minus(less.egress).minus(this.said(out, into.workload));
    const ingress = more.ingress.minus(less.ingress).minus(this.said(into, out.workload));
    const ports = gained.and(egress.or(ingress));
    if (!ports.isEmpty) this.found.push({ from: workloadEnd(out.workload), to: workloadEnd(into.workload), ports });
  }

  public get sorted(): ConnectionChange[] {
    const known = ({ workload }: End) => workload === undefined || this.less.pods.workloads.has(workload.key);
    const cause = ({ from, to }: Connection) => (known(from) && known(to) ? 'policy' : 'workload');
    return this.found.map((change): ConnectionChange => ({ ...change, cause: cause(change) })).sort(byEnds);
  }

  /** With ends outside the manifests. Most workloads share their rules with others. */
  private reaches(view: View): Reach[] {
    const other = this.less.view(view.workload.key, view.direction);
    if (view.side.namesPorts || other?.side.namesPorts) return view.beyond(other);
    const bySide = this.known.get(view.side) ?? new Map<Side | undefined, Reach[]>();
    const reaches = bySide.get(other?.side) ?? view.beyond(other);
    this.known.set(view.side, bySide.set(other?.side, reaches));
    return reaches;
  }

  /** What of that is said of an end to which a workload belongs. */
  private said(view: View, other: Workload): Ports {
    const covers = ({ kind, selection }: End) =>
      kind === 'anything' || (!other.onHostNetwork && selection?.matches(other.namespaceLabels, other.labels) === true);
    const ports = this.reaches(view).filter(({ end }) => covers(end));
    return Ports.union(ports.map((reach) => reach.ports.resolved(other.namedPorts)));
  }
}

/** Keys of workloads, from → to. */
type Pairs = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The pairs that may differ between two trees though no wider end does: where the rules of one side changed, those that it
 * names; where a selector finds other workloads than before, these; where a named port has another number, its users.
 */
function candidates(a: Connections, b: Connections): Pairs {
  const pairs = new Map<string, Set<string>>();
  const add = (workload: Workload, direction: Direction, other: Workload) => {
    const [from, to] = direction === 'egress' ? [workload.key, other.key] : [other.key, workload.key];
    pairs.set(from, (pairs.get(from) ?? new Set()).add(to));
  };
  const moved = new Moved(a, b);
  for (const [mine, theirs] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const view of mine.views) {
      const { workload, direction, side } = view;
      const other = theirs.view(workload.key, direction);
      const renumbered = side.namesPorts && moved.renumbered.has(workload.key);
      if (!other || other.side.key !== side.key || renumbered) for (const one of view.named) add(workload, direction, one);
      for (const selection of side.selections) for (const one of moved.of(selection)) add(workload, direction, one);
      if (direction === 'egress' && side.namesPorts) for (const one of moved.renumbered.values()) add(workload, direction, one);
    }
  }
  return pairs;
}

/** Workloads of both trees that a selector finds in one of them only. */
class Moved {
  /** Those whose named ports changed. */
  public readonly renumbered: ReadonlyMap<string, Workload>;
  private readonly known = new Map<string, readonly Workload[]>();

  constructor(
    private readonly a: Connections,
    private readonly b: Connections,
  ) {
    const changed = [...a.pods.workloads].filter(([key, workload]) => {
      const other = b.pods.workloads.get(key);
      return other && portsText(other) !== portsText(workload);
    });
    this.renumbered = new Map(changed);
  }

  public of(selection: Selection): readonly Workload[] {
    const known = this.known.get(selection.key);
    if (known) return known;
    const result = [...this.only(this.a, this.b, selection), ...this.only(this.b, this.a, selection)];
    this.known.set(selection.key, result);
    return result;
  }

  private only(mine: Connections, theirs: Connections, selection: Selection): Workload[] {
    const others = theirs.pods.selected(selection);
    return [...mine.pods.selected(selection)].filter((workload) => {
      const other = theirs.pods.workloads.get(workload.key);
      return other !== undefined && !others.has(other);
    });
  }
}

function portsText({ namedPorts }: Workload): string {
  return [...namedPorts]
    .map(([name, ports]) => `${name} ${ports}`)
    .sort()
    .join();
}

import type { Manifest, Manifests } from '../manifests/manifests';
import { type Connection, type End, workloadEnd } from './ends';
import { Pods, type Workload } from './pods';
import { DIRECTIONS, type Direction, otherPolicies, type Policy, policiesOf } from './policies';
import { Ports } from './ports';
import { Side } from './side';
import { type Reach, View } from './view';

/**
 * Who may talk to whom in a tree of manifests, as its NetworkPolicies have it and a network plugin that honours them.
 *
 * Not in it: what a node may do with its own pods (always allowed), the policies of Cilium, Calico or Istio (`unread`), and
 * labels that pods get while they run. A workload on its node's network is isolated by nothing.
 *
 * Cost: policies and selectors times the workloads of their namespaces, and the size of what is said.
 */
export class Connections {
  public readonly pods: Pods;
  /** Whether there is any policy. */
  public readonly isPoliced: boolean;
  /** Objects that may forbid or allow more, and are not understood here. */
  public readonly unread: readonly Manifest[];
  /** Both directions of every workload. */
  public readonly views: readonly View[];
  private readonly byKey: Readonly<Record<Direction, ReadonlyMap<string, View>>>;
  private readonly reaches = new Map<Side, Reach[]>();

  constructor(manifests: Manifests) {
    this.pods = new Pods(manifests);
    this.unread = otherPolicies(manifests);
    const policies = policiesOf(manifests);
    const applied = this.applied(policies);
    this.isPoliced = policies.length > 0;
    this.byKey = { ingress: this.viewsOf('ingress', applied), egress: this.viewsOf('egress', applied) };
    this.views = DIRECTIONS.flatMap((direction) => [...this.byKey[direction].values()]);
  }

  /** One direction of a workload, by the workload's key; undefined if it is not in this tree. */
  public view(key: string, direction: Direction): View | undefined {
    return this.byKey[direction].get(key);
  }

  /** Whether any policy is about that direction of a workload. */
  public isIsolated(workload: Workload, direction: Direction): boolean {
    return this.view(workload.key, direction)?.side.isIsolated ?? false;
  }

  /** The ports on which pods of one workload reach those of another: what both sides allow. */
  public between(from: Workload, to: Workload): Ports {
    const egress = this.view(from.key, 'egress')?.with(to) ?? Ports.NONE;
    return egress.isEmpty ? egress : egress.and(this.view(to.key, 'ingress')?.with(from) ?? Ports.NONE);
  }

  /**
   * All connections, said in few lines: for pairs of workloads of which a policy of one names the other, and for each
   * workload with what lies outside the manifests. With a wide end (anything, all pods of a namespace) may be whatever
   * its own policies let out or in.
   */
  public get all(): readonly Connection[] {
    this.list ??= [...this.pairs(), ...this.outside()].sort(byEnds);
    return this.list;
  }
  private list?: readonly Connection[];

  private applied(policies: readonly Policy[]): ReadonlyMap<Workload, readonly Policy[]> {
    const result = new Map<Workload, Policy[]>();
    for (const policy of policies) {
      for (const workload of this.pods.selected(policy.appliesTo)) {
        const others = result.get(workload);
        if (others) others.push(policy);
        else result.set(workload, [policy]);
      }
    }
    return result;
  }

  private viewsOf(direction: Direction, policies: ReadonlyMap<Workload, readonly Policy[]>): Map<string, View> {
    const sides = new Map<string, Side>(); // one for all workloads with the same policies
    return new Map(
      [...this.pods.workloads.values()].map((workload) => {
        const mine = policies.get(workload) ?? [];
        const key = mine.map(({ id }) => id).join();
        const side = sides.get(key) ?? new Side(mine, direction);
        sides.set(key, side);
        return [workload.key, new View(workload, direction, side, this.pods)];
      }),
    );
  }

  private pairs(): Connection[] {
    const named = new Map<Workload, Set<Workload>>();
    const add = (from: Workload, to: Workload) => named.set(from, (named.get(from) ?? new Set()).add(to));
    for (const { workload, direction, named: others } of this.views) {
      for (const other of others) direction === 'ingress' ? add(other, workload) : add(workload, other);
    }
    return [...named].flatMap(([from, targets]) =>
      [...targets].flatMap((to) => {
        const ports = this.between(from, to);
        return ports.isEmpty ? [] : [{ from: workloadEnd(from), to: workloadEnd(to), ports }];
      }),
    );
  }

  private outside(): Connection[] {
    return this.views.flatMap((view) => this.reach(view).map((reach) => connection(view.direction, workloadEnd(view.workload), reach)));
  }

  private reach(view: View): Reach[] {
    const known = this.reaches.get(view.side);
    if (known && !view.side.namesPorts) return known;
    const reach = view.beyond(undefined);
    this.reaches.set(view.side, reach);
    return reach;
  }
}

/** A workload's own end comes second where it is talked to. */
export function connection(direction: Direction, workload: End, { end, ports }: Reach): Connection {
  return direction === 'ingress' ? { from: end, to: workload, ports } : { from: workload, to: end, ports };
}

export function byEnds(a: Connection, b: Connection): number {
  return compare(a.from.title, b.from.title) || compare(a.to.title, b.to.title);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

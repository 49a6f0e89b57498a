import { type Block, contains } from './addresses';
import { BySelection } from './by-selection';
import { ANYTHING, addressesEnd, type End, podsEnd } from './ends';
import type { Pods, Workload } from './pods';
import type { Direction } from './policies';
import { type NamedPorts, Ports } from './ports';
import type { Selection } from './selection';
import type { Side } from './side';

/** A selector that finds more workloads than this is said as it is written, and not workload by workload. */
const MOST_NAMED = 50;

const NO_NAMES: NamedPorts = new Map();

/** One end that is no workload among the manifests, and what is allowed with it. */
export interface Reach {
  readonly end: End;
  readonly ports: Ports;
}

/** One direction of one workload in one tree: there the names of ports and the labels of namespaces have a meaning. */
export class View {
  constructor(
    public readonly workload: Workload,
    public readonly direction: Direction,
    public readonly side: Side,
    public readonly pods: Pods,
  ) {}

  /** What this side allows with another workload, whatever that one's own side says. */
  public with(other: Workload): Ports {
    return this.side.withWorkload(other).resolved(this.direction === 'ingress' ? this.workload.namedPorts : other.namedPorts);
  }

  /** The workloads of this tree that its rules name. */
  public get named(): readonly Workload[] {
    return this.side.selections.filter((selection) => this.isNamed(selection)).flatMap((selection) => [...this.pods.selected(selection)]);
  }

  /**
   * What it allows with ends outside the manifests that another view does not: all of it where there is no other.
   * Each port is said once, of the widest end for which it holds.
   */
  public beyond(other: View | undefined): Reach[] {
    const anything = this.withAnything().minus(other?.withAnything() ?? Ports.NONE);
    return [
      ...(anything.isEmpty ? [] : [{ end: ANYTHING, ports: anything }]),
      ...this.podsBeyond(other, anything),
      ...this.addressesBeyond(other, anything),
    ];
  }

  private podsBeyond(other: View | undefined, said: Ports): Reach[] {
    const all = this.side.selections
      .filter((selection) => !(selection.namespace !== undefined && this.isNamed(selection)))
      .map((selection) => ({
        selection,
        ports: this.withPods(selection)
          .minus(other?.withPods(selection) ?? Ports.NONE)
          .minus(said),
      }))
      .filter(({ ports }) => !ports.isEmpty);
    const told = new BySelection<Ports>();
    for (const { selection, ports } of all) told.add(selection, ports);
    const { namespaceLabels } = this.pods;
    return all.flatMap(({ selection, ports }) => {
      const wider = told.around(selection, namespaceLabels).filter((more) => !more.selection.implies(selection, namespaceLabels));
      const more = ports.minus(Ports.union(wider.map(({ value }) => value)));
      return more.isEmpty ? [] : [{ end: podsEnd(selection), ports: more }];
    });
  }

  private addressesBeyond(other: View | undefined, said: Ports): Reach[] {
    const roots = nested([...this.side.blocks, ...(other?.side.blocks ?? [])], (within) =>
      this.withAddresses(within)
        .minus(other?.withAddresses(within) ?? Ports.NONE)
        .minus(said),
    );
    return roots.flatMap((root) => told(root, []));
  }

  /** Whether a selector asks for labels that a few workloads here have. Whom it means is then known, but for other namespaces. */
  private isNamed(selection: Selection): boolean {
    if (!selection.pods.isPositive) return false;
    const { size } = this.pods.selected(selection);
    return size > 0 && size <= MOST_NAMED;
  }

  private withAnything(): Ports {
    return this.mine(this.side.withAnything);
  }

  private withPods(selection: Selection): Ports {
    return this.mine(this.side.withPods(selection, this.pods));
  }

  /** An address has no names for its ports. */
  private withAddresses(within: readonly Block[]): Ports {
    return this.mine(this.side.withAddresses(within)).resolved(NO_NAMES);
  }

  private mine(ports: Ports): Ports {
    return this.direction === 'ingress' ? ports.resolved(this.workload.namedPorts) : ports;
  }
}

/** A block with those directly inside it; its ports are those of its addresses outside of these. */
interface Nest {
  readonly block: Block;
  readonly ports: Ports;
  readonly inner: Nest[];
}

function nested(blocks: readonly Block[], portsOf: (within: readonly Block[]) => Ports): Nest[] {
  const distinct = [...new Map(blocks.map((block) => [block.text, block])).values()];
  const order = (a: Block, b: Block) => a.family - b.family || (a.first === b.first ? a.prefix - b.prefix : a.first < b.first ? -1 : 1);
  const roots: Nest[] = [];
  const around: Nest[] = []; // from the outermost, each the parent of the next
  for (const block of distinct.sort(order)) {
    while (around.length > 0 && !contains((around.at(-1) as Nest).block, block)) around.pop();
    const nest: Nest = { block, ports: portsOf([...around.map((outer) => outer.block), block]), inner: [] };
    (around.at(-1)?.inner ?? roots).push(nest);
    around.push(nest);
  }
  return roots;
}

/**
 * As few sentences as say which addresses have which ports: a block inside another has what is said of that one, or is an
 * exception from it.
 *
 * @param said the ports of each sentence that holds for this block
 */
function told({ block, ports, inner }: Nest, said: readonly Ports[]): Reach[] {
  const more = ports.minus(Ports.union(said));
  const own = more.isEmpty
    ? []
    : [
        {
          end: addressesEnd(
            block,
            inner.flatMap((nest) => exceptions(nest, more)),
          ),
          ports: more,
        },
      ];
  const all = more.isEmpty ? said : [...said, more];
  return [
    ...own,
    ...inner.flatMap((nest) =>
      told(
        nest,
        all.filter((some) => nest.ports.covers(some)),
      ),
    ),
  ];
}

function exceptions({ block, ports, inner }: Nest, said: Ports): Block[] {
  return ports.covers(said) ? inner.flatMap((nest) => exceptions(nest, said)) : [block];
}

import type { Block } from './addresses';
import type { Pods, Workload } from './pods';
import type { Direction, Peer, Policy, PolicyRule } from './policies';
import { Ports } from './ports';
import type { Selection } from './selection';

const OPEN: readonly PolicyRule[] = [{ peers: [{ kind: 'anything' }], ports: Ports.ALL }];

/** What all policies together allow some pods in one direction. Without a policy for it: everything. */
export class Side {
  public readonly isIsolated: boolean;
  /** Two sides with the same key allow the same. */
  public readonly key: string;
  /** Whether it says a port by its name anywhere. */
  public readonly namesPorts: boolean;
  /** The pods that its rules name, each selector once. */
  public readonly selections: readonly Selection[];
  /** Every block that its rules name, also as an exception. */
  public readonly blocks: readonly Block[];
  /** What it allows with everyone. */
  public readonly withAnything: Ports;
  private readonly rules: readonly PolicyRule[];
  private readonly byBlock = new Map<string, { readonly ports: Ports; readonly except: ReadonlySet<string> }[]>();

  constructor(policies: readonly Policy[], direction: Direction) {
    this.isIsolated = policies.some((policy) => policy[direction] !== undefined);
    this.rules = this.isIsolated ? policies.flatMap((policy) => policy[direction] ?? []) : OPEN;
    this.key = this.rules.map(ruleKey).sort().join('\n');
    this.namesPorts = this.rules.some(({ ports }) => ports.names.length > 0);
    this.withAnything = this.ports(({ kind }) => kind === 'anything');
    const peers = this.rules.flatMap((rule) => rule.peers);
    const selections = peers.flatMap((peer) => (peer.kind === 'pods' ? [peer.selection] : []));
    this.selections = [...new Map(selections.map((selection) => [selection.key, selection])).values()];
    this.blocks = peers.flatMap((peer) => (peer.kind === 'addresses' ? [peer.block, ...peer.except] : []));
    for (const { peers, ports } of this.rules) for (const peer of peers) this.index(peer, ports);
  }

  /** What it allows with some pods among the manifests, whatever their own policies say; names of ports are not resolved. */
  public withWorkload({ namespaceLabels, labels, onHostNetwork }: Workload): Ports {
    return this.ports(
      (peer) => peer.kind === 'anything' || (peer.kind === 'pods' && !onHostNetwork && peer.selection.matches(namespaceLabels, labels)),
    );
  }

  public withPods(selection: Selection, pods: Pods): Ports {
    return this.ports(
      (peer) => peer.kind === 'anything' || (peer.kind === 'pods' && selection.implies(peer.selection, pods.namespaceLabels)),
    );
  }

  /** With addresses that lie in these blocks, and in no others that a rule names. */
  public withAddresses(within: readonly Block[]): Ports {
    const holds = within
      .flatMap(({ text }) => this.byBlock.get(text) ?? [])
      .filter(({ except }) => !within.some(({ text }) => except.has(text)));
    return Ports.union([this.withAnything, ...holds.map(({ ports }) => ports)]);
  }

  private index(peer: Peer, ports: Ports): void {
    if (peer.kind !== 'addresses') return;
    const entry = { ports, except: new Set(peer.except.map(({ text }) => text)) };
    const same = this.byBlock.get(peer.block.text);
    if (same) same.push(entry);
    else this.byBlock.set(peer.block.text, [entry]);
  }

  private ports(is: (peer: Peer) => boolean): Ports {
    return Ports.union(this.rules.filter(({ peers }) => peers.some(is)).map(({ ports }) => ports));
  }
}

function ruleKey({ peers, ports }: PolicyRule): string {
  return `${ports} ${peers.map(peerKey).sort().join(' ')}`;
}

function peerKey(peer: Peer): string {
  if (peer.kind === 'pods') return peer.selection.key;
  return peer.kind === 'addresses' ? `${peer.block.text}-${peer.except.map(({ text }) => text).sort()}` : peer.kind;
}

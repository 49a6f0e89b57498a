import type { Block } from './addresses';
import { BySelection } from './by-selection';
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
  /** What it allows with everyone. */
  public readonly withAnything: Ports;
  /** The pods that its rules name, each selector once. */
  public readonly selections: readonly Selection[];
  /** Every block that its rules name, also as an exception. */
  public readonly blocks: readonly Block[];
  private readonly bySelection = new BySelection<Ports>();
  private readonly byBlock = new Map<string, { readonly ports: Ports; readonly except: ReadonlySet<string> }[]>();

  constructor(policies: readonly Policy[], direction: Direction) {
    this.isIsolated = policies.some((policy) => policy[direction] !== undefined);
    const rules = this.isIsolated ? policies.flatMap((policy) => policy[direction] ?? []) : OPEN;
    this.key = rules.map(ruleKey).sort().join('\n');
    this.namesPorts = rules.some(({ ports }) => ports.names.length > 0);
    this.withAnything = Ports.union(rules.filter(({ peers }) => peers.some(({ kind }) => kind === 'anything')).map(({ ports }) => ports));
    const peers = rules.flatMap((rule) => rule.peers);
    const selections = peers.flatMap((peer) => (peer.kind === 'pods' ? [peer.selection] : []));
    this.selections = [...new Map(selections.map((selection) => [selection.key, selection])).values()];
    this.blocks = peers.flatMap((peer) => (peer.kind === 'addresses' ? [peer.block, ...peer.except] : []));
    for (const { peers, ports } of rules) for (const peer of peers) this.index(peer, ports);
  }

  /** What it allows with some pods among the manifests, whatever their own policies say; names of ports are not resolved. */
  public withWorkload({ namespaceLabels, labels, onHostNetwork }: Workload): Ports {
    return Ports.union([this.withAnything, ...(onHostNetwork ? [] : this.bySelection.taking(namespaceLabels, labels))]);
  }

  public withPods(selection: Selection, pods: Pods): Ports {
    return Ports.union([this.withAnything, ...this.bySelection.around(selection, pods.namespaceLabels).map(({ value }) => value)]);
  }

  /** With addresses that lie in these blocks, and in no others that a rule names. */
  public withAddresses(within: readonly Block[]): Ports {
    const named = within.flatMap(({ text }) => this.byBlock.get(text) ?? []);
    const holds = named.filter(({ except }) => !within.some(({ text }) => except.has(text)));
    return Ports.union([this.withAnything, ...holds.map(({ ports }) => ports)]);
  }

  private index(peer: Peer, ports: Ports): void {
    if (peer.kind === 'pods') this.bySelection.add(peer.selection, ports);
    if (peer.kind !== 'addresses') return;
    const entry = { ports, except: new Set(peer.except.map(({ text }) => text)) };
    const same = this.byBlock.get(peer.block.text);
    if (same) same.push(entry);
    else this.byBlock.set(peer.block.text, [entry]);
  }
}

function ruleKey({ peers, ports }: PolicyRule): string {
  return `${ports} ${peers.map(peerKey).sort().join(' ')}`;
}

function peerKey(peer: Peer): string {
  if (peer.kind === 'pods') return peer.selection.key;
  return peer.kind === 'addresses' ? `${peer.block.text}-${peer.except.map(({ text }) => text).sort()}` : peer.kind;
}

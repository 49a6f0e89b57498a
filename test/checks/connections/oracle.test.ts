import { BlockList } from 'node:net';
import * as fc from 'fast-check';
import { type Connection, Connections, connectionChanges, type End, Ports, type Workload } from '../../../lib/checks/connections';
import { blockOf, contains } from '../../../lib/checks/connections/addresses';
import { selects } from '../../../lib/checks/manifests/selector';
import { app, manifests, namespace } from './support';

/**
 * The semantics once more, as the documentation has them, for one pod, one other end and one port at a time: slow, and with
 * nothing in common with what is tested but the selectors.
 */
type Labels = Record<string, string>;
interface Pod {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  readonly named: number;
}
type Other = Pod | string;
interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly number: number;
}

interface Rule {
  readonly peers: readonly Peer[];
  readonly ports: readonly PolicyPort[];
}
type Peer = { podSelector?: object; namespaceSelector?: object; ipBlock?: { cidr: string; except: string[] } };
type PolicyPort = { port?: number | string; endPort?: number; protocol?: string };
interface Policy {
  readonly namespace: string;
  readonly podSelector: object;
  readonly types: readonly string[];
  readonly ingress: readonly Rule[];
  readonly egress: readonly Rule[];
}

function allows(policies: readonly Policy[], direction: 'ingress' | 'egress', pod: Pod, other: Other, target: Other, port: Port): boolean {
  const type = direction === 'ingress' ? 'Ingress' : 'Egress';
  const mine = policies.filter(
    (p) => p.namespace === pod.namespace && selects(p.podSelector as never, pod.labels) && p.types.includes(type),
  );
  if (mine.length === 0) return true;
  return mine.some((p) => p[direction].some((rule) => matchesPeers(rule, p.namespace, other) && matchesPorts(rule, target, port)));
}

function matchesPeers({ peers }: Rule, namespace: string, other: Other): boolean {
  if (peers.length === 0) return true;
  return peers.some(({ ipBlock, podSelector, namespaceSelector }) => {
    if (ipBlock) {
      if (typeof other !== 'string') return ipBlock.cidr === '0.0.0.0/0' && !ipBlock.except.some((cidr) => cidr.startsWith('10.'));
      return inBlock(ipBlock.cidr, other) && !ipBlock.except.some((cidr) => inBlock(cidr, other));
    }
    if (typeof other === 'string') return false;
    const there = namespaceSelector ? selects(namespaceSelector as never, other.namespaceLabels) : other.namespace === namespace;
    return there && selects((podSelector ?? {}) as never, other.labels);
  });
}

function inBlock(cidr: string, address: string): boolean {
  const list = blocks.get(cidr) ?? new BlockList();
  if (!blocks.has(cidr)) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix));
    blocks.set(cidr, list);
  }
  return list.check(address);
}
const blocks = new Map<string, BlockList>();

function matchesPorts({ ports }: Rule, target: Other, { protocol, number }: Port): boolean {
  if (ports.length === 0) return true;
  return ports.some((entry) => {
    if ((entry.protocol ?? 'TCP') !== protocol) return false;
    if (entry.port === undefined) return true;
    if (typeof entry.port === 'string')
      return typeof target !== 'string' && protocol === 'TCP' && entry.port === 'http' && target.named === number;
    return number >= entry.port && number <= (entry.endPort ?? entry.port);
  });
}

const NAMESPACES: Record<string, Labels> = { a: { team: 'x' }, b: { team: 'y' } };
const label = fc.constantFrom('1', '2');
const selector = fc.oneof(
  fc.constant({}),
  fc.record({ matchLabels: fc.dictionary(fc.constantFrom('app', 'tier'), label, { minKeys: 1 }) }),
  fc.record({
    matchExpressions: fc.array(
      fc.record({ key: fc.constant('tier'), operator: fc.constantFrom('In', 'NotIn', 'Exists'), values: fc.array(label) }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
  }),
);
const namespaceSelector = fc.oneof(
  fc.constant({}),
  fc.constantFrom('a', 'b', 'c').map((name) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } })),
  fc.constantFrom('x', 'y').map((team) => ({ matchLabels: { team } })),
);
const cidr = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.0/24', '203.0.113.0/24');
const peer: fc.Arbitrary<Peer> = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector, podSelector: selector }),
  fc.record({ namespaceSelector }),
  fc
    .record({
      ipBlock: fc.record({ cidr, except: fc.array(fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '203.0.113.0/25'), { maxLength: 2 }) }),
    })
    .map(
      // an exception lies within its block, or the API server refuses it
      ({ ipBlock }) => ({ ipBlock: { ...ipBlock, except: ipBlock.except.filter((e) => e !== ipBlock.cidr && within(ipBlock.cidr, e)) } }),
    ),
);
const port: fc.Arbitrary<PolicyPort> = fc.oneof(
  fc.record({ port: fc.constantFrom(1, 2, 3) }),
  fc.constant({ port: 1, endPort: 2 }),
  fc.constant({ port: 'http' }),
  fc.constant({ protocol: 'UDP', port: 1 }),
  fc.constant({ protocol: 'UDP' }),
);
const rule: fc.Arbitrary<Rule> = fc.record({ peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) });
const policy: fc.Arbitrary<Policy> = fc.record({
  namespace: fc.constantFrom('a', 'b'),
  podSelector: selector,
  types: fc.constantFrom(['Ingress'], ['Egress'], ['Ingress', 'Egress']),
  ingress: fc.array(rule, { maxLength: 2 }),
  egress: fc.array(rule, { maxLength: 2 }),
});
const workload = fc.record({
  labels: fc.record({ app: label, tier: label }, { requiredKeys: [] }),
  namespace: fc.constantFrom('a', 'b'),
  named: fc.constantFrom(2, 3),
});
type Drawn = { labels: object; namespace: string; named: number };
interface Tree {
  readonly workloads: readonly Drawn[];
  readonly policies: readonly Policy[];
}
const trees = fc.record({ workloads: fc.array(workload, { minLength: 1, maxLength: 3 }), policies: fc.array(policy, { maxLength: 3 }) });

function within(outer: string, inner: string): boolean {
  const [a, b] = [blockOf(outer), blockOf(inner)];
  return a !== undefined && b !== undefined && contains(a, b);
}

function objectsOf({ workloads, policies }: Tree): object[] {
  const entry = (peers: 'from' | 'to') => (r: Rule) => ({ [peers]: r.peers, ports: r.ports });
  return [
    ...Object.entries(NAMESPACES).map(([name, labels]) => namespace(name, labels)),
    ...workloads.map(({ labels, named, ...rest }, i) =>
      app(`w${i}`, { ...rest, labels: { app: undefined, ...labels }, ports: [{ name: 'http', containerPort: named }] }),
    ),
    ...policies.map(({ types, ingress, egress, podSelector, ...metadata }, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `p${i}`, ...metadata },
      spec: { podSelector, policyTypes: types, ingress: ingress.map(entry('from')), egress: egress.map(entry('to')) },
    })),
  ];
}

const PORTS: Port[] = [1, 2, 3, 9].flatMap((number) => [{ protocol: 'TCP', number } as const, { protocol: 'UDP', number } as const]);
const ADDRESSES = ['10.1.2.3', '10.1.9.9', '10.9.9.9', '203.0.113.1', '203.0.113.200', '198.51.100.1'];
const named = (name: string): Labels => ({ ...NAMESPACES[name], 'kubernetes.io/metadata.name': name });
/** Pods of a namespace without workloads, so that a selector for them is never taken for one of these. */
const STRANGERS: Pod[] = [{}, { app: '1' }, { app: '1', tier: '2' }, { app: '2', tier: '1' }].map((labels) => ({
  namespace: 'c',
  namespaceLabels: named('c'),
  labels: labels as Labels,
  named: 0,
}));

const has = (ports: Ports, { protocol, number }: Port) => ports.covers(Ports.range(protocol, number));

function pod({ namespace: name, labels, namedPorts }: Workload): Pod {
  return { namespace: name, namespaceLabels: named(name), labels, named: Number(/\d+/.exec(`${namedPorts.get('TCP http')}`)) };
}

/** Whether an end takes a pod or an address. */
function takes({ kind, title, selection, workload: is }: End, other: Other | Workload): boolean {
  if (kind === 'anything') return true;
  if (typeof other === 'string') {
    const [block = '', except = ''] = title.replace('any IPv4 address', '0.0.0.0/0').split(' except ');
    return kind === 'addresses' && inBlock(block, other) && !except.split(', ').some((c) => c !== '' && inBlock(c, other));
  }
  if ('key' in other && is) return is.key === other.key;
  return selection?.matches(other.namespaceLabels, other.labels) ?? false;
}

/** Whether a list says that one may talk to the other. What lies behind the name of a port is known of workloads only. */
function says(connections: readonly Connection[], from: Other | Workload, to: Other | Workload, p: Port): boolean {
  const numbers = typeof to !== 'string' && 'key' in to ? to.namedPorts : new Map();
  return connections.some((c) => takes(c.from, from) && takes(c.to, to) && has(c.ports.resolved(numbers), p));
}

function everyPair<A, B>(from: readonly A[], to: readonly B[]): [A, B, Port][] {
  return from.flatMap((a) => to.flatMap((b) => PORTS.map((p): [A, B, Port] => [a, b, p])));
}

const text = ([from, to, { protocol, number }]: [Other | Workload, Other | Workload, Port]) =>
  `${[from, to].map((end) => (typeof end === 'object' && 'key' in end ? end.key : JSON.stringify(end))).join(' → ')} ${protocol} ${number}`;

/** Who can talk to whom in a tree: workloads of it or of another one, and addresses, but for what two addresses say to each other. */
function can({ policies }: Tree, objects: object[]) {
  const all = new Map(workloadsOf(objects).map((workload) => [workload.key, pod(workload)]));
  const here = (end: Workload | string) => (typeof end === 'string' ? end : all.get(end.key));
  return (from: Workload | string, to: Workload | string, p: Port): boolean => {
    const [a, b] = [here(from), here(to)];
    if (a === undefined || b === undefined || (typeof a === 'string' && typeof b === 'string')) return false;
    const out = typeof a === 'string' || allows(policies, 'egress', a, b, b, p);
    return out && (typeof b === 'string' || allows(policies, 'ingress', b, a, b, p));
  };
}

const workloadsOf = (objects: object[]) => [...new Connections(manifests(objects)).pods.workloads.values()];

test('between workloads: what both sides allow, port by port', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const connections = new Connections(manifests(objectsOf(tree)));
      const all = [...connections.pods.workloads.values()];
      const wrong = everyPair(all, all).filter(([from, to, p]) => {
        const [a, b] = [pod(from), pod(to)];
        const expected = allows(tree.policies, 'egress', a, b, b, p) && allows(tree.policies, 'ingress', b, a, b, p);
        return has(connections.between(from, to), p) !== expected;
      });
      expect(wrong.map(text)).toEqual([]);
    }),
  );
});

test('with the outside: what the one side allows is in the list, and nothing else', () => {
  fc.assert(
    fc.property(trees, (tree) => {
      const connections = new Connections(manifests(objectsOf(tree)));
      const wrong = everyPair([...connections.pods.workloads.values()], [...STRANGERS, ...ADDRESSES]).filter(([own, other, p]) => {
        const into = allows(tree.policies, 'ingress', pod(own), other, pod(own), p);
        const out = allows(tree.policies, 'egress', pod(own), other, other, p);
        return says(connections.all, other, own, p) !== into || says(connections.all, own, other, p) !== out;
      });
      expect(wrong.map(text)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('changes: everything that is opened or closed is said, and of pairs and addresses nothing else', () => {
  fc.assert(
    fc.property(trees, trees, (before, after) => {
      const [old, now] = [objectsOf(before), objectsOf(after)];
      const [was, is] = [can(before, old), can(after, now)];
      const { opened, closed } = connectionChanges(manifests(old), manifests(now));
      const wrong = (changes: readonly Connection[], workloads: Workload[], more: ReturnType<typeof can>, less: ReturnType<typeof can>) => {
        const exact = changes.filter(({ from, to }) => [from, to].every(({ kind }) => kind === 'workload' || kind === 'addresses'));
        const ends = [...workloads, ...ADDRESSES];
        return everyPair(ends, ends).filter(([from, to, p]) => {
          const gained = more(from, to, p) && !less(from, to, p);
          return gained ? !says(changes, from, to, p) : says(exact, from, to, p);
        });
      };
      expect(wrong(opened, workloadsOf(now), is, was).map(text)).toEqual([]);
      expect(wrong(closed, workloadsOf(old), was, is).map(text)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('a first policy opens nothing', () => {
  fc.assert(
    fc.property(trees, ({ workloads, policies }) => {
      const { opened } = connectionChanges(
        manifests(objectsOf({ workloads, policies: [] })),
        manifests(objectsOf({ workloads, policies })),
      );
      expect(opened).toEqual([]);
    }),
  );
});

test('a rule more in a policy closes nothing', () => {
  fc.assert(
    fc.property(trees, fc.nat(), rule, fc.boolean(), ({ workloads, policies }, index, more, isIngress) => {
      const direction = isIngress ? 'ingress' : 'egress';
      const changed = policies.map((p, i) => (i === index % policies.length ? { ...p, [direction]: [...p[direction], more] } : p));
      const { closed } = connectionChanges(
        manifests(objectsOf({ workloads, policies })),
        manifests(objectsOf({ workloads, policies: changed })),
      );
      expect(closed).toEqual([]);
    }),
  );
});

test('two trees that are the same have no changes, and nothing at all makes it throw', () => {
  fc.assert(
    fc.property(trees, fc.array(fc.anything()), (tree, more) => {
      const objects = [...objectsOf(tree), ...more];
      expect(connectionChanges(manifests(objects), manifests(objects))).toEqual({ opened: [], closed: [] });
    }),
  );
  const broken = (value: unknown) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x' }, spec: value });
  const part = fc.oneof(fc.anything(), fc.array(fc.anything()));
  const spec = fc.record(
    {
      podSelector: part,
      policyTypes: fc.oneof(part, fc.constant(['Ingress', 'Egress'])),
      ingress: fc.array(
        fc.record({ from: fc.oneof(part, fc.array(fc.record({ podSelector: part, ipBlock: part }, { requiredKeys: [] }))), ports: part }),
      ),
      egress: part,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(spec, fc.anything()), (value) => {
      expect(Array.isArray(new Connections(manifests([app('web', { namespace: 'default' }), broken(value)])).all)).toBe(true);
    }),
  );
});

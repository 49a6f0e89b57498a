/** The protocols that a NetworkPolicy knows; traffic of others (ICMP) is not its business. */
const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** From and to, both included, on one line of numbers for all protocols: 65536 for each, of which 0 is no port. */
type Range = readonly [from: number, to: number];

/** A port of pods that are not among the manifests, so that nobody here knows its number. */
export interface NamedPort {
  readonly protocol: Protocol;
  readonly name: string;
}

/** The ports of pods by their names, as `portKey` writes them. */
export type NamedPorts = ReadonlyMap<string, Ports>;

const [FIRST, LAST, STEP] = [1, 65535, 65536];

/** A set of ports of some protocols. */
export class Ports {
  public static readonly NONE = new Ports([], []);
  public static readonly ALL = new Ports(PROTOCOLS.map(whole), []);

  /** Both ends included; without them, all ports of that protocol. */
  public static range(protocol: Protocol, from?: number, to = from): Ports {
    if (from === undefined || to === undefined) return new Ports([whole(protocol)], []);
    const [low, high] = [Math.max(FIRST, Math.ceil(from)), Math.min(LAST, Math.floor(to))];
    return low <= high ? new Ports([[start(protocol) + low, start(protocol) + high]], []) : Ports.NONE;
  }

  public static named(protocol: Protocol, name: string): Ports {
    return new Ports([], [{ protocol, name }]);
  }

  public static union(sets: readonly Ports[]): Ports {
    return sets.reduce((sum, set) => sum.or(set), Ports.NONE);
  }

  public readonly isEmpty: boolean;
  public readonly isAll: boolean;

  private constructor(
    /** In order, with a gap between one and the next. */
    private readonly ranges: readonly Range[],
    public readonly names: readonly NamedPort[],
  ) {
    this.isEmpty = ranges.length === 0 && names.length === 0;
    this.isAll = ranges.length === PROTOCOLS.length && ranges.every(([from, to]) => to - from === LAST - FIRST);
  }

  public or(other: Ports): Ports {
    if (this === other || other.isEmpty || this.isAll) return this;
    if (this.isEmpty || other.isAll) return other;
    return new Ports(merged([...this.ranges, ...other.ranges]), distinct([...this.names, ...other.names]));
  }

  public and(other: Ports): Ports {
    if (this === other || this.isEmpty || other.isAll) return this;
    if (other.isEmpty || this.isAll) return other;
    const ranges = this.ranges.flatMap((range) => other.ranges.flatMap((more) => overlap(range, more)));
    const names = [...this.names.filter((name) => other.hasNamed(name)), ...other.names.filter((name) => this.hasNamed(name))];
    return new Ports(ranges, distinct(names));
  }

  public minus(other: Ports): Ports {
    if (this.isEmpty || other.isEmpty) return this;
    if (this === other || other.isAll) return Ports.NONE;
    const ranges = other.ranges.reduce<readonly Range[]>((left, cut) => left.flatMap((range) => without(range, cut)), this.ranges);
    const names = this.names.filter((name) => !other.hasNamed(name));
    return new Ports(ranges, names);
  }

  public covers(other: Ports): boolean {
    return other.minus(this).isEmpty;
  }

  /** With the numbers in the place of the names, for the pods that have them; a name that they do not have is no port. */
  public resolved(numbers: NamedPorts): Ports {
    if (this.names.length === 0) return this;
    return Ports.union([new Ports(this.ranges, []), ...this.names.map((port) => numbers.get(portKey(port)) ?? Ports.NONE)]);
  }

  /** `TCP 5432, 8008; UDP 53`, `all ports`. */
  public toString(): string {
    if (this.isEmpty) return 'no port';
    if (this.isAll) return 'all ports';
    const parts = PROTOCOLS.map((protocol) => [protocol, this.textsOf(protocol).join(', ')] as const);
    return parts.flatMap(([protocol, text]) => (text ? [`${protocol} ${text}`] : [])).join('; ');
  }

  private textsOf(protocol: Protocol): string[] {
    if (this.hasWhole(protocol)) return ['any'];
    const zero = start(protocol);
    const ranges = this.ranges.filter(([from]) => from > zero && from < zero + STEP);
    const numbers = ranges.map(([from, to]) => (from === to ? `${from - zero}` : `${from - zero}-${to - zero}`));
    return [...numbers, ...this.names.filter((port) => port.protocol === protocol).map(({ name }) => name)];
  }

  private hasWhole(protocol: Protocol): boolean {
    const [first, last] = whole(protocol);
    return this.ranges.some(([from, to]) => from === first && to === last);
  }

  private hasNamed(port: NamedPort): boolean {
    return this.hasWhole(port.protocol) || this.names.some((mine) => portKey(mine) === portKey(port));
  }
}

export function portKey({ protocol, name }: NamedPort): string {
  return `${protocol} ${name}`;
}

/** The protocol meant: TCP where none is given; undefined where it is none that a NetworkPolicy knows. */
export function protocolOf(value: unknown): Protocol | undefined {
  return value === undefined || value === null ? 'TCP' : PROTOCOLS.find((protocol) => protocol === value);
}

function start(protocol: Protocol): number {
  return PROTOCOLS.indexOf(protocol) * STEP;
}

function whole(protocol: Protocol): Range {
  return [start(protocol) + FIRST, start(protocol) + LAST];
}

function overlap(a: Range, b: Range): Range[] {
  const [from, to] = [Math.max(a[0], b[0]), Math.min(a[1], b[1])];
  return from <= to ? [[from, to]] : [];
}

function without(range: Range, cut: Range): Range[] {
  if (cut[1] < range[0] || cut[0] > range[1]) return [range];
  const left: Range[] = [
    [range[0], cut[0] - 1],
    [cut[1] + 1, range[1]],
  ];
  return left.filter(([from, to]) => from <= to);
}

function merged(ranges: Range[]): Range[] {
  const result: Range[] = [];
  for (const range of ranges.sort((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && range[0] <= last[1] + 1) result[result.length - 1] = [last[0], Math.max(last[1], range[1])];
    else result.push(range);
  }
  return result;
}

function distinct(names: readonly NamedPort[]): readonly NamedPort[] {
  if (names.length < 2) return names;
  const byKey = new Map(names.map((name) => [portKey(name), name]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name);
}

import { isIP } from 'node:net';

/** A block of addresses, as a CIDR names it. */
export interface Block {
  readonly family: 4 | 6;
  /** Its first address. */
  readonly first: bigint;
  readonly prefix: number;
  /** In canonical form: `10.0.0.0/8`. */
  readonly text: string;
}

/** Undefined if it is no CIDR. */
export function blockOf(cidr: unknown): Block | undefined {
  const [, address = '', digits = ''] = (typeof cidr === 'string' && /^([^/%]+)\/(\d{1,3})$/.exec(cidr)) || [];
  const family = isIP(address);
  const [bits, prefix] = [family === 4 ? 32 : 128, Number(digits)];
  if ((family !== 4 && family !== 6) || prefix > bits) return undefined;
  const rest = BigInt(bits - prefix);
  const first = ((family === 4 ? number4(address) : number6(address)) >> rest) << rest;
  return { family, first, prefix, text: `${family === 4 ? text4(first) : text6(first)}/${prefix}` };
}

/** Whether a block has all addresses of another one. */
export function contains(outer: Block, inner: Block): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const rest = BigInt((outer.family === 4 ? 32 : 128) - outer.prefix);
  return outer.first >> rest === inner.first >> rest;
}

/** Two blocks have an address in common only if one has all of the other. */
export function overlaps(a: Block, b: Block): boolean {
  return contains(a, b) || contains(b, a);
}

/** Where the addresses of pods lie: private ranges, shared ones (RFC 6598), unique local ones. */
const OF_PODS = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'].flatMap((cidr) => blockOf(cidr) ?? []);

export function mayHavePods(block: Block): boolean {
  return OF_PODS.some((pods) => overlaps(pods, block));
}

function number4(address: string): bigint {
  return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function text4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

function number6(address: string): bigint {
  const [head = '', tail] = canonical6(address).split('::');
  const groups = (part: string | undefined) => (part ? part.split(':') : []);
  const [left, right] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function text6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 65535n).toString(16));
  return canonical6(groups.join(':'));
}

/** A URL writes an IPv6 address in its one canonical form, without dots. */
function canonical6(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

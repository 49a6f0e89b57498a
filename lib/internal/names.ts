import { isIP } from 'node:net';

/** DNS-1035, as Services demand: begins with a letter. */
export function isDnsLabel(name: string, longest: number): boolean {
  return name.length <= longest && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

/** A label value that stays a string when YAML is read: Patroni parses `true`, `1.0` or `on` to something else. */
export function isStringLabelValue(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(value) &&
    !/^(y|n|yes|no|on|off|true|false|null|~)$/i.test(value) &&
    !/^[-+.0-9][0-9_.eExXoO+-]*$/.test(value) &&
    !/^0[xXbBoO][0-9a-fA-F_]+$/.test(value)
  );
}

/** A label key: an optional DNS prefix and a name of at most 63 characters. */
export function isLabelKey(key: string): boolean {
  return /^([a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/.test(key);
}

/** A name PostgreSQL takes as it is, without folding or cutting it. */
export function isSqlName(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z_][a-z0-9_-]{0,62}$/.test(name);
}

/** An address and the number of bits that count. */
export function isCidr(text: string): boolean {
  const [address = '', bits = '', more] = text.split('/');
  const longest = { 4: 32, 6: 128 }[isIP(address)];
  return more === undefined && longest !== undefined && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
}

/** A TCP port. */
export function isPort(port: unknown): boolean {
  return Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65535;
}

/** A DNS subdomain, as most Kubernetes objects are called. */
export function isDnsName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name);
}

import { valueText } from '../compare/words';
import { at, type Fields, fields, isFields, list, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';

export type Direction = 'Ingress' | 'Egress';

/** One pair of peer and port that a rule lets through, in words. */
export interface Allowed {
  readonly peer: string;
  readonly port: string;
}

/** The directions in which a policy restricts its pods. */
export function directionsOf({ object }: Manifest): Direction[] {
  const types = list(object, 'spec', 'policyTypes');
  if (types.length > 0) return (['Ingress', 'Egress'] as const).filter((direction) => types.includes(direction));
  return list(object, 'spec', 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** So many pairs of one policy; what has more is a list of addresses, and compared as far as that. */
const MOST = 5000;

export function rulesOf({ object }: Manifest, direction: Direction): Allowed[] {
  const found: Allowed[] = [];
  const [rules, side] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
  for (const rule of list(object, 'spec', rules)) {
    const peers = list(rule, side);
    const ports = list(rule, 'ports');
    const peerWords = peers.length > 0 ? peers.map(peerInWords) : ['anyone'];
    const portWords = ports.length > 0 ? ports.map(portInWords) : ['every port'];
    for (const peer of peerWords) for (const port of portWords) if (found.length < MOST) found.push({ peer, port });
  }
  return found;
}

function portInWords(port: unknown): string {
  const protocol = text(port, 'protocol') ?? 'TCP';
  const number = at(port, 'port');
  const end = at(port, 'endPort');
  if (number === undefined) return `every port/${protocol}`;
  return `${valueText(number, 30)}${end === undefined ? '' : `–${valueText(end, 30)}`}/${protocol}`;
}

function peerInWords(peer: unknown): string {
  const cidr = text(peer, 'ipBlock', 'cidr');
  if (cidr !== undefined) {
    const except = list(peer, 'ipBlock', 'except').map((block) => valueText(block, 50));
    return except.length > 0 ? `${cidr} without ${listed(except)}` : cidr;
  }
  const namespaces = at(peer, 'namespaceSelector');
  const pods = selectorWords(fields(peer, 'podSelector'));
  const what = pods ? `pods with ${pods}` : 'every pod';
  return isFields(namespaces) ? `${what} of ${namespaceWords(namespaces)}` : `${what} of the same namespace`;
}

function namespaceWords(selector: Fields): string {
  const name = text(selector, 'matchLabels', 'kubernetes.io/metadata.name');
  if (name !== undefined && Object.keys(fields(selector, 'matchLabels')).length === 1 && list(selector, 'matchExpressions').length === 0) {
    return `namespace ${name}`;
  }
  const words = selectorWords(selector);
  return words ? `namespaces with ${words}` : 'any namespace';
}

/** A label selector in one line, the same for the same selector; empty where it takes all. */
export function selectorWords(selector: Fields): string {
  const labels = Object.entries(fields(selector, 'matchLabels')).map(([key, value]) => `${key}=${valueText(value, 63)}`);
  const expressions = list(selector, 'matchExpressions').map((expression) => {
    const values = list(expression, 'values').map((value) => valueText(value, 63));
    return `${text(expression, 'key') ?? ''} ${text(expression, 'operator') ?? ''}${values.length > 0 ? ` (${values.sort().join(', ')})` : ''}`;
  });
  return [...labels.sort(), ...expressions.sort()].join(', ');
}

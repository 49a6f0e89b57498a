import { allOf, isA } from '../compare/kinds';
import { type Comparison, touches } from '../compare/pairs';
import { valueText } from '../compare/words';
import { at, list, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import { type Note, note } from './note';

/** Hosts and paths of Ingresses that open, close or lead elsewhere, and their certificates. */
export function ingressNotes(comparison: Comparison): Note[] {
  if (!touches(comparison, 'Ingress')) return [];
  const { before, after, added, removed, both } = comparison;
  const is = (manifest: Manifest) => isA(manifest, 'networking', 'Ingress');
  const pairs = [
    ...both.filter((pair) => is(pair.after)),
    ...added.filter(is).map((manifest) => ({ before: undefined, after: manifest })),
    ...removed.filter(is).map((manifest) => ({ before: manifest, after: undefined })),
  ];
  const [all, was] = [
    new Set(allOf(after, 'networking', 'Ingress').flatMap(addresses)),
    new Set(allOf(before, 'networking', 'Ingress').flatMap(addresses)),
  ];
  return pairs.flatMap((pair) => ofPair(pair, was, all));
}

interface Change {
  readonly before: Manifest | undefined;
  readonly after: Manifest | undefined;
}

/** @param was addresses of all Ingresses before @param is after: what only moves to another Ingress neither opens nor closes */
function ofPair({ before, after }: Change, was: ReadonlySet<string>, is: ReadonlySet<string>): Note[] {
  const { title } = (after ?? before) as Manifest;
  const [old, next] = [routes(before), routes(after)];
  const notes: Note[] = [];
  const field = 'spec.rules';
  const opened = [...next.keys()].filter((address) => !was.has(address));
  const closed = [...old.keys()].filter((address) => !is.has(address));
  if (opened.length > 0)
    notes.push(note('risky', title, `${listed(opened)} ${opened.length === 1 ? 'is' : 'are'} reachable from now on`, { field }));
  if (closed.length > 0)
    notes.push(note('risky', title, `${listed(closed)} ${closed.length === 1 ? 'is' : 'are'} no longer served`, { field }));
  for (const [address, backend] of next) {
    const previous = old.get(address);
    if (previous !== undefined && previous !== backend)
      notes.push(note('risky', title, `${address} leads to ${backend} instead of ${previous}`, { field }));
  }
  if (before && after) notes.push(...tlsNotes(before, after), ...classNotes(before, after));
  return notes;
}

function addresses(ingress: Manifest): string[] {
  return [...routes(ingress).keys()];
}

/** Host and path, to the Service and port behind them. */
function routes(ingress: Manifest | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const backend = (value: unknown) => {
    const name = text(value, 'service', 'name') ?? text(value, 'serviceName') ?? text(value, 'resource', 'name') ?? 'nothing';
    const port = at(value, 'service', 'port', 'number') ?? at(value, 'service', 'port', 'name') ?? at(value, 'servicePort');
    return port === undefined ? name : `${name}:${valueText(port, 30)}`;
  };
  const spec = ingress?.object.spec;
  const fallback = at(spec, 'defaultBackend');
  if (fallback !== undefined) found.set('every other host', backend(fallback));
  for (const rule of list(spec, 'rules')) {
    const host = text(rule, 'host') ?? '*';
    for (const path of list(rule, 'http', 'paths')) found.set(`${host}${text(path, 'path') ?? '/'}`, backend(at(path, 'backend')));
  }
  return found;
}

function tlsNotes(before: Manifest, after: Manifest): Note[] {
  const hosts = ({ object }: Manifest) =>
    list(object, 'spec', 'tls').flatMap((entry) => list(entry, 'hosts').map((host) => valueText(host, 100)));
  const lost = hosts(before).filter((host) => !hosts(after).includes(host));
  const gained = hosts(after).filter((host) => !hosts(before).includes(host));
  const field = 'spec.tls';
  return [
    ...(lost.length > 0
      ? [note('risky', after.title, `${listed(lost)} no longer ${lost.length === 1 ? 'has' : 'have'} a certificate here`, { field })]
      : []),
    ...(gained.length > 0
      ? [note('safe', after.title, `${listed(gained)} ${gained.length === 1 ? 'has' : 'have'} a certificate`, { field })]
      : []),
  ];
}

function classNotes(before: Manifest, after: Manifest): Note[] {
  const name = ({ object, annotations }: Manifest) =>
    text(object, 'spec', 'ingressClassName') ?? annotations['kubernetes.io/ingress.class'] ?? 'the default';
  if (name(before) === name(after)) return [];
  return [
    note(
      'risky',
      after.title,
      `the class goes from ${name(before)} to ${name(after)}: another controller, with another address, serves it`,
      { field: 'spec.ingressClassName' },
    ),
  ];
}

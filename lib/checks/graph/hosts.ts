import type { Workload } from '../connections';
import { at, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { podReferences } from '../manifests/references';

/** Of a text only its beginning is read: a script or a table of data has no host in its second half that its first lacks. */
const MOST_READ = 20_000;

/** Names of variables whose value is a host. */
const OF_HOST = /(?:HOST|HOSTNAME|SERVER|ADDRESS|ADDR|ENDPOINT|BROKER|UPSTREAM)S?$/i;

/** A URL, a connection string or a setting up to the host that it names. */
const BEFORE_HOST = /(?:\/\/|@|host(?:name)?\s?[=:]\s?)$/i;

/** The hosts that a workload's variables, commands and ConfigMaps name, as far as one can tell by reading. */
export function hostsOf(workload: Workload, manifests: Manifests): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const { spec } of workload.manifest.pod.containers) {
    for (const entry of list(spec, 'env')) {
      const [name, value] = [text(entry, 'name') ?? '', text(entry, 'value') ?? ''];
      if (OF_HOST.test(name) && /^[\w.-]+$/.test(value)) hosts.add(value);
      read(value, hosts);
    }
    for (const word of [...list(spec, 'command'), ...list(spec, 'args')]) if (typeof word === 'string') read(word, hosts);
  }
  for (const { kind, name, namespace } of podReferences(workload.manifest)) {
    const data = kind === 'ConfigMap' && at(manifests.get('', 'ConfigMap', namespace, name)?.object, 'data');
    for (const value of Object.values(data || {})) if (typeof value === 'string') read(value, hosts);
  }
  return hosts;
}

/**
 * Whether a host is a Service's, seen from a namespace: `orders`, `orders.shop`, `orders.shop.svc.cluster.local`, or a pod of it:
 * `orders-0.orders.shop.svc`.
 */
export function isHostOf({ name, namespace }: Manifest, host: string, from: string): boolean {
  const [first, second, third, fourth] = host.split('.');
  if (first === name && second === undefined) return from === namespace;
  if (first === name && second === namespace) return third === undefined || third === 'svc';
  return second === name && third === namespace && fourth === 'svc';
}

/** A word counts where what stands around it shows it to be a host, or where it has several parts. */
function read(value: string, hosts: Set<string>): void {
  const start = value.slice(0, MOST_READ);
  for (const { 0: word, index } of start.matchAll(/[\w.-]+/g)) {
    const end = index + word.length;
    const isShown = BEFORE_HOST.test(start.slice(Math.max(0, index - 12), index)) || /^:\d{2,5}\b/.test(start.slice(end, end + 6));
    if (word.length <= 253 && (isShown || word.includes('.'))) hosts.add(word);
  }
}

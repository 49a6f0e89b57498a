import { resource } from '../compare/commands';
import { isA } from '../compare/kinds';
import { match } from '../compare/lists';
import type { Comparison, Pair } from '../compare/pairs';
import { same } from '../compare/same';
import { valueText } from '../compare/words';
import { type Fields, fields, list, text, texts } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';
import { takes } from '../manifests/selector';
import { listed } from '../manifests/words';
import { headless } from '../rules/changes/exceptions';
import { mentions } from './mentions';
import { type Note, note } from './note';

/** Services whose address, ports or pods change, and those that come or go. */
export function serviceNotes(comparison: Comparison): Note[] {
  const gone = comparison.removed.filter(isService);
  return [
    ...gone.map((service) => removed(service, comparison)),
    ...comparison.added.filter(isService).flatMap(exposed),
    ...comparison.changed.filter(({ after }) => isService(after)).flatMap((pair) => changed(pair, comparison)),
  ];
}

function isService(manifest: Manifest): boolean {
  return isA(manifest, 'core', 'Service');
}

function removed(service: Manifest, { renamed, after }: Comparison): Note {
  const next = renamed.find((pair) => pair.before === service)?.after;
  const users = mentions(service, after);
  const address = `${service.name}.${service.namespace}.svc`;
  const message = next ? `its address ${address} becomes ${next.name}.${next.namespace}.svc` : `its address ${address} is gone`;
  const still = users.length > 0 ? `; still named by ${listed(users)}` : '';
  return note('risky', service.title, `${message}${still}`, {
    fix: next ? 'keep a Service with the old name until no client uses it' : '',
  });
}

const OUTSIDE = ['NodePort', 'LoadBalancer'];

function exposed(service: Manifest): Note[] {
  const type = typeOf(service);
  if (!OUTSIDE.includes(type)) return [];
  return [
    note('risky', service.title, `it is new, and reachable from outside the cluster (${type})${rangesOf(service)}`, { field: 'spec.type' }),
  ];
}

function rangesOf({ object }: Manifest): string {
  const ranges = list(object, 'spec', 'loadBalancerSourceRanges');
  return ranges.length > 0 ? `, by ${listed(ranges.map((range) => valueText(range, 50)))}` : '';
}

function changed(pair: Pair, comparison: Comparison): Note[] {
  return [...typeNotes(pair), ...addressNotes(pair), ...portNotes(pair), ...selectorNotes(pair, comparison), ...balancerNotes(pair)];
}

function typeOf({ object }: Manifest): string {
  return text(object, 'spec', 'type') ?? 'ClusterIP';
}

function typeNotes({ before, after }: Pair): Note[] {
  const [old, next] = [typeOf(before), typeOf(after)];
  const field = 'spec.type';
  if (old === next) return [];
  const [was, is] = [OUTSIDE.includes(old), OUTSIDE.includes(next)];
  const reach =
    is && !was
      ? `: from now on it is reachable from outside the cluster${rangesOf(after)}`
      : was && !is
        ? ': clients outside the cluster no longer reach it'
        : '';
  const other = [old, next].includes('ExternalName') ? ': its name resolves to something else' : '';
  return [note('risky', after.title, `the type goes from ${old} to ${next}${reach}${other}`, { field })];
}

function addressNotes({ before, after }: Pair): Note[] {
  const [old, next] = [fields(before.object, 'spec'), fields(after.object, 'spec')];
  const notes: Note[] = [];
  if (headless(old) && next.clusterIP === undefined && next.clusterIPs === undefined && typeOf(after) !== 'ExternalName') {
    const message = 'clusterIP: None is no longer written, but the API server keeps it: the Service stays headless';
    notes.push(
      note('risky', after.title, message, {
        field: 'spec.clusterIP',
        fix: `run \`kubectl delete ${resource(after)}\` and apply, if it shall have an address`,
      }),
    );
  }
  for (const field of ['externalName', 'loadBalancerIP', 'externalIPs']) {
    if (same(old[field], next[field])) continue;
    const message = `${field} goes from ${valueText(old[field], 60)} to ${valueText(next[field], 60)}: clients are led elsewhere`;
    notes.push(note('risky', after.title, message, { field: `spec.${field}` }));
  }
  return notes;
}

/** By number and protocol, which is what clients use; what is left by name. */
function portNotes({ before, after }: Pair): Note[] {
  const ports = ({ object }: Manifest) => list(object, 'spec', 'ports').map((port) => ({ protocol: 'TCP', ...fields([port], 0) }));
  const sameNumber = (a: Fields, b: Fields) => a.port === b.port && a.protocol === b.protocol;
  const [all, wanted] = [ports(before), ports(after)];
  const kept = wanted.flatMap((next) => all.filter((old) => sameNumber(old, next)).map((old) => [old, next] as const));
  const gone = all.filter((old) => !wanted.some((next) => sameNumber(old, next)));
  const come = wanted.filter((next) => !all.some((old) => sameNumber(old, next)));
  const field = (port: Fields) => `spec.ports[${valueText(port.name ?? port.port, 60)}]`;
  const rest = match(gone, come).items.map((item) => {
    const [old, next] = [fields([item.before], 0), fields([item.after], 0)];
    if (item.in === 'before')
      return note('risky', after.title, `port ${portText(old)} is gone: clients that use it fail`, { field: field(old) });
    if (item.in === 'after') return note('safe', after.title, `port ${portText(next)} is new`, { field: field(next) });
    return portChange(after, field(next), old, next);
  });
  return [...kept.filter(([old, next]) => !samePort(old, next)).map(([old, next]) => portChange(after, field(next), old, next)), ...rest];
}

function samePort(old: Fields, next: Fields): boolean {
  const target = (port: Fields) => port.targetPort ?? port.port;
  return same({ ...old, targetPort: target(old) }, { ...next, targetPort: target(next) });
}

function portChange({ title }: Manifest, field: string, old: Fields, next: Fields): Note {
  const changes = ['port', 'protocol', 'targetPort', 'nodePort', 'appProtocol', 'name']
    .filter((name) => !same(old[name], next[name]))
    .map((name) => `${name} ${valueText(old[name], 60)} → ${valueText(next[name], 60)}`);
  const lost =
    ['port', 'protocol'].some((name) => !same(old[name], next[name])) || (old.nodePort !== undefined && old.nodePort !== next.nodePort);
  return note(lost ? 'risky' : 'safe', title, `${changes.join(', ')}${lost ? ': clients that use the old one fail' : ''}`, { field });
}

function portText(port: Fields): string {
  return `${valueText(port.port, 60)}/${valueText(port.protocol ?? 'TCP', 20)}`;
}

function selectorNotes({ before, after }: Pair, comparison: Comparison): Note[] {
  const [old, next] = [texts(before.object, 'spec', 'selector'), texts(after.object, 'spec', 'selector')];
  if (same(old, next)) return [];
  const [was, is] = [selected(before, old, comparison.before), selected(after, next, comparison.after)];
  const field = 'spec.selector';
  if (was.length === 0 && is.length === 0) {
    return [note('risky', after.title, `the selector goes from ${labelWords(old)} to ${labelWords(next)}`, { field })];
  }
  const [from, to] = [was, is].map((titles) => (titles.length > 0 ? listed(titles) : 'no pods of these manifests'));
  if (from === to) return [note('safe', after.title, `the selector changes, and still takes ${to}`, { field })];
  return [note('risky', after.title, `the selector takes ${to} instead of ${from}`, { field })];
}

function labelWords(labels: Readonly<Record<string, string>>): string {
  return listed(Object.entries(labels).map(([key, value]) => `${key}=${value}`)) || 'none';
}

function selected(service: Manifest, selector: Readonly<Record<string, string>>, all: Manifests): string[] {
  if (Object.keys(selector).length === 0) return [];
  return all.withPods
    .filter(({ namespace, pod }) => namespace === service.namespace && takes(selector, pod.labels))
    .map(({ title }) => title);
}

/** Of load balancers: who may reach them, and what may make the cloud replace them. */
function balancerNotes({ before, after }: Pair): Note[] {
  if (typeOf(after) !== 'LoadBalancer' || typeOf(before) !== 'LoadBalancer') return [];
  const ranges = ({ object }: Manifest) => list(object, 'spec', 'loadBalancerSourceRanges').map((range) => valueText(range, 50));
  const notes: Note[] = [];
  const [old, next] = [ranges(before), ranges(after)];
  const [opened, closed] = [next.filter((range) => !old.includes(range)), old.filter((range) => !next.includes(range))];
  const field = 'spec.loadBalancerSourceRanges';
  if (old.length > 0 && next.length === 0)
    notes.push(note('risky', after.title, `everyone may reach it, not only ${listed(old)}`, { field }));
  else if (old.length === 0 && next.length > 0)
    notes.push(note('risky', after.title, `only ${listed(next)} may reach it: others are shut out`, { field }));
  else {
    if (opened.length > 0) notes.push(note('risky', after.title, `${listed(opened)} may reach it too`, { field }));
    if (closed.length > 0) notes.push(note('risky', after.title, `${listed(closed)} may no longer reach it`, { field }));
  }
  const annotations = [...new Set([...Object.keys(before.annotations), ...Object.keys(after.annotations)])].filter(
    (name) => /load-?balancer/i.test(name) && before.annotations[name] !== after.annotations[name],
  );
  if (annotations.length > 0) {
    notes.push(
      note('risky', after.title, `${listed(annotations)} change: the cloud may make another load balancer, with another address`, {
        field: 'metadata.annotations',
      }),
    );
  }
  return notes;
}

import { at, isFields, list, text } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { isCustomResourceDefinition } from '../../schema/crds';
import { builtIns } from '../../schema/definitions';
import { filledInLater } from '../../schema/later';
import { namesIn } from '../../schema/named';
import { type Check, dnsLabel, objectName } from '../../schema/names';
import { below, shown } from '../../schema/say';
import { rangeOf, versions } from '../../schema/versions';
import type { Settings } from '../../settings';

/** SCH-3: names are what the API server takes, and leave room for what controllers add. */
export const namesRight: Rule = {
  id: 'SCH-3',
  severity: 'error',
  title: 'names, labels, ports and keys are of the characters and the length that Kubernetes allows',
  runs: ['synth', 'check'],
  source: 'https://kubernetes.io/docs/concepts/overview/working-with-objects/names/, kubernetes/kubernetes#64023',
  *find(manifests, settings) {
    const newVariables = (rangeOf(settings) & versions(undefined, '1.29')) === 0;
    for (const manifest of manifests) {
      yield* ownName(manifest, settings);
      yield* otherNames(manifest);
      const found: Found[] = [];
      namesIn(manifest, newVariables, (name, check, path, key) => {
        const rule = check(name);
        if (rule === undefined || filledInLater(name, settings)) return;
        found.push(finding(manifest, name, key === undefined ? path : below(path, key), rule, check));
      });
      yield* found;
    }
  },
};

/** Not what is asked and never kept (`TokenReview`), and not what is no object at all: the configuration of kind or of kubeadm has a kind too. */
function needsName({ apiVersion, kind, object }: Manifest): boolean {
  if (!kind || /Review$|List$/.test(kind)) return false;
  return isFields(object.metadata) || builtIns().get(apiVersion)?.has(kind) === true;
}

function* ownName(manifest: Manifest, settings: Settings): Iterable<Found> {
  const { object, group, kind, name } = manifest;
  const check = objectName(group, kind, (rangeOf(settings) & versions(undefined, '1.34')) === 0);
  const prefix = text(object, 'metadata', 'generateName');
  if (name) yield* wrong(manifest, name, 'metadata.name', check, settings);
  else if (prefix)
    yield* wrong(manifest, prefix.replace(/-$/, 'a'), 'metadata.generateName', check, settings); // so does the API server
  else if (needsName(manifest) && (at(object, 'metadata', 'name') ?? '') === '') {
    yield { manifest, field: 'metadata.name', message: `this ${kind} has no name`, fix: 'write metadata.name' };
  }
  const namespace = text(object, 'metadata', 'namespace');
  if (namespace && !manifest.clusterScoped) yield* wrong(manifest, namespace, 'metadata.namespace', dnsLabel, settings);
}

function* wrong(manifest: Manifest, name: string, field: string, check: Check, settings: Settings): Iterable<Found> {
  const rule = check(name);
  if (rule !== undefined && !filledInLater(name, settings)) yield finding(manifest, name, field, rule, check);
}

function finding(manifest: Manifest, name: string, field: string, rule: string, check: Check): Found {
  return { manifest, field, message: `${shown(name)} ${rule}`, fix: allowed(name, check) };
}

/** The nearest name that is allowed, where there is an obvious one. */
function allowed(name: string, check: Check): string {
  if (name.includes('{{')) return 'render the template that it is from first';
  if (/^\d+$/.test(name) && check(`${name}a`) === undefined) return `write ${name} without quotes, or a name with a letter in it`;
  const simpler = [
    name.toLowerCase(),
    name.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-'),
    name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  ];
  const near = simpler
    .map((text) => text.replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, ''))
    .find((text) => text !== '' && check(text) === undefined);
  return near === undefined ? 'write a name that is allowed' : `write ${near}`;
}

/** Names that have to be something in particular. */
function* otherNames(manifest: Manifest): Iterable<Found> {
  const { object, group, kind, name } = manifest;
  if (isCustomResourceDefinition(object)) {
    const is = `${text(object, 'spec', 'names', 'plural')}.${text(object, 'spec', 'group')}`;
    if (name && name !== is) {
      yield { manifest, field: 'metadata.name', message: `${name} is not the plural and the group, ${is}`, fix: `write ${is}` };
    }
  }
  const ports = group === '' && kind === 'Service' ? list(object, 'spec', 'ports') : [];
  for (const [index, port] of ports.length > 1 ? ports.entries() : []) {
    if ((text(port, 'name') ?? '') !== '') continue;
    const message = `a port has no name, and the Service has ${ports.length}`;
    yield { manifest, field: `spec.ports[${index}].name`, message, fix: 'name each port of a Service that has several' };
  }
}

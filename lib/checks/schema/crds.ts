import { at, type Fields, fields, isFields, list, text } from '../manifests/look';
import { read } from './data';
import { resourceShape } from './openapi';
import { ANY, once, type Shape } from './shape';

/** A kind that a CustomResourceDefinition adds. */
export interface CustomKind {
  readonly group: string;
  readonly kind: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** The release that it is from, e.g. `cert-manager v1.21.1`; undefined where the user gave it. */
  readonly from: string | undefined;
  /** Those that are served, by name. */
  readonly versions: ReadonlyMap<string, () => Shape>;
}

/** What a CustomResourceDefinition defines; undefined for anything else. */
export function customKind(object: unknown): CustomKind | undefined {
  if (!isCustomResourceDefinition(object)) return undefined;
  const group = text(object, 'spec', 'group');
  const kind = text(object, 'spec', 'names', 'kind');
  if (group === undefined || kind === undefined) return undefined;
  const open = at(object, 'spec', 'preserveUnknownFields') === true;
  const served = list(object, 'spec', 'versions').filter((version) => isFields(version) && version.served !== false);
  const old = text(object, 'spec', 'version'); // of apiextensions.k8s.io/v1beta1, with one schema for all versions
  const versions = served.map((version): [string, () => Shape] => {
    const schema = at(version, 'schema', 'openAPIV3Schema');
    return [text(version, 'name') ?? '', once(() => (open || schema === undefined ? ANY : resourceShape(schema, true)))];
  });
  return {
    group,
    kind,
    scope: text(object, 'spec', 'scope') === 'Cluster' ? 'Cluster' : 'Namespaced',
    from: undefined,
    versions: new Map(old === undefined ? versions : [[old, () => ANY], ...versions]),
  };
}

export function isCustomResourceDefinition(object: unknown): object is Fields {
  return text(object, 'kind') === 'CustomResourceDefinition' && (text(object, 'apiVersion') ?? '').startsWith('apiextensions.k8s.io/');
}

interface Entry {
  readonly file: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly string[];
  readonly from: string;
}

const index = once(() => read<Readonly<Record<string, Entry>>>('crds/index.json'));
const shipped = new Map<string, CustomKind | undefined>();

/** A kind whose definition is in this package; the file of a kind is read with the first of its objects. */
export function shippedKind(group: string, kind: string): CustomKind | undefined {
  const key = `${group}/${kind}`;
  if (!shipped.has(key)) shipped.set(key, Object.hasOwn(index(), key) ? load(group, kind, index()[key] as Entry) : undefined);
  return shipped.get(key);
}

/** `group/Kind` of all that are in this package. */
export function shippedKinds(): readonly string[] {
  return Object.keys(index());
}

function load(group: string, kind: string, { file, scope, versions, from }: Entry): CustomKind {
  const content = once(() => read<Fields>(file));
  const shape = (version: string) => once(() => resourceShape(at(content(), 'versions', version), false, fields(content(), 'definitions')));
  return { group, kind, scope, from, versions: new Map(versions.map((version) => [version, shape(version)])) };
}

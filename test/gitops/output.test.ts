import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Json } from '../support';

/** What this library emits, as it lies in the repository: the golden files, and the examples' output. */
const FILES = ['test/golden', 'dist'].flatMap((folder) =>
  readdirSync(join(__dirname, '../..', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join(folder, file)),
);
const OBJECTS: Json[] = FILES.flatMap((file) =>
  parseAllDocuments(readFileSync(join(__dirname, '../..', file), 'utf8')).map((document) => ({ file, ...document.toJS() })),
);

const KEPT = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' };

/** What must hold so that neither Argo CD nor Flux loses data, runs something twice, or sees a difference that is none. */
const RULES: Record<string, (object: Json) => string[]> = {
  'what holds data is kept by both': (object) => {
    const holders = ['StatefulSet', 'PersistentVolumeClaim', 'Namespace'].includes(object.kind) ? [object] : [];
    return [...holders, ...(object.spec?.volumeClaimTemplates ?? [])]
      .filter(({ metadata }) => Object.entries(KEPT).some(([key, value]) => metadata.annotations?.[key] !== value))
      .map(({ metadata }) => `${metadata.name} may be removed`);
  },
  'Flux does not substitute in what has ${…} of its own': (object) => {
    const disabled = object.metadata.annotations?.['kustomize.toolkit.fluxcd.io/substitute'] === 'disabled';
    return !disabled && /\$\{/.test(JSON.stringify(object)) ? ['a ${…} would be substituted'] : [];
  },
  'a Job has a hash in its name and stays when it has ended': ({ kind, metadata, spec }) => {
    if (kind !== 'Job') return [];
    return [
      ...(/-[0-9a-f]{8,}$/.test(metadata.name ?? '') ? [] : ['a changed Job could not be applied']),
      ...(spec.ttlSecondsAfterFinished === undefined ? [] : ['the ended Job would be made again']),
    ];
  },
  'no name is made by the API server': ({ metadata }) => (metadata.generateName ? ['every apply would make another'] : []),
  'nothing is empty that says nothing': (object) => emptyIn(object, ''),
  'nothing is declared that a controller owns': ({ kind, metadata, status }) => [
    ...(['Endpoints', 'EndpointSlice', 'Lease'].includes(kind) ? [`a ${kind} is its controller's`] : []),
    ...(status === undefined ? [] : ['status']),
    ...['creationTimestamp', 'managedFields', 'resourceVersion', 'uid'].filter((field) => metadata[field] !== undefined),
  ],
  "no claim template has a label by which Argo CD tracks what is the application's": (object) =>
    (object.spec?.volumeClaimTemplates ?? []).flatMap((template: Json) =>
      template.metadata.labels?.['argocd.argoproj.io/instance'] ? [`${template.metadata.name} is tracked`] : [],
    ),
};

/** Where nothing means something: any volume of memory or disk, all pods, nobody. */
const MEANT = /\.(emptyDir|podSelector|namespaceSelector|ingress|egress|selector)$/;

function emptyIn(value: Json, path: string): string[] {
  if (value === null) return [`${path} is null`];
  if (typeof value !== 'object') return [];
  if (Object.keys(value).length === 0) return MEANT.test(path) ? [] : [`${path} is ${JSON.stringify(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => emptyIn(inner, `${path}.${key}`));
}

test('there is something to look at', () => {
  expect(OBJECTS.length).toBeGreaterThan(80);
  expect(OBJECTS.filter(({ kind }) => kind === 'StatefulSet').length).toBeGreaterThan(3);
  expect(OBJECTS.filter((object) => object.metadata.annotations?.['kustomize.toolkit.fluxcd.io/substitute']).length).toBeGreaterThan(3);
});

describe.each(Object.entries(RULES))('%s', (name, rule) => {
  test('in all that is emitted', () => {
    expect(
      OBJECTS.flatMap((object) => rule(object).map((what) => `${object.file}: ${object.kind} ${object.metadata.name}: ${what}`)),
    ).toEqual([]);
  });

  const wrong: Record<string, Json[]> = {
    'what holds data is kept by both': [
      { kind: 'Namespace', metadata: { name: 'a', annotations: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } } },
      { kind: 'StatefulSet', metadata: { annotations: KEPT }, spec: { volumeClaimTemplates: [{ metadata: { name: 'data' } }] } },
    ],
    'Flux does not substitute in what has ${…} of its own': [{ metadata: {}, data: { 'a.sh': 'echo ${HOME}' } }],
    'a Job has a hash in its name and stays when it has ended': [
      { kind: 'Job', metadata: { name: 'setup' }, spec: {} },
      { kind: 'Job', metadata: { name: 'setup-0123abcd' }, spec: { ttlSecondsAfterFinished: 60 } },
    ],
    'no name is made by the API server': [{ metadata: { generateName: 'a-' } }],
    'nothing is empty that says nothing': [{ metadata: {}, spec: { externalIPs: [] } }, { a: null }],
    'nothing is declared that a controller owns': [
      { kind: 'Endpoints', metadata: {} },
      { metadata: {}, status: {} },
      { metadata: { uid: '1' } },
    ],
    "no claim template has a label by which Argo CD tracks what is the application's": [
      { spec: { volumeClaimTemplates: [{ metadata: { name: 'data', labels: { 'argocd.argoproj.io/instance': 'a' } } }] } },
    ],
  };

  test.each(wrong[name] as Json[])('but not in %j', (object) => {
    expect(rule(object)).not.toEqual([]);
  });
});

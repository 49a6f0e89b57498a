import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INVARIANTS } from './invariants';
import { chartWith, type Json, minimalProps, objectsOf } from './support';

const ROOT = join(__dirname, '..');

/** The app of cdk8s.yaml, run as if in a process of its own: every YAML file by its path. */
function synthesize(): Record<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'examples-test-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.isolateModules(() => require('../examples/main'));
    return files(outdir);
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
}

function files(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const made = synthesize();
const examples = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((e) => e.isDirectory());
const objects: Json[] = Object.values(made).map((text) => parse(text));

test('two synths give the same bytes', () => {
  expect(synthesize()).toEqual(made);
});

describe.each(examples.map((e) => e.name))('%s', (name) => {
  const ofExample = (all: Record<string, string>) => Object.entries(all).filter(([path]) => path.startsWith(`${name}/`));

  test('is part of the app, one object a file', () => {
    expect(ofExample(made).length).toBeGreaterThan(0);
    for (const [path, text] of ofExample(made)) {
      const { kind, metadata } = parse(text);
      expect(path).toBe(`${name}/${kind}.${metadata.name}.k8s.yaml`);
    }
  });

  test('is in dist/ as it is now', () => {
    const dist = join(ROOT, 'dist');
    if (!existsSync(join(dist, name))) throw new Error(`dist/${name} is missing: run npm run synth, and review what it writes`);
    const committed = ofExample(files(dist));
    expect(committed.map(([path]) => path)).toEqual(ofExample(made).map(([path]) => path));
    const stale = committed.filter(([path, text]) => text !== made[path]).map(([path]) => path);
    expect({ stale, remedy: 'npm run synth' }).toEqual({ stale: [], remedy: 'npm run synth' });
  });
});

describe.each(Object.entries(INVARIANTS))('%s', (_, check) => {
  test('in every example', () => {
    expect(check(objects)).toEqual([]);
  });

  test.each(['endpoints', 'configMaps'] as const)('in an instance with sidecar, dcs %s', (dcs) => {
    const sidecars = [{ name: 'exporter', image: 'exporter:1', portNumber: 9187 }];
    expect(check(objectsOf(chartWith({ ...minimalProps(), dcs, pod: { sidecars } })))).toEqual([]);
  });
});

describe('the invariants find what is wrong', () => {
  const [first = ''] = Object.keys(INVARIANTS);
  const container = { name: 'c', resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } } };
  const pod = (name: string, changes: Json, labels = {}) => ({
    kind: 'Job',
    metadata: { name },
    spec: { template: { metadata: { labels }, spec: { containers: [{ ...container, ...changes }] } } },
  });
  const cluster = {
    kind: 'ConfigMap',
    metadata: { name: 'a' },
    data: { 'patroni.yaml': 'scope: a\nkubernetes: {labels: {app: x}, scope_label: s}' },
  };
  const named = (kind: string, name: string, more = {}) => ({ kind, metadata: { name }, ...more });

  const WRONG: [string, Json[], string][] = [
    [first, [named('Endpoints', 'a')], 'Endpoints/a'],
    [first, [named('Service', 'a', { status: {} })], 'Service/a has a status'],
    ['every name', [named('Service', 'test-web-c8694308')], 'Service/test-web-c8694308'],
    ['no two', [named('Service', 'a'), named('Service', 'a')], 'Service/a in undefined'],
    ['no ConfigMap', [cluster, named('ConfigMap', 'a-sync')], 'ConfigMap/a-sync'],
    ['nothing but', [cluster, pod('backup', {}, { app: 'x', s: 'a' })], 'a pod of Job/backup'],
    ['nothing but', [cluster, { kind: 'ConfigMap', metadata: { name: 'b', labels: { app: 'x', s: 'a' } } }], 'ConfigMap/b'],
    ...['1024Mi', '1000m', '1.5Gi', 1, '0.5', '2048Pi'].map((memory): [string, Json[], string] => [
      'every quantity',
      [pod('a', { resources: { requests: { memory } } })],
      memory === '2048Pi' ? '' : `Job/a: .spec.template.spec.containers.0.resources.requests.memory is ${JSON.stringify(memory)}`,
    ]),
    ['every port', [pod('a', { ports: [{ containerPort: 1 }] })], 'Job/a: {"containerPort":1}'],
    ['every port', [named('Service', 'a', { spec: { ports: [{ port: 1 }] } })], 'Service/a: {"port":1}'],
    ['every port', [named('NetworkPolicy', 'a', { spec: { egress: [{ ports: [{ port: 1 }] }] } })], 'NetworkPolicy/a: {"port":1}'],
    ['every container has', [pod('a', { resources: { requests: { cpu: '1', memory: '1Gi' } } })], 'Job/a: c'],
    ['every container meets', [pod('a', { securityContext: { runAsNonRoot: true } })], 'Job/a: c keeps capabilities'],
    [
      'every claim',
      [named('StatefulSet', 'a', { spec: { volumeClaimTemplates: [{ metadata: {}, spec: {} }] } })],
      'StatefulSet/a: a claim template',
    ],
  ];

  test.each(WRONG)('%s %#', (name, wrong, sentence) => {
    const check = Object.entries(INVARIANTS).find(([n]) => n.startsWith(name))?.[1];
    expect(check?.(wrong) ?? []).toEqual(sentence === '' ? [] : expect.arrayContaining([sentence]));
  });
});

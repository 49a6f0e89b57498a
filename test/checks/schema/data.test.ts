import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { KUBERNETES_VERSIONS } from '../../../lib/checks';
import { shippedKind, shippedKinds } from '../../../lib/checks/schema/crds';
import { builtIns } from '../../../lib/checks/schema/definitions';
import type { Shape } from '../../../lib/checks/schema/shape';

const ROOT = join(__dirname, '../../..');
const DATA = join(ROOT, 'lib/checks/schema/data');
const files = readdirSync(DATA, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
  .map((entry) => join(entry.parentPath, entry.name));

test('all data together are at most 120 KB, compressed', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(gzipSync(Buffer.concat(files.map((file) => readFileSync(file))), { level: 9 }).length).toBeLessThanOrEqual(120 * 1024);
});

const withSources = existsSync(join(ROOT, '../shared/schemas')) ? test : test.skip;

withSources(
  'they are what tools/schemas.mjs makes, byte for byte',
  () => {
    execFileSync(process.execPath, [join(ROOT, 'tools/schemas.mjs'), '--check'], { stdio: 'pipe' });
  },
  30_000,
);

test('the versions are those that the options allow', () => {
  expect(JSON.parse(readFileSync(join(DATA, 'kubernetes.json'), 'utf8')).versions).toEqual(KUBERNETES_VERSIONS);
});

test('SOURCES.md names the source, commit and licence of each file', () => {
  const sources = readFileSync(join(DATA, 'SOURCES.md'), 'utf8');
  for (const file of readdirSync(join(DATA, 'crds')).filter((name) => name !== 'index.json')) expect(sources).toContain(`| crds/${file} |`);
  for (const version of KUBERNETES_VERSIONS) expect(sources).toMatch(new RegExp(`kubernetes/v${version}\\.json \\|.*\\| Apache-2\\.0 \\|`));
});

/** Those of Kubernetes that have no field indeed; in custom resources such an object has no name here. */
const EMPTY = new Set([undefined, 'StorageVersionSpec', 'CustomResourceSubresourceStatus', 'BasicSchedulingPolicy']);

/** How many shapes a shape is made of. Reads each: a type that is referred to and not there holds nothing. */
function count(shape: Shape, seen = new Set<Shape>()): number {
  if (seen.has(shape)) return 0;
  seen.add(shape);
  const empty = shape.type === 'object' && !shape.others && !shape.fields?.size;
  if (empty && !EMPTY.has(shape.name)) throw new Error(`nothing is in ${shape.name}`);
  const inner = [...(shape.fields?.values() ?? [])].map((field) => field.shape());
  const parts = [...inner, shape.items?.(), shape.others?.()].filter((part) => part !== undefined);
  return 1 + parts.reduce((sum, part) => sum + count(part, seen), 0);
}

test('every kind can be read to its last field', () => {
  const kinds = [...builtIns().values()].flatMap((ofVersion) => [...ofVersion.values()]);
  expect(kinds.length).toBeGreaterThan(100);
  expect(kinds.filter(({ shape, versions }) => count(shape()) < 4 || versions === 0)).toEqual([]);
  expect(shippedKinds()).toHaveLength(27);
  for (const key of shippedKinds()) {
    const [group = '', kind = ''] = key.split('/');
    const { versions, from } = shippedKind(group, kind) ?? {};
    expect(from).toMatch(/^[\w-]+ v\d+\.\d+\.\d+$/);
    for (const shape of versions?.values() ?? []) expect(count(shape())).toBeGreaterThan(5);
  }
});

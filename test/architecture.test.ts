import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LIB = join(__dirname, '../lib');

/** Every source file by its path below lib/, with `/` between folders. */
const sources = Object.fromEntries(
  readdirSync(LIB, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => [file, readFileSync(join(LIB, file), 'utf8')]),
);

/** What a file imports, or exports again: packages by name, ours by their path below lib/. */
function imports(file: string, text: string): string[] {
  const found = text.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom\s+'([^']+)'|^\s*import\s+'([^']+)'|\b(?:require|import)\('([^']+)'\)/gm);
  return [...found]
    .map((m) => m[1] ?? m[2] ?? m[3] ?? '')
    .map((name) => (name.startsWith('.') ? join(dirname(file), name).replace(/^\.$/, 'index') : name))
    .filter((name) => !name.startsWith('../imports/')); // bindings, which know nothing of us
}

/** `platform`, `internal`, `ha-postgres`, …; undefined for lib/index.ts. */
function folder(path: string): string | undefined {
  return path.includes('/') || (path !== 'index' && !path.endsWith('.ts')) ? path.split('/')[0] : undefined;
}

/** Sentences about imports that the layout forbids. */
function forbidden(files: Record<string, string>): string[] {
  const ours = new Set(Object.keys(files).flatMap((file) => folder(file) ?? []));
  return Object.entries(files).flatMap(([file, text]) =>
    imports(file, text)
      .filter((target) => ours.has(target.split('/')[0] ?? '') || target === 'index')
      .filter((target) => {
        const [from, to] = [folder(file), folder(target)];
        if (from === undefined) return false; // index.ts exports all
        if (from === to) return false;
        if (from === 'platform') return true;
        if (to === 'platform') return target !== 'platform';
        if (to === 'checks') return target !== 'checks';
        if (from === 'internal' || from === 'checks') return true;
        return to === undefined || !(to === 'internal' || target === to);
      })
      .map((target) => `${file} imports ${target}`),
  );
}

test('platform/ imports nothing of ours, checks/ only platform/, internal/ both, a construct another only through its index', () => {
  expect(forbidden(sources)).toEqual([]);
});

test.each([
  ['platform/a.ts', "import { b } from '../internal/b';", true],
  ['platform/a.ts', "import { b } from './b';", false],
  ['platform/a.ts', "import { b } from '../ha-postgres';", true],
  ['internal/a.ts', "import type { b } from '../platform';", false],
  ['internal/a.ts', "import { b } from '../ha-postgres';", true],
  ['internal/a.ts', "import { b } from '../platform/image';", true],
  ['internal/a.ts', "import { b } from '../checks';", false],
  ['internal/a.ts', "import { b } from '../checks/check';", true],
  ['checks/a.ts', "import { b } from '../internal/b';", true],
  ['ha-postgres/a.ts', "import { b } from '../checks';", false],
  ['ha-postgres/a.ts', "import { b } from '../checks/rules';", true],
  ['ha-postgres/a.ts', "import { b } from '../internal/labels';", false],
  ['ha-postgres/validation/a.ts', "import {\n  b,\n} from '../../internal/labels';", false],
  ['k3s/a.ts', "import { b } from '../ha-postgres';", false],
  ['k3s/a.ts', "export { b } from '../ha-postgres/plan';", true],
  ['k3s/a.ts', "const b = require('../ha-postgres/plan');", true],
  ['k3s/a.ts', "import { b } from '..';", true],
  ['k3s/a.ts', "import { b } from 'cdk8s';", false],
  ['index.ts', "export * from './ha-postgres';", false],
])('%s with %j is forbidden: %s', (file, text, is) => {
  const others = { 'platform/b.ts': '', 'internal/b.ts': '', 'checks/b.ts': '', 'ha-postgres/b.ts': '', 'index.ts': '' };
  expect(forbidden({ ...others, [file]: text }).length > 0).toBe(is);
});

test('packages are those that a user has, and Node', () => {
  const packages = new Set(Object.entries(sources).flatMap(([file, text]) => imports(file, text)));
  const { peerDependencies } = JSON.parse(readFileSync(join(LIB, '../package.json'), 'utf8'));
  const known = [...Object.keys(peerDependencies), 'node:'];
  const ours = Object.keys(sources).flatMap((file) => [file.replace(/(\/index)?\.ts$/, ''), folder(file) ?? 'index']);
  expect(
    [...packages].filter((name) => !ours.includes(name) && !known.some((k) => name === k || (k === 'node:' && name.startsWith(k)))),
  ).toEqual([]);
});

test.each([
  ['no JsonPatch: it silently loses fields', /\bJsonPatch\b|\.addJsonPatch\(/],
  ['no dependency between composites: order is the business of pods that wait', /addDependency/],
  ['nothing from the clock, nothing random', /Date\.now|new Date\(|Math\.random|randomUUID|randomBytes/],
  ['no type any', /(?<!noExplicitAny: .*\n.*)(?:[:<|,(]\s*any\b|\bas any\b|\bany\[\])/],
  ['nothing of the environment', /process\.env/],
])('%s', (_, pattern) => {
  expect(
    Object.entries(sources)
      .filter(([, text]) => pattern.test(text))
      .map(([file]) => file),
  ).toEqual([]);
});

test('the patterns find what they forbid', () => {
  const any = /(?<!noExplicitAny: .*\n.*)(?:[:<|,(]\s*any\b|\bas any\b|\bany\[\])/;
  for (const text of ['a: any', 'a as any', 'Record<string, any>', 'any[]', 'x(a: any)']) expect(text).toMatch(any);
  for (const text of ['Lazy.any({', '// any of them', '// biome-ignore lint/suspicious/noExplicitAny: reason\n  toJson(): any {'])
    expect(text).not.toMatch(any);
});

test('no file is longer than 300 lines', () => {
  const long = Object.entries(sources).filter(([, text]) => text.split('\n').length > 301);
  expect(long.map(([file]) => file)).toEqual([]);
});

test('index.ts exports folders whole, and makes nothing itself', () => {
  expect(sources['index.ts']?.match(/^.+$/gm)?.filter((line) => !/^export \* from '\.\/[\w-]+';$/.test(line))).toEqual([]);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Input, readPaths } from '../../../lib/checks/read';

const before = process.cwd();
const root = mkdtempSync(join(tmpdir(), 'read-'));
beforeAll(() => process.chdir(root));
afterAll(() => {
  process.chdir(before);
  rmSync(root, { recursive: true });
});

let number = 0;

/** A folder with these files; its path from the working folder. */
function tree(files: Record<string, string | Buffer>): string {
  number += 1;
  const folder = `tree-${number}`;
  mkdirSync(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

const named = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const names = ({ found }: Input) => found.map(({ object }) => (object.metadata as { name: string }).name);
const origins = ({ found }: Input) => found.map(({ origin: { file, line } }) => `${file}:${line}`);
const message = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('was read');
};

describe('a folder', () => {
  test('its YAML and JSON files are read, in the order of their names, with those below', () => {
    const folder = tree({
      'b/z.yml': named('three'),
      'a.yaml': named('one'),
      'b/c.json': JSON.stringify({ apiVersion: 'v1', metadata: { name: 'two' } }),
    });
    const input = readPaths([folder]);
    expect([names(input), input.files, input.skipped]).toEqual([['one', 'two', 'three'], 3, []]);
    expect(origins(input)).toEqual([`${folder}/a.yaml:1`, `${folder}/b/c.json:1`, `${folder}/b/z.yml:1`]);
  });

  test.each(['.', './', '../'])('%s is named as it was written', (path) => {
    const folder = tree({ 'sub/a.yaml': named('one') });
    process.chdir(path === '../' ? join(folder, 'sub') : folder);
    expect(origins(readPaths([path]))).toEqual([{ '.': 'sub/a.yaml:1', './': 'sub/a.yaml:1', '../': '../sub/a.yaml:1' }[path]]);
    process.chdir(root);
  });

  test('what is hidden, and node_modules, is not looked at', () => {
    const bad = '{{ not YAML';
    const folder = tree({ 'a.yaml': named('one'), '.git/x.yaml': bad, '.sops.yaml': bad, 'node_modules/y/z.yaml': bad, 'README.md': bad });
    expect(readPaths([folder])).toMatchObject({ files: 1, skipped: [] });
  });

  test.each([
    ['values.yaml', 'replicas: 1'],
    ['package.json', '{ "name": "x" }'],
    ['tsconfig.json', '{ // comments\n}'],
    ['data.json', '[1, 2]'],
    ['empty.yaml', '# nothing\n---\n'],
    ['mkdocs.yml', 'plugins: [!!python/name:x y]'],
  ])('%s is for another program', (name, content) => {
    const folder = tree({ 'a.yaml': named('one'), [name]: content });
    expect(readPaths([folder])).toMatchObject({ files: 1, skipped: [{ file: `${folder}/${name}`, reason: 'has no Kubernetes object' }] });
  });

  test('construct-metadata.json of cdk8s is no manifest, whatever is in it', () => {
    const folder = tree({ 'a.yaml': named('one'), 'construct-metadata.json': '{"apiVersion": "v1"}' });
    expect(readPaths([folder])).toMatchObject({ files: 1, skipped: [] });
  });

  test('kustomization.yaml is left out, and how to check what it makes is said', () => {
    const folder = tree({ 'app/a.yaml': named('one'), 'app/kustomization.yaml': 'kind: Kustomization' });
    const reason = expect.stringContaining(`kubectl kustomize ${folder}/app | cdk8s-stateful check -`);
    expect(readPaths([folder])).toMatchObject({ files: 1, skipped: [{ file: `${folder}/app/kustomization.yaml`, reason }] });
  });

  test('a document without kind and apiVersion beside one that has them is read: it is a mistake', () => {
    expect(readPaths([tree({ 'a.yaml': `${named('one')}---\nspec: {}\n` })]).found).toHaveLength(2);
  });

  test.each([
    ['no file', {}],
    ['no manifest', { 'values.yaml': 'a: 1', 'b.txt': named('one') }],
  ])('with %s is refused', (_, files) => {
    const folder = tree(files);
    expect(message(() => readPaths([folder]))).toBe(
      `${folder}: the folder has no manifests: no *.yaml, *.yml or *.json file with a Kubernetes object`,
    );
  });

  test('of several broken files each has its sentence', () => {
    const folder = tree({ 'a.yaml': 'a: [', 'b.yaml': named('fine'), 'c.yaml': 'a: 1\na: 2' });
    expect(message(() => readPaths([folder])).split('\n')).toEqual([
      expect.stringMatching(/a\.yaml:1: is no YAML: /),
      `${folder}/c.yaml:2: the key "a" is there twice, and Kubernetes would take the last`,
    ]);
  });
});

describe('a Helm chart', () => {
  const chart = { 'Chart.yaml': 'apiVersion: v2\nname: shop', 'values.yaml': 'a: 1\na: 2', 'values-prod.yaml': 'a: 1' };

  test('as cdk8s writes it has plain templates, which are read', () => {
    const input = readPaths([tree({ ...chart, 'templates/a.yaml': named('one') })]);
    expect([names(input), input.skipped]).toEqual([['one'], []]);
  });

  test.each([
    ['that is no YAML', 'a: 1\n{{- if .Values.b }}\nb: 1\n{{- end }}\n'],
    ['that would be YAML', `${named('one')}  labels:\n    app: "{{ .Release.Name }}"\n`],
  ])('with a template %s is to be rendered first', (_, content) => {
    const folder = tree({ ...chart, 'templates/a.yaml': content });
    expect(message(() => readPaths([folder]))).toMatch(
      /\/templates\/a\.yaml:[26]: is a Helm template: render it first, e\.g\. helm template/,
    );
  });

  test('a template without its chart is not read, and why is guessed', () => {
    const folder = tree({ 'a.yaml': 'metadata:\n  name: {{ .Release.Name }}\n' });
    expect(message(() => readPaths([folder]))).toMatch(
      /a\.yaml:2: a key is an object or a list; if this is a Helm template, render it first/,
    );
  });

  test('braces in texts are no template', () => {
    const rule = `${named('one')}data:\n  a: "{{ $labels.pod }}"\n  b: |\n    {{ $value }}\n`;
    expect(readPaths([tree({ 'a.yaml': rule })]).found).toHaveLength(1);
  });
});

describe('documents', () => {
  test('of one file are told apart by their line', () => {
    const folder = tree({
      'a.yaml': `# a comment\n\n${named('one')}---\n# only a comment\n---\n\n${named('two')}...\n---\n- not\n- this\n`,
    });
    expect(message(() => readPaths([folder]))).toBe(`${folder}/a.yaml:17: is a list, not a Kubernetes object`);
    writeFileSync(`${folder}/a.yaml`, `# a comment\n\n${named('one')}---\n# only a comment\n---\n\n${named('two')}`);
    expect(origins(readPaths([folder]))).toEqual([`${folder}/a.yaml:3`, `${folder}/a.yaml:11`]);
  });

  test('with CRLF and a byte order mark', () => {
    const folder = tree({ 'a.yaml': `\ufeff${named('one')}---\n${named('two')}`.replaceAll('\n', '\r\n') });
    const input = readPaths([folder]);
    expect([names(input), origins(input)]).toEqual([
      ['one', 'two'],
      [`${folder}/a.yaml:1`, `${folder}/a.yaml:6`],
    ]);
  });

  test.each([
    ['a text', 'hello', 'is the text "hello", not a Kubernetes object'],
    ['a number', '--- 1', 'is the number 1, not a Kubernetes object'],
    ['a list', '- a', 'is a list, not a Kubernetes object'],
  ])('that are %s are refused', (_, content, sentence) => {
    const folder = tree({ 'a.yaml': content });
    expect(message(() => readPaths([folder]))).toBe(`${folder}/a.yaml:1: ${sentence}`);
  });
});

describe('a List', () => {
  test('stands for its items, each with its line', () => {
    const items = `apiVersion: v1\nkind: List\nmetadata: {items: [no]}\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: one}\n- {apiVersion: v1, kind: Secret, metadata: {name: two}}\nother:\n- no\n`;
    const folder = tree({ 'a.yaml': items });
    const input = readPaths([folder]);
    expect([names(input), origins(input)]).toEqual([
      ['one', 'two'],
      [`${folder}/a.yaml:5`, `${folder}/a.yaml:8`],
    ]);
  });

  test('of one kind says of each what it is', () => {
    const list = JSON.stringify({ kind: 'ConfigMapList', apiVersion: 'v1', items: [{ metadata: { name: 'one' } }] }, undefined, 2);
    const [one] = readPaths([tree({ 'a.json': list })]).found;
    expect(one).toMatchObject({ object: { apiVersion: 'v1', kind: 'ConfigMap' }, origin: { line: 5 } });
  });

  test('in a List is one too, and an empty one nothing', () => {
    const inner = { kind: 'List', apiVersion: 'v1', items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } }] };
    const list = { kind: 'List', apiVersion: 'v1', items: [inner, { kind: 'List', apiVersion: 'v1', items: [] }] };
    expect(names(readPaths([tree({ 'a.json': JSON.stringify(list) })]))).toEqual(['one']);
  });

  test('with something else in it is refused', () => {
    const folder = tree({ 'a.yaml': 'apiVersion: v1\nkind: List\nitems:\n- {}\n- x\n' });
    expect(message(() => readPaths([folder]))).toBe(`${folder}/a.yaml:5: item 1 of the list is the text "x", not a Kubernetes object`);
  });

  test('that is a custom resource of that name is not one', () => {
    expect(
      readPaths([tree({ 'a.yaml': 'apiVersion: a.example/v1\nkind: AllowList\nmetadata: {name: one}\nspec: {items: []}' })]).found,
    ).toHaveLength(1);
  });
});

describe('what nobody should write', () => {
  const laughs = (levels: number, width: number) =>
    Array.from(
      { length: levels },
      (_, i) =>
        `a${i}: &a${i} [${Array(width)
          .fill(i === 0 ? 'x' : `*a${i - 1}`)
          .join(', ')}]`,
    ).join('\n');

  test.each<[string, string | Buffer, RegExp]>([
    [
      'a key twice',
      'spec:\n  replicas: 1\n  selector: {}\n  replicas: 2',
      /:4: the key "replicas" is there twice, and Kubernetes would take the last$/,
    ],
    ['a key twice, in quotes', "a: {'b c': 1, 'b c': 2}", /:1: the key "b c" is there twice/],
    ['a key twice, once merged', 'a: &a {b: 1}\nc:\n  <<: *a\n  b: 2\n  b: 3', /:5: the key "b" is there twice/],
    ['a thousand million laughs', laughs(9, 10), /:\d: the aliases up to here stand for more than \d+ values$/],
    ['an alias of itself', 'a: &a\n  b: *a', /:2: the alias "a" is part of what it stands for$/],
    ['a thousand levels', `a: ${'['.repeat(1000)}`, /:1: is nested deeper than 200 levels$/],
    [
      'a thousand levels in blocks',
      Array.from({ length: 1000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /:\d+: is nested deeper than 200 levels$/,
    ],
    ['a NUL', 'a: 1\nb: \0', /:2: has a NUL byte, so it is no text$/],
    ['Latin-1', Buffer.from('a: 1\nb: \xe4\n', 'latin1'), /:2: is no text in UTF-8$/],
    ['UTF-16', Buffer.from('\ufeffa: 1', 'utf16le'), /:1: is no text in UTF-8$/],
    ['an open quote', 'a: "b\nc: d\n', /:\d: is no YAML: /],
    ['a key without end, twice', `${'k'.repeat(1e6)}: 1\n`.repeat(2), /:2: the key "k{79}…" is there twice/],
    ['a tag of several lines', `a: !<\n${'x'.repeat(1000)}\n> b`, /^.{1,400}$/],
    ['documents without end', '---\n'.repeat(20_001), /: has 20001 documents; of one file no more than 20000 are read$/],
  ])('%s', (_, content, sentence) => {
    const folder = tree({ 'a.yaml': content });
    expect(message(() => readPaths([folder]))).toMatch(sentence);
    expect(message(() => readPaths([folder]))).not.toContain('\n');
  });

  test('aliases as people use them are read', () => {
    expect(readPaths([tree({ 'a.yaml': `${named('one')}data:\n${laughs(3, 10).replace(/^/gm, '  ')}` })]).found).toHaveLength(1);
  });

  test('a file of 50 MB', () => {
    const folder = tree({ 'a.yaml': 'a: 1\n', 'b.yaml': named('one') });
    truncateSync(`${folder}/a.yaml`, 50 * 2 ** 20);
    expect(message(() => readPaths([folder]))).toBe(`${folder}/a.yaml: has 50 MB; of one file no more than 20 MB are read`);
  });

  test.each([
    ['what is not there', 'nowhere', 'there is no such file or folder'],
    ['what is below a file', 'file/a', 'there is no such file or folder'],
    ['what cannot be read', '/proc/self/mem', 'cannot be read (EIO)'],
    ['what has no end', '/dev/zero', 'has more than 20 MB; of one file no more are read'],
    ['a link to itself', 'loop', 'is a symbolic link that is not followed, or that leads to itself'],
    ['a path without end', 'a'.repeat(5000), 'cannot be read: its path is too long'],
  ])('%s', (_, path, sentence) => {
    writeFileSync('file', '');
    rmSync('loop', { force: true });
    symlinkSync('loop', 'loop');
    expect(message(() => readPaths([path]))).toBe(`${path}: ${sentence}`);
  });

  test('a named file without an object', () => {
    const folder = tree({ 'a.yaml': '# nothing' });
    expect(message(() => readPaths([`${folder}/a.yaml`]))).toBe(`${folder}/a.yaml: has no Kubernetes object`);
  });
});

describe('symbolic links', () => {
  test('are not followed, wherever they lead', () => {
    const outside = tree({ 'secret.yaml': named('outside') });
    const folder = tree({ 'a.yaml': named('one'), 'sub/b.yaml': named('two') });
    symlinkSync(join(root, outside, 'secret.yaml'), `${folder}/file.yaml`);
    symlinkSync(join(root, outside), `${folder}/folder`);
    symlinkSync('..', `${folder}/sub/loop`);
    symlinkSync('a.yaml', `${folder}/inside.yaml`);
    symlinkSync('/etc/passwd', `${folder}/passwd.yaml`);
    const input = readPaths([folder]);
    expect(names(input)).toEqual(['one', 'two']);
    expect(input.skipped.map(({ file, reason }) => `${file} ${reason}`).sort()).toEqual(
      ['file.yaml', 'folder', 'inside.yaml', 'passwd.yaml', 'sub/loop'].map(
        (name) => `${folder}/${name} is a symbolic link, and none is followed`,
      ),
    );
  });

  test('that a user names are', () => {
    const folder = tree({ 'a.yaml': named('one') });
    symlinkSync(folder, `${folder}-link`);
    expect(origins(readPaths([`${folder}-link`]))).toEqual([`${folder}-link/a.yaml:1`]);
  });
});

test('a named pipe in a folder does not make it wait', () => {
  const folder = tree({ 'a.yaml': named('one') });
  execFileSync('mkfifo', [`${folder}/pipe.yaml`]);
  expect(names(readPaths([folder]))).toEqual(['one']);
});

test('standard input is read where a path is -', () => {
  const folder = tree({ 'a.yaml': named('one') });
  const input = readPaths([folder, '-'], Buffer.from(named('two')));
  expect([names(input), input.files, origins(input)[1]]).toEqual([['one', 'two'], 2, 'standard input:1']);
  expect(message(() => readPaths(['-'], Buffer.from('')))).toBe('standard input: has no Kubernetes object');
  expect(message(() => readPaths(['-']))).toBe('standard input: has no Kubernetes object');
});

test('what an array in brackets or a text in quotes looks like to those who do not count spaces', () => {
  const text = `${named('one')}data:\n  a: [\n    b,\n  ]\n  c: {\n  d: 1\n}\n  e: "f\ng"\n  h:\t[i]\n  "j\tk:\t": [\nl]\n`;
  expect(readPaths([tree({ 'a.yaml': text })]).found[0]?.object.data).toEqual({
    a: ['b'],
    c: { d: 1 },
    e: 'f g',
    h: ['i'],
    'j\tk:\t': ['l'],
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';
import * as lib from '../lib';

const ROOT = join(__dirname, '..');
const tracked = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

test('the README’s lines make the objects that it promises', () => {
  // GIVEN the one block of TypeScript, with a digest in place of the reader's own
  const [, block = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const source = block.replace('sha256:…', `sha256:${'0'.repeat(64)}`);
  const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } });
  const installed = createRequire(__filename);
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    // WHEN
    new Function('require', 'exports', code)((name: string) => (name === 'cdk8s-stateful' ? lib : installed(name)), {});
    // THEN
    const [file = ''] = readdirSync(outdir);
    const yaml = readFileSync(join(outdir, file), 'utf8');
    expect(yaml.match(/^kind: .*/gm)?.sort()).toEqual(
      expect.arrayContaining(['kind: StatefulSet', 'kind: Deployment', 'kind: NetworkPolicy']),
    );
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(outdir, { recursive: true });
  }
});

test.each(tracked)('%s links only to what is there', (file) => {
  const links = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(join(ROOT, dirname(file), link)))).toEqual([]);
});

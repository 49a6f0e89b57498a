// Makes imports/ from crds/: one module an API group, by `cdk8s import`. Run after a change of crds/ (npm run imports).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const output = process.argv[2] ?? 'imports';
const groups = new Map();
for (const file of readdirSync('crds').sort()) {
  const text = readFileSync(join('crds', file), 'utf8');
  const { group } = JSON.parse(text).spec;
  groups.set(group, [...(groups.get(group) ?? []), text]);
}
const folder = mkdtempSync(join(tmpdir(), 'crds-'));
for (const [group, texts] of groups) {
  const file = join(folder, `${group}.yaml`);
  writeFileSync(file, texts.join('\n---\n')); // JSON is YAML
  execFileSync(
    'npx',
    ['--no-install', 'cdk8s', 'import', file, '--language', 'typescript', '--save=false', '--check-upgrade=false', '--output', output],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}
rmSync(folder, { recursive: true });

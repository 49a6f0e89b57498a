import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { deployment } from '../checks/support';

const REPOSITORY = resolve(__dirname, '../..');
const CLI = join(REPOSITORY, 'node_modules/cdk8s-cli/bin/cdk8s');
const PLUGIN = 'node_modules/cdk8s-stateful';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugin-'));
  mkdirSync(join(folder, PLUGIN), { recursive: true }); // as installed, but for being TypeScript: compiled files may be stale
  writeFileSync(
    join(folder, PLUGIN, 'index.js'),
    `require('${REPOSITORY}/e2e/register.js'); module.exports = require('${REPOSITORY}/lib');`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

/** `cdk8s synth` by the real cdk8s-cli, with our plugin, of an app that writes this object. */
function synth(object: object, properties: object) {
  const validation = { package: `./${PLUGIN}`, version: '0.1.0', class: 'ManifestValidation', properties };
  writeFileSync(join(folder, 'cdk8s.yaml'), JSON.stringify({ language: 'typescript', app: 'node app.js', validations: [validation] }));
  writeFileSync(
    join(folder, 'app.js'),
    `const { App, Chart, ApiObject } = require('${REPOSITORY}/node_modules/cdk8s');
     const app = new App();
     new ApiObject(new Chart(app, 'shop'), 'Deployment', ${JSON.stringify(object)});
     app.synth();`,
  );
  return spawnSync(process.execPath, [CLI, 'synth'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
  });
}

/** Only SEC-6 runs: what the other rules say of these objects is theirs to test. */
function only(rule: string): Record<string, 'off'> {
  const { RULES } = require('../../lib/checks/rules') as typeof import('../../lib/checks/rules');
  return Object.fromEntries(RULES.filter(({ id }) => id !== rule).map(({ id }) => [id, 'off']));
}

test('a wrong manifest fails the synth, and the report says what, where and what to do', () => {
  const { status, stdout, stderr } = synth(deployment({ image: 'app' }), { severities: only('SEC-6') });
  expect(status).toBe(2);
  expect(stderr).toContain('Validation failed. See above reports for details');
  for (const part of [
    'SEC-6 (1 occurrences)',
    '- Construct Path: shop/Deployment',
    '- Manifest Path: dist/shop.k8s.yaml',
    '- Resource Name: app',
    '> Deployment shop/app spec.template.spec.containers[0].image',
    'Recommendation: app is whatever the registry has today',
    'How to fix: name a version, and its digest: image:1.2.3@sha256:…',
  ]) {
    expect(stdout).toContain(part);
  }
});

test('a right one passes, a warning is shown, and cdk8s leaves its metadata beside the manifests', () => {
  const { status, stdout } = synth(deployment({ image: 'app:1.2' }), { severities: only('SEC-6'), target: '1.34' });
  expect(status).toBe(0);
  expect(stdout).toContain('SEC-6 (warning) (1 occurrences)');
  expect(stdout).toContain('Validations ended succesfully');
  expect(readdirSync(join(folder, 'dist'))).toEqual(['construct-metadata.json', 'shop.k8s.yaml']); // StatefulApp does not leave it there
});

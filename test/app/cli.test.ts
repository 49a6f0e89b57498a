import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inFolder, manifests, read } from './support';

const REPOSITORY = resolve(__dirname, '../..');
const CLI = join(REPOSITORY, 'node_modules/cdk8s-cli/bin/cdk8s');
const PRELUDE = `
  require(${JSON.stringify(join(REPOSITORY, 'e2e/register.js'))}); // lib/*.ts: compiled files may be stale, or not there
  const { App, Chart, ApiObject } = require(${JSON.stringify(require.resolve('cdk8s'))});
  const { StatefulApp } = require(${JSON.stringify(join(REPOSITORY, 'lib/app'))});
  const object = (scope, name) => new ApiObject(scope, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });`;

const names = (outdir: string) => Object.keys(manifests(outdir));

test('across processes: each program knows its own files, however many apps it has, and no other program', () => {
  inFolder((folder) => {
    const outdir = join(folder, 'dist');
    const run = (program: string, ...apps: string[]) => {
      const source = `${PRELUDE}
          for (const ids of ${JSON.stringify(apps)}) {
            const app = new StatefulApp({ outdir: ${JSON.stringify(outdir)} });
            for (const id of ids) object(new Chart(app, id), id);
            app.synth();
          }`;
      writeFileSync(join(folder, program), source);
      execFileSync(process.execPath, ['--no-warnings', join(folder, program)], { stdio: ['ignore', 'inherit', 'inherit'] });
      return names(outdir).map((name) => name.replace('.k8s.yaml', ''));
    };
    expect(run('a.js', 'ab', 'cd')).toEqual(['a', 'b', 'c', 'd']); // two apps
    expect(run('b.js', 'xy')).toEqual(['a', 'b', 'c', 'd', 'x', 'y']);
    expect(run('a.js', 'a', 'c')).toEqual(['a', 'c', 'x', 'y']);
    expect(run('a.js', 'c')).toEqual(['c', 'x', 'y']); // the first app is gone, the second is the first now
    expect(run('b.js', 'z')).toEqual(['c', 'z']); // its only chart has another name now
    expect(readFileSync(join(outdir, '.cdk8s-stateful'), 'utf8').split('\n').slice(2)).toEqual([
      '../a.js',
      '  c.k8s.yaml',
      '../b.js',
      '  z.k8s.yaml',
      '',
    ]);
  });
});

describe('cdk8s synth', () => {
  /** Two charts with an object of one name in each. */
  const app = (kind: string, last = '') => `${PRELUDE}
    const app = new ${kind}();
    for (const id of ['one', 'two']) object(new Chart(app, id, { namespace: id }), 'web');
    ${last}
    app.synth();`;

  /** Reports every object, by its whole name; the last of two takes the file of metadata away, which both have had by then. */
  const plugin = `
    exports.Reporter = class {
      constructor({ remove }) { this.remove = remove; }
      async validate({ manifests, parseManifest, report }) {
        const fs = require('node:fs');
        if (this.remove) fs.rmSync(require('node:path').join(require('node:path').dirname(manifests[0]), 'construct-metadata.json'));
        for (const manifestPath of manifests) {
          const [{ kind, metadata }] = parseManifest(manifestPath);
          const resourceName = kind + ' ' + metadata.namespace + '/' + metadata.name;
          report.addViolation({ ruleName: 'ALL', recommendation: 'r', fix: 'f', violatingResources: [{ resourceName, manifestPath, locations: [] }] });
        }
        report.submit('success');
      }
    };`;

  function synth(folder: string, source: string, validations = '') {
    writeFileSync(join(folder, 'cdk8s.yaml'), `language: typescript\napp: node --no-warnings app.js\n${validations}`);
    writeFileSync(join(folder, 'app.js'), source);
    const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };
    return spawnSync(process.execPath, [CLI, 'synth'], { cwd: folder, env, encoding: 'utf8' });
  }

  test('writes what it does with a plain app, and an inventory', () => {
    inFolder((folder) => {
      expect(synth(folder, app('App')).status).toBe(0);
      const theirs = read(join(folder, 'dist'));
      const { status, stdout } = synth(folder, app('StatefulApp'));
      expect([status, stdout]).toEqual([0, 'Synthesizing application\n  - dist/one.k8s.yaml\n  - dist/two.k8s.yaml\n']);
      const { '.cdk8s-stateful': inventory, ...ours } = read(join(folder, 'dist'));
      expect(ours).toEqual(theirs);
      expect(inventory).toContain('../app.js\n  one.k8s.yaml\n  two.k8s.yaml\n');
    });
  });

  test('fails with the sentences', () => {
    inFolder((folder) => {
      const { status, stderr } = synth(
        folder,
        app('StatefulApp', "object(app.charts[1], 'w').node.addValidation({ validate: () => ['is wrong'] });"),
      );
      expect(status).toBe(1);
      expect(stderr).toMatch(/Validation failed with the following errors:\n {2}\[two\/w\] is wrong\n/);
    });
  });

  test('tells plugins the construct of each object, and a plugin may take the file of it away', () => {
    inFolder((folder) => {
      mkdirSync(join(folder, 'plugin'));
      writeFileSync(join(folder, 'plugin/index.js'), plugin);
      const entry = (remove: boolean) =>
        `  - package: ./plugin\n    version: 0.0.0\n    class: Reporter\n    properties: { remove: ${remove} }\n`;
      const { status, stdout } = synth(folder, app('StatefulApp'), `validations:\n${entry(true)}${entry(false)}`);
      expect(status).toBe(0);
      expect(stdout.match(/Construct Path: .*/g)).toEqual(['one', 'two', 'one', 'two'].map((id) => `Construct Path: ${id}/web`));
      expect(Object.keys(read(join(folder, 'dist')))).toEqual(['.cdk8s-stateful', 'one.k8s.yaml', 'two.k8s.yaml']);
    });
  });

  test('with only other plugins the file stays, as a List of nothing', () => {
    inFolder((folder) => {
      mkdirSync(join(folder, 'plugin'));
      writeFileSync(join(folder, 'plugin/index.js'), plugin);
      const entry = '  - package: ./plugin\n    version: 0.0.0\n    class: Reporter\n';
      expect(synth(folder, app('StatefulApp'), `validations:\n${entry}`).status).toBe(0);
      expect(JSON.parse(readFileSync(join(folder, 'dist/construct-metadata.json'), 'utf8'))).toMatchObject({ kind: 'List', items: [] });
    });
  });
});

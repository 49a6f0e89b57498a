// Uses the package as its users do: packed, installed outside the repository with the oldest peers it allows (devDependencies
// pin those; `--latest` takes the newest), then from CommonJS, from an ES module and from TypeScript in both modes.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');
const { version, peerDependencies, devDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
const peers = Object.entries(peerDependencies).map(
  ([name, range]) => `${name}@${process.argv.includes('--latest') ? range : devDependencies[name]}`,
);
const tarball = `cdk8s-stateful-${version}.tgz`;
const folder = mkdtempSync(join(tmpdir(), 'consumer-'));
let [passed, failed] = [0, 0];

try {
  check('the package holds what it should, and nothing else', () => {
    must('npm', ['pack', '--pack-destination', folder], repository);
    contents();
  });
  check(`installs with ${peers.join(', ')}`, () => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true }');
    const extra = [...peers, `typescript@${devDependencies.typescript}`];
    must('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`, ...extra]);
    must('npm', ['ls', '--all']);
  });
  check('CommonJS: require and synth', () => synthesizes('app.cjs'));
  check('ES module: named imports and synth', () => synthesizes('app.mjs'));
  check('what is not exported stays inside', () => {
    expect(run('node', ['-e', "require('cdk8s-stateful/build/lib/ha-postgres/plan')"]), 1, 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
  check('the command checks what the app made, and refuses what is no YAML', () => {
    const { stdout } = must('node', ['app.cjs']);
    writeFileSync(join(folder, 'app.yaml'), stdout.slice(stdout.indexOf('\n') + 1)); // the address is above the manifests
    expect(run('node_modules/.bin/cdk8s-stateful', ['--version']), 0, version);
    const checked = run('node_modules/.bin/cdk8s-stateful', ['check', 'app.yaml', '--external', 'Secret/orders-postgres']);
    expect(checked, checked.status === 1 ? 1 : 0, 'objects of 1 file'); // what is found is not the point here
    copyFileSync(join(import.meta.dirname, 'broken.yaml'), join(folder, 'broken.yaml'));
    expect(run('npx', ['--no-install', 'cdk8s-stateful', 'check', 'broken.yaml']), 2, 'broken.yaml:5: the key "name" is there twice');
  });
  check('TypeScript nodenext, ES module', () => compiles('typed.mts', 'typed.mts'));
  check('TypeScript nodenext, CommonJS', () => compiles('typed.mts', 'typed.cts'));
  check('a misspelt prop does not compile', () => {
    const tsc = compile('misspelt.mts', 'misspelt.mts');
    expect(tsc, 1, "'replicas' does not exist in type");
    expect(tsc, 1, "'sizee' does not exist in type 'Storage'");
  });
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Compiled code with types, source maps and their sources, scripts and data beside the code that reads them, the READMEs and the papers. */
function contents() {
  const files = must('tar', ['-tzf', tarball])
    .stdout.trim()
    .split('\n')
    .map((file) => file.replace('package/', ''));
  const shipped = ['lib', 'imports'].flatMap((folder) => sources(join(repository, folder)).map((file) => `${folder}/${file}`));
  const wanted = shipped.flatMap((file) => {
    if (/\/(scripts|data)\//.test(file)) return [`build/${file}`, ...(file.endsWith('.md') ? [file] : [])];
    if (!file.endsWith('.ts')) return [file];
    const compiled = `build/${file.slice(0, -3)}`;
    return [file, ...['.js', '.js.map', '.d.ts', '.d.ts.map'].map((ending) => compiled + ending)];
  });
  wanted.push('package.json', 'README.md', 'LICENSE', 'CHANGELOG.md');
  const [missing, surplus] = [wanted.filter((file) => !files.includes(file)), files.filter((file) => !wanted.includes(file))];
  if (missing.length + surplus.length > 0) throw new Error(`missing: ${missing.join(' ')}; not expected: ${surplus.join(' ')}`);
}

function sources(root) {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

function synthesizes(app) {
  copyFileSync(join(import.meta.dirname, app), join(folder, app));
  const { stdout } = must('node', [app]);
  for (const part of ['orders.shop.svc:5432', 'kind: StatefulSet', 'agent.sh: ']) {
    if (!stdout.includes(part)) throw new Error(`no '${part}' in:\n${stdout}`);
  }
}

function compiles(source, name) {
  const { status, text } = compile(source, name);
  if (status !== 0) throw new Error(text);
}

/** `types` is empty and library checks are on: the declarations must not need what only this repository has. */
function compile(source, name) {
  copyFileSync(join(import.meta.dirname, source), join(folder, name));
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, noEmit: true, types: [] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
  return run('node_modules/.bin/tsc', []);
}

function check(name, test) {
  try {
    test();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n${error.message}`);
  }
}

function expect(result, status, part) {
  if (result.status === status && result.text.includes(part)) return;
  throw new Error(`exit ${result.status}, wanted '${part}', got:\n${result.text}`);
}

function must(program, args, cwd = folder) {
  const result = run(program, args, cwd);
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${result.status}\n${result.text}`);
  return result;
}

function run(program, args, cwd = folder) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  return { status, stdout, text: `${stdout}${stderr}${error ?? ''}` };
}

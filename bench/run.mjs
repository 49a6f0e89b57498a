// Measures what the library costs an app, and writes the figures beside their targets: node bench/run.mjs DATE
// Comparisons are of fresh processes in turns (a, b, a, b, …), since a shared machine has slow minutes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const RUNS = 21;
const apps = join(import.meta.dirname, 'apps');
const root = join(import.meta.dirname, '..');
const CDK8S_OUTDIR = mkdtempSync(join(tmpdir(), 'bench-'));
process.on('exit', () => rmSync(CDK8S_OUTDIR, { recursive: true }));
const load = loadavg()[0];
const rows = [];

const [plusImport, ourImport] = inTurns(
  () => Number(node('import.cjs', 'cdk8s-plus-27').stdout),
  () => Number(node('import.cjs', 'cdk8s-stateful').stdout),
).map(median);
row(
  "import, beyond `require('cdk8s-plus-27')` alone",
  ourImport - plusImport,
  25,
  'ms',
  `${fixed(ourImport)} against ${fixed(plusImport)} ms`,
);

const [plus, one] = inTurns(
  () => used('plus-only.cjs'),
  () => used('one.cjs'),
);
const [plusTime, oneTime] = [plus, one].map((runs) => median(runs.map((r) => r.time)));
const [plusCpu, oneCpu] = [plus, one].map((runs) => median(runs.map((r) => r.cpu)));
row(
  'one database, beside an app that only imports cdk8s-plus-27',
  oneTime / plusTime,
  1.3,
  '×',
  `whole processes: ${fixed(oneTime)} against ${fixed(plusTime)} ms; processor time ${fixed(oneCpu)} against ${fixed(plusCpu)} ms, ${fixed(oneCpu / plusCpu)} ×`,
);
const peaks = one.map((o) => o.peak);
row('peak memory of that synth', median(peaks), 80, 'MB', `at most ${fixed(Math.max(...peaks))}`);

const many = JSON.parse(node('many.cjs').stdout);
const hundred = many.sizes.at(-1);
const cpu = `processor time ${fixed(hundred.library.cpu / 100)} ms`; // with the garbage collector's threads
row('100 databases in 100 charts, each', total(hundred.library) / 100, 10, 'ms', `warm process, \`App.synth\` included; ${cpu}`);

const full = JSON.parse(node('full.cjs').stdout);
const share = `${full.objects} objects, warm process; the same objects as plain data, without this library: ${fixed(full.plain)} ms`;
row('one database with every part on', full.full, 12, 'ms', share);

const test = timed('npm', ['test']);
row('`npm test`', test.time / 1000, 20, 's', test.status === 0 ? 'one run' : 'one run, FAILED', test.status === 0);

writeFileSync(join(import.meta.dirname, 'results', 'ha-postgres.md'), report());
console.log(report());

function row(what, value, target, unit, note, worked = true) {
  rows.push(`| ${what} | ${fixed(value)} ${unit} | ≤ ${target} ${unit} | ${worked && value <= target ? 'yes' : '**no**'} | ${note} |`);
}

function report() {
  const version = (name) => `${name} ${JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version}`;
  return `# HaPostgres: what it costs to import and to synthesize

${process.argv[2] ?? 'undated'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${version('cdk8s')}, ${version('cdk8s-plus-27')}. \`npm run bench\` writes this file.
Medians of ${RUNS} fresh processes each, taken in turns; the machine's load was ${load.toFixed(1)} when it began (above ${availableParallelism()}, processes wait for a core).

| what | measured | target | met | |
|---|---:|---:|---|---|
${rows.join('\n')}

## How much YAML

| database | objects | kB | kB without the ConfigMaps of scripts |
|---|---:|---:|---:|
${Object.entries(full.sizes)
  .map(([name, size]) => `| ${name} | ${size.objects} | ${fixed(size.bytes / 1000)} | ${fixed(size.withoutScripts / 1000)} |`)
  .join('\n')}

## Many databases

Milliseconds, medians of 7 in one warm process. "Plain" are the same objects as plain data, without this library:
what cdk8s itself takes. Its \`App.synth\` validates the whole app again for each chart, so its time grows with their square.

| charts | build | synth | each | plain: build | plain: synth | plain: each | ratio |
|---:|---:|---:|---:|---:|---:|---:|---:|
${many.sizes.map(line).join('\n')}

Where the time of 100 charts goes (own time, by profile): ${many.owners
    .filter((o) => o.share >= 0.01)
    .map((o) => `${o.name} ${percent(o.share)}`)
    .join(', ')}.
Below a function of this library, with all it calls: ${percent(many.below)}.
`;
}

function line({ charts, library, plain }) {
  const cells = [
    library.build,
    library.synth,
    total(library) / charts,
    plain.build,
    plain.synth,
    total(plain) / charts,
    total(library) / total(plain),
  ];
  return `| ${charts} | ${cells.map(fixed).join(' | ')} |`;
}

/** Results of measurements taken in turns, without the first of each, which only warms the disk's cache. */
function inTurns(...measurements) {
  const results = measurements.map(() => []);
  for (let i = 0; i <= RUNS; i++) {
    for (const [j, measure] of measurements.entries()) results[j].push(measure());
  }
  return results.map((list) => list.slice(1));
}

function used(app) {
  const { stdout, time } = node(app);
  return { time, ...JSON.parse(stdout) };
}

function node(app, ...args) {
  const result = timed(process.execPath, [join(apps, app), ...args], { CDK8S_OUTDIR });
  if (result.status !== 0) throw new Error(`${app}: ${result.stderr}`);
  return result;
}

function timed(program, args, env = {}) {
  const start = performance.now();
  const result = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } });
  return { ...result, time: performance.now() - start };
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function total({ build, synth }) {
  return build + synth;
}

function fixed(number) {
  return number >= 100 ? number.toFixed(0) : number.toFixed(number >= 10 ? 1 : 2);
}

function percent(share) {
  return `${Math.round(share * 100)} %`;
}

// Measures how the time of a synth grows with its charts, beside cdk8s' own App, and writes the figures beside their targets:
// node bench/synth.mjs DATE. Fresh processes in turns (a, b, c, a, b, c, …), since a shared machine has slow minutes.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const SIZES = [1, 10, 100, 1000];
const RUNS = { 1: 7, 10: 7, 100: 7, 1000: 5 };
const PLAIN_ONCE = 300; // cdk8s' own App is asked for no more: its time grows with the square, 1000 charts take a minute on a quiet machine
const WARMING = 8;
const OBJECTS = 15;

const root = join(import.meta.dirname, '..');
const load = loadavg()[0];
const results = new Map(SIZES.map((charts) => [charts, measure(charts)]));
const plainOnce = run('plain', PLAIN_ONCE);
const [small, middle, large] = [10, 100, 1000].map((charts) => warm(charts));

for (const [charts, { unchecked }] of results) console.log(`charts=${charts} ms=${Math.round(unchecked.ms)}`);
for (const [charts, { checked }] of results) console.log(`charts=${charts} checks=on ms=${Math.round(checked.ms)}`);
for (const [charts, { plain }] of results) if (plain) console.log(`charts=${charts} app=cdk8s ms=${Math.round(plain.ms)}`);
console.log(`charts=${PLAIN_ONCE} app=cdk8s ms=${Math.round(plainOnce.ms)}`);

const thousand = results.get(1000);
const rows = [];
row('1000 charts, without checks', thousand.unchecked.ms / 1000, 5, 's', `processor time ${fixed(thousand.unchecked.cpu / 1000)} s`);
row('1000 charts, with all checks', thousand.checked.ms / 1000, 8, 's', `processor time ${fixed(thousand.checked.cpu / 1000)} s`);
row(
  'a chart among 1000, beside one among 10',
  large / small,
  1.3,
  '×',
  `processor time in a warm process: ${fixed(large)} against ${fixed(small)} ms`,
);
row('a chart among 1000, beside one among 100', large / middle, 1.3, '×', `the same: ${fixed(large)} against ${fixed(middle)} ms`);
const perObject = (thousand.checked.cpu - thousand.unchecked.cpu) / 1000 / OBJECTS;
row('the checks, an object', perObject, 0.2, 'ms', 'processor time of the two above, their difference over 15,000 objects');
row('peak memory at 15,000 objects', thousand.checked.peak, 300, 'MB', 'with all checks');
writeFileSync(join(import.meta.dirname, 'results', 'synth.md'), report());

function measure(charts) {
  const kinds = charts > 100 ? ['unchecked', 'checked'] : ['plain', 'unchecked', 'checked'];
  const runs = inTurns(RUNS[charts], ...kinds.map((kind) => () => run(kind, charts)));
  const typical = (list) => Object.fromEntries(['ms', 'cpu', 'peak'].map((part) => [part, median(list.map((r) => r[part]))]));
  return Object.fromEntries(kinds.map((kind, i) => [kind, typical(runs[i])]));
}

/** Processor time of one chart among that many, where all code is compiled: waiting for a core would hide what grows. */
function warm(charts) {
  return median(inTurns(5, () => run('unchecked', charts, WARMING))[0].map(({ cpu }) => cpu)) / charts;
}

/** In turns, and without the first of each, which only warms the disk's cache. */
function inTurns(runs, ...measurements) {
  const lists = measurements.map(() => []);
  for (let i = 0; i <= runs; i++) {
    for (const [j, measurement] of measurements.entries()) lists[j].push(measurement());
  }
  return lists.map((list) => list.slice(1));
}

function run(kind, charts, warming = 0) {
  const CDK8S_OUTDIR = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const args = [join(import.meta.dirname, 'apps', 'charts.cjs'), kind, charts, warming].map(String);
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_OUTDIR },
    });
    if (status !== 0) throw new Error(`${kind} ${charts}: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(CDK8S_OUTDIR, { recursive: true });
  }
}

function row(what, value, target, unit, note) {
  rows.push(`| ${what} | ${fixed(value)} ${unit} | ≤ ${target} ${unit} | ${value <= target ? 'yes' : '**no**'} | ${note} |`);
}

function report() {
  const version = (name) => `${name} ${JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version}`;
  return `# StatefulApp: what a synth costs, by its charts

${process.argv[2] ?? 'undated'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, ${version('cdk8s')}, ${version('cdk8s-plus-27')}. \`npm run bench:synth\` writes this file.
Medians of ${Math.min(...Object.values(RUNS))} to ${Math.max(...Object.values(RUNS))} fresh processes each, taken in turns; the machine's load was ${load.toFixed(1)} when it began (above ${availableParallelism()}, processes wait for a core).

| what | measured | target | met | |
|---|---:|---:|---|---|
${rows.join('\n')}

## By the number of charts

\`app.synth()\` in milliseconds, of charts of ${OBJECTS} objects each, a file for each chart, into an empty folder, in a fresh process; in
brackets the processor time.

| charts | cdk8s' App | StatefulApp without checks | with all checks |
|---:|---:|---:|---:|
${[...results].map(([charts, { plain, unchecked, checked }]) => `| ${charts} | ${plain ? cell(plain) : 'not run'} | ${cell(unchecked)} | ${cell(checked)} |`).join('\n')}
| ${PLAIN_ONCE} | ${cell(plainOnce)}, one run | | |
`;
}

function cell({ ms, cpu }) {
  return `${fixed(ms)} (${fixed(cpu)})`;
}

function median(numbers) {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function fixed(number) {
  return number >= 100 ? number.toFixed(0) : number.toFixed(number >= 10 ? 1 : 2);
}

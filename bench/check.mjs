// Measures the command beside kubeconform, over the same objects and in turns: node bench/check.mjs [OBJECTS]
// kubeconform is built with Go, with schemas from ../shared/schemas; without either its rows are left out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { writeSchemas } from './check/schemas.mjs';
import { writeTree } from './check/tree.mjs';

const OBJECTS = Number(process.argv[2] ?? 15_000);
const RUNS = 5;
const KUBECONFORM = 'v0.7.0';
const root = resolve(import.meta.dirname, '..');
const command = [process.execPath, join(root, 'build/lib/cli/main.js')];
const parts = [process.execPath, join(import.meta.dirname, 'check/parts.cjs')];
const folder = mkdtempSync(join(tmpdir(), 'bench-check-'));
process.on('exit', () => rmSync(folder, { recursive: true }));
const [large, old, changed] = ['large', 'old', 'new'].map((name) => join(folder, name));

console.log(
  `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)}; medians of ${RUNS} runs in turns\n`,
);
console.log('| what | measured | target | met | |\n|---|---:|---:|---|---|');

writeTree(large, OBJECTS);
const peer = kubeconform();
const [ours, theirs, apart] = inTurns(
  () => measured([...command, 'check', large, '--format', 'json'], [0, 1]),
  () => (peer ? measured([...peer, large], [0, 1]) : undefined),
  () => JSON.parse(measured([...parts, large]).stdout),
);
const [wall, cpu, peak] = ['wall', 'cpu', 'peak'].map((name) => median(ours.map((run) => run[name])));
const of = (name, unit = 'wall') => median(apart.map((times) => times[name][unit]));
row(`check of ${OBJECTS} objects`, wall / 1000, 's', undefined, `processor time ${fixed(cpu / 1000)} s; ${apart[0].findings} findings`);
row('its peak memory', peak, 'MB', 300, '');
if (peer) {
  const [peerWall, peerCpu, peerPeak] = ['wall', 'cpu', 'peak'].map((name) => median(theirs.map((run) => run[name])));
  row(
    'beside kubeconform',
    wall / peerWall,
    '×',
    1.5,
    `kubeconform ${KUBECONFORM}: ${fixed(peerWall / 1000)} s, processor time ${fixed(peerCpu / 1000)} s, ${fixed(peerPeak)} MB`,
  );
  row(
    'beside kubeconform, without the time of parsing',
    (wall - of('parse')) / peerWall,
    '×',
    1,
    `parsing takes ${fixed(of('parse'))} ms here; all of kubeconform's time counts`,
  );
  row('processor time beside kubeconform', cpu / peerCpu, '×', undefined, 'kubeconform uses all cores');
}
const each = ['files', 'parse', 'first check'].map((name) => `${name} ${fixed(of(name))} ms`).join(', ');
row(
  'all checks, warm, each object',
  of('second check') / OBJECTS,
  'ms',
  0.2,
  `processor time ${fixed(of('second check', 'cpu') / OBJECTS)} ms; one process: ${each}; ${fixed(apart[0].characters / 1e6)} million characters`,
);

const [cold] = inTurns(...Array(4).fill(() => JSON.parse(measured([...parts, 'cold']).stdout).cold));
row('from nothing to one object checked', median(cold), 'ms', 60, 'with all that is loaded for it');

writeTree(old, 1000);
writeTree(changed, 1000, (text, index) =>
  index % 3 === 0 ? text.replace(/replicas: 3/, 'replicas: 5').replace(/1\.0\.0/, '1.1.0') : text,
);
const [review] = inTurns(() => measured([...command, 'review', old, changed], [0, 1, 2]));
const reviewCpu = median(review.map((run) => run.cpu)) / 1000;
row('review of two trees of 1000 objects', median(review.map((run) => run.wall)) / 1000, 's', 1.5, `processor time ${fixed(reviewCpu)} s`);

const peers = JSON.parse(measured([...parts, large, 'peers']).stdout);
console.log(
  `\nParsers, processor time for ${Math.min(OBJECTS, 2000)} objects in a warm process: ${['this', 'js-yaml', 'yaml'].map((name) => `${name} ${fixed(peers[name].cpu)} ms`).join(', ')}.`,
);

function row(what, value, unit, target, note) {
  const aim = target === undefined ? ['', ''] : [`≤ ${target} ${unit}`, value <= target ? 'yes' : '**no**'];
  console.log(`| ${what} | ${fixed(value)} ${unit} | ${aim.join(' | ')} | ${note} |`);
}

/** The peer's command line, built the first time; undefined where that cannot be. */
function kubeconform() {
  const programs = join(root, 'build/bench');
  const program = join(programs, 'kubeconform');
  if (!existsSync(program)) {
    mkdirSync(programs, { recursive: true });
    const { status, stderr } = spawnSync('go', ['install', `github.com/yannh/kubeconform/cmd/kubeconform@${KUBECONFORM}`], {
      env: { ...process.env, GOBIN: programs },
      encoding: 'utf8',
    });
    if (status !== 0) return console.error(`without kubeconform: ${stderr ?? 'there is no Go here'}`);
  }
  if (!existsSync(join(root, '../shared/schemas'))) return console.error('without kubeconform: there is no ../shared/schemas here');
  return [
    program,
    '-strict',
    '-summary',
    '-kubernetes-version',
    '1.36.0',
    '-schema-location',
    writeSchemas(join(folder, 'schemas'), '1.36'),
  ];
}

/** Results of measurements in turns, without the first of each, which only warms the disk's cache. */
function inTurns(...measurements) {
  const results = measurements.map(() => []);
  for (let i = 0; i <= RUNS; i++) {
    for (const [j, measure] of measurements.entries()) results[j].push(measure());
  }
  return results.map((list) => list.slice(1));
}

/** Wall time and processor time in milliseconds, peak memory in MB; by GNU time, as a child's cannot be asked for otherwise. */
function measured(line, codes = [0]) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', ...line], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (!codes.includes(status)) throw new Error(`${line.join(' ')}: exit ${status}\n${stdout.slice(0, 2000)}${stderr.slice(-2000)}`);
  const [user, system, peak] = stderr.trimEnd().split('\n').at(-1).split(' ').map(Number);
  return { stdout, wall: performance.now() - start, cpu: (user + system) * 1000, peak: peak / 1024 };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function fixed(number) {
  return number >= 100 ? number.toFixed(0) : number.toFixed(number >= 10 ? 1 : 2);
}

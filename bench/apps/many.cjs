// Databases in a chart each, in a warm process: how long they take, and where the time goes. Prints JSON.
const { Session } = require('node:inspector/promises');
const { ApiObject, App, Chart } = require('cdk8s');
const { database } = require('./database.cjs');

const RUNS = 7;
const SIZES = [1, 10, 100];
process.removeAllListeners('warning').on('warning', () => {}); // they are made, but 100 equal lines tell nothing

const render = new Chart(new App(), 'shop', { namespace: 'shop' });
database(render);
const objects = render.toJson();

/** The same objects as plain data: what cdk8s itself takes to check, sort and write them. */
function plain(chart) {
  for (const [i, object] of objects.entries()) new ApiObject(chart, `object-${i}`, structuredClone(object));
}

function run(fill, charts) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  const app = new App();
  for (let i = 0; i < charts; i++) fill(new Chart(app, `shop-${i}`, { namespace: `shop-${i}` }));
  const built = performance.now();
  app.synth();
  const { user, system } = process.cpuUsage(used);
  return { build: built - start, synth: performance.now() - built, cpu: (user + system) / 1000 };
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const typical = (runs) => Object.fromEntries(['build', 'synth', 'cpu'].map((part) => [part, median(runs.map((r) => r[part]))]));

function measure(charts) {
  const [ours, theirs] = [[], []];
  for (let i = 0; i < RUNS; i++) {
    ours.push(run(database, charts));
    theirs.push(run(plain, charts));
  }
  return { charts, library: typical(ours), plain: typical(theirs) };
}

/** Share of the time by who owns the code that ran, and the share below any function of this library. */
async function profile(charts) {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  for (let i = 0; i < 3; i++) run(database, charts);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return shares(profile);
}

function shares({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const visit = (node, inside) => {
    node.inside = inside || owner(node) === 'this library';
    for (const id of node.children ?? []) visit(byId.get(id), node.inside);
  };
  visit(nodes[0], false);
  const self = {};
  let [total, below] = [0, 0];
  samples.forEach((id, i) => {
    const node = byId.get(id);
    self[owner(node)] = (self[owner(node)] ?? 0) + timeDeltas[i];
    total += timeDeltas[i];
    if (node.inside) below += timeDeltas[i];
  });
  const owners = Object.entries(self).map(([name, time]) => ({ name, share: time / total }));
  return { owners: owners.sort((a, b) => b.share - a.share), below: below / total };
}

function owner({ callFrame: { url, functionName } }) {
  if (functionName === '(garbage collector)') return 'garbage collection';
  const found = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url);
  if (found) return found[1];
  if (url.includes('/build/lib/')) return 'this library';
  return url.includes('/bench/') ? 'the benchmark' : 'Node.js and the file system';
}

run(database, 100); // warms up
run(database, 100);
const sizes = SIZES.map(measure);
profile(100).then(({ owners, below }) => console.log(JSON.stringify({ sizes, owners, below })));

import { parseArgs } from 'node:util';
import { type Dcs, type Durability, FAST_FAILOVER } from '../lib';
import { chaos } from './support/chaos';
import { writeChaos } from './support/chaos-report';
import { KEEP, TOOLS } from './support/environment';
import { FAULTS } from './support/faults';
import { deleteNamespace, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { neededGuard, neededRights } from './support/negative-controls';
import { type Entry, writeResults } from './support/results';
import { rollingRestart } from './support/rolling';
import type { Outcome } from './support/session';
import { Subject, type SubjectOptions } from './support/subject';
import { inTurns, trial } from './support/trial';
import { compareTuning } from './support/tuning';
import { sleep } from './support/wait';

const USAGE = `node --require ./e2e/register.js e2e/soak.ts [options]
  --fault LIST       of ${names().join(', ')}; default: all
  --runs N           of each fault, default 10
  --dcs LIST         of endpoints, configMaps, side by side; default: both
  --fast N           beside them N with FAST_FAILOVER, which one dead node gives N figures of
  --durability NAME  async or sync; default async
  --rest SECONDS     between two kills, for the kubelet's back-off; default 20. After a node fault it is 70: a leader whose pod is
                     younger than a minute renews its lock more often
  --output FILE      Markdown to write; default bench/results/e2e-ha-postgres.md, e2e-chaos.md, e2e-tuning.md

  --chaos MINUTES    instead: a random fault a minute under pgbench, on one cluster in sync; fails when a row is lost
  --seed N           for the faults of --chaos, to have the same again; default: a new one

  --pgbench          instead: throughput with the computed tuning and with PostgreSQL's defaults, in --runs rounds
  --seconds N        of each of its runs, default 45`;

/** Everything it can do: the faults, a rolling restart, and two proofs that what the YAML has is needed. */
function names(): string[] {
  return [...FAULTS.map((fault) => fault.name), 'rolling', 'rights', 'guards'];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fault: { type: 'string', default: names().join(',') },
      runs: { type: 'string', default: '10' },
      dcs: { type: 'string', default: 'endpoints,configMaps' },
      fast: { type: 'string', default: '0' },
      durability: { type: 'string', default: 'async' },
      rest: { type: 'string', default: '20' },
      output: { type: 'string' },
      chaos: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      pgbench: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '45' },
      help: { type: 'boolean', default: false },
    },
  });
  const wanted = values.fault.split(',');
  const unknown = wanted.filter((name) => !names().includes(name));
  if (values.help || unknown.length > 0) throw new Error(`${unknown.length > 0 ? `unknown: ${unknown}\n` : ''}${USAGE}`);
  if (!TOOLS) throw new Error('CLUSTER_TOOLS is not there: the soak stops nodes and controllers');
  if (values.chaos) return soak(whole('chaos', values.chaos), whole('seed', values.seed), values.output);
  if (values.pgbench) {
    const command = `npm run e2e:soak -- --pgbench --runs ${values.runs} --seconds ${values.seconds}`;
    return compareTuning(whole('runs', values.runs), whole('seconds', values.seconds), command, values.output);
  }

  await locked('shared', requireReadyNodes);
  const dcs = values.dcs.split(',').filter(Boolean) as Dcs[];
  const durability = values.durability as Durability;
  const entries: Entry[] = [];
  const notes: string[] = [];
  const measured = wanted.filter((name) => name !== 'rights' && name !== 'guards');
  const clusters = dcs.map((each): SubjectOptions => ({ label: `${each.toLowerCase()}-${durability}`, props: { dcs: each, durability } }));
  for (let i = 1; i <= Number(values.fast); i++) {
    clusters.push({ label: `fast-${durability}-${i}`, props: { patroni: FAST_FAILOVER, durability } });
  }
  if (measured.length > 0) await measure(clusters, measured, Number(values.runs), Number(values.rest), entries, notes);
  if (wanted.includes('rights')) for (const each of dcs) notes.push(...(await neededRights(each)));
  if (wanted.includes('guards') && dcs.includes('endpoints')) notes.push(...(await neededGuard()));
  writeResults(values.output, entries, notes);
}

/** An option that has to be a positive number: of nothing at all it would say that nothing was lost. */
function whole(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${option} ${text}: not a whole number from 1\n${USAGE}`);
  return Number(text);
}

/** A random fault a minute. Whatever is wrong in the end is in the file, and makes this process fail. */
async function soak(minutes: number, seed: number, output: string | undefined): Promise<void> {
  const verdict = await chaos(minutes, seed);
  writeChaos(output, `npm run e2e:soak -- --chaos ${minutes} --seed ${seed}`, verdict);
  if (verdict.wrong.length > 0) process.exitCode = 1;
}

/** Runs the faults in turns, so that no fault has all the quiet minutes. */
async function measure(
  clusters: readonly SubjectOptions[],
  faults: readonly string[],
  runs: number,
  rest: number,
  entries: Entry[],
  notes: string[],
): Promise<void> {
  const subjects = await Promise.all(clusters.map((options) => Subject.create(options)));
  try {
    for (const subject of subjects) {
      await subject.apply();
      await subject.healthy(120);
      await subject.prepareWriters();
    }
    for (let i = 0; i < runs; i++) {
      for (const name of faults) {
        try {
          for (const outcome of await once(name, subjects)) entries.push(entryOf(name, outcome));
        } catch (error) {
          // A run that never healed is a result too, and no reason to lose the others.
          process.stdout.write(`${name}, run ${i + 1}: ${error}\n`);
          notes.push(`${name}, run ${i + 1} of ${runs}, failed: ${String(error).split('\n')[0]}`);
        }
        await sleep(name.endsWith('-kill') ? rest : name.startsWith('node-') ? 70 : 0);
      }
    }
  } finally {
    if (!KEEP) for (const subject of subjects) await deleteNamespace(subject.kubectl);
  }
}

function once(name: string, subjects: readonly Subject[]): Promise<Outcome[]> {
  const fault = FAULTS.find((each) => each.name === name);
  if (fault) return trial(fault, subjects);
  return inTurns(subjects, rollingRestart);
}

function entryOf(fault: string, { subject, through, direct, overlap, promotions }: Outcome): Entry {
  const accounts = [...Object.values(through), ...direct];
  return {
    fault,
    cluster: subject.label.replace(/-\d+$/, ''),
    // A rolling restart may interrupt twice: what counts is how long in total.
    row: fault === 'rolling' ? through.row.total : through.row.gap,
    kept: fault === 'rolling' ? through.kept.total : through.kept.gap,
    lost: Object.values(through).reduce((sum, each) => sum + each.lost.length, 0),
    lostDirect: direct.reduce((sum, each) => sum + each.lost.length, 0),
    twice: accounts.reduce((sum, each) => sum + each.twice.length, 0),
    overlap,
    promotions,
  };
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exit(1);
});

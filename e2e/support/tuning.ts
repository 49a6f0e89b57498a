import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { KEEP } from './environment';
import { figure, type Spread, spread } from './figures';
import { deleteNamespace, requireReadyNodes } from './kubectl';
import { clientPod, preparePgbench } from './load';
import { locked } from './lock';
import { measured, writeMarkdown } from './results';
import { Subject } from './subject';

/** Some 450 MB: more than the default of 128 MB for shared_buffers, and it fits in the pod's memory with all else. */
const SCALE = 30;
const CLIENTS = 8;

/** A cluster of one member: it is PostgreSQL's settings that are compared, and replicas would take the processor from it. */
const PROPS = {
  members: 1,
  // Nothing like a small volume: the tuning gives the WAL a part of it.
  storage: { size: Size.gibibytes(10) },
  resources: { cpu: { request: kplus.Cpu.millis(500) }, memory: { request: Size.mebibytes(1024), limit: Size.mebibytes(1024) } },
};

const TUNINGS = ['auto', 'none'] as const;
const LOADS = { 'read-write': '-b tpcb-like', 'select-only': '-b select-only' };
type LoadName = keyof typeof LOADS;

/** Transactions a second of one kind of load, round by round. */
export interface Throughput {
  readonly load: string;
  readonly auto: number[];
  readonly none: number[];
}

/** A parameter that is not the same in both. */
export interface Difference {
  readonly parameter: string;
  readonly auto: string;
  readonly none: string;
}

/** Lets pgbench run on a tuned cluster and on one with PostgreSQL's defaults, in turns, and writes the result as Markdown. */
export async function compareTuning(rounds: number, seconds: number, command: string, file?: string): Promise<void> {
  await locked('shared', requireReadyNodes);
  const create = (tuning: 'auto' | 'none') => Subject.create({ label: `tuning-${tuning}`, props: { ...PROPS, postgresql: { tuning } } });
  const [auto, none] = await Promise.all(TUNINGS.map(create));
  try {
    for (const subject of [auto, none]) await prepare(subject);
    const differences = await differing(auto, none);
    const size = await megabytes(auto);
    const throughputs = await inRounds({ auto, none }, rounds, seconds);
    const how = `${rounds} rounds of ${seconds} s, in turns, after 15 s of reading each and a checkpoint before each run.`;
    write(file, command, [...described(size), how], differences, throughputs);
  } finally {
    if (!KEEP) for (const subject of [auto, none]) await deleteNamespace(subject.kubectl);
  }
}

/** A cluster with its data, a client beside it, and caches as full as they get. */
async function prepare(subject: Subject): Promise<void> {
  await subject.apply();
  await subject.healthy(120);
  await locked('shared', async () => {
    await preparePgbench(subject, SCALE);
    const { node } = await subject.database.leader();
    await subject.kubectl.run(['create', '-f', '-'], JSON.stringify(clientPod(subject, 'client', node, ['sleep', '100000'])));
    await subject.kubectl.run(['wait', 'pod/client', '--for=condition=Ready', '--timeout=60s'], undefined, 70);
    await pgbench(subject, 'select-only', 15);
  });
}

async function inRounds(subjects: Record<'auto' | 'none', Subject>, rounds: number, seconds: number): Promise<Throughput[]> {
  const throughputs = Object.keys(LOADS).map((load) => ({ load: load as LoadName, auto: [] as number[], none: [] as number[] }));
  for (let round = 1; round <= rounds; round++) {
    for (const throughput of throughputs) {
      for (const tuning of TUNINGS) {
        const tps = await locked('shared', () => pgbench(subjects[tuning], throughput.load, seconds));
        figure(`round ${round} ${throughput.load} tuning ${tuning}`, tps, 'tps');
        throughput[tuning].push(tps);
      }
    }
  }
  return throughputs;
}

/** Transactions a second. Its dirty pages are written before the next run begins, so that nobody pays for another's. */
async function pgbench(subject: Subject, load: LoadName, seconds: number): Promise<number> {
  const command = `pgbench -n -c ${CLIENTS} -j 2 -T ${seconds} ${LOADS[load]} "$PG_CONNINFO"`;
  const said = await subject.kubectl.exec('client', 'pgbench', ['bash', '-c', command], seconds + 60);
  const [, tps] = /^tps = ([\d.]+)/m.exec(said) ?? [];
  if (!tps) throw new Error(`pgbench did not say its throughput:\n${said}`);
  const { leader } = await subject.database.view();
  await subject.kubectl.exec(leader, 'patroni', ['psql', '-XAtc', 'checkpoint'], 120);
  return Number(tps);
}

/** The parameters by which the two differ, as the servers have them. */
async function differing(auto: Subject, none: Subject): Promise<Difference[]> {
  const all = "select name || '=' || current_setting(name) from pg_settings where name not like '%path%' order by name";
  const [tuned, defaults] = await Promise.all(
    [auto, none].map(async ({ database }) => {
      const lines = (await database.sql((await database.view()).leader, 'postgres', all)).trim().split('\n');
      return new Map(lines.map((line) => line.split(/=(.*)/s) as [string, string]));
    }),
  );
  return [...tuned]
    .filter(([parameter, value]) => defaults.get(parameter) !== value)
    .map(([parameter, value]) => ({ parameter, auto: value, none: defaults.get(parameter) ?? '' }));
}

async function megabytes({ database }: Subject): Promise<number> {
  const size = "select pg_database_size('orders') / 1000000";
  return Number(await database.sql((await database.view()).leader, 'postgres', size));
}

function described(size: number): string[] {
  const { memory } = PROPS.resources;
  return [
    `PostgreSQL 17, one member each with ${memory.limit.toMebibytes()} MiB and a volume of ${PROPS.storage.size.toGibibytes()} GiB. ${CLIENTS} clients on its node, through the Service.`,
    `Scale ${SCALE}, ${size} MB: it fits in the pod's memory, and not in shared_buffers' default of 128 MB.`,
  ];
}

function write(
  file: string | undefined,
  command: string,
  description: readonly string[],
  differences: readonly Difference[],
  throughputs: readonly Throughput[],
): void {
  writeMarkdown(file, 'e2e-tuning.md', [
    "# pgbench with the computed tuning and with PostgreSQL's defaults",
    '',
    `Measured ${measured(command)}`,
    ...description,
    '',
    '| load | tuned: min / median / max tps | defaults: min / median / max tps | tuned : defaults, medians |',
    '|---|---|---|---:|',
    ...throughputs.map(line),
    '',
    '| parameter that differs | tuned | default |',
    '|---|---|---|',
    ...differences.map(({ parameter, auto, none }) => `| \`${parameter}\` | ${auto} | ${none} |`),
  ]);
}

function line({ load, auto, none }: Throughput): string {
  const three = ({ min, median, max }: Spread) => [min, median, max].map((value) => value.toFixed(0)).join(' / ');
  const [tuned, defaults] = [spread(auto), spread(none)];
  return `| ${load} | ${three(tuned)} | ${three(defaults)} | ${(tuned.median / defaults.median).toFixed(2)} |`;
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { spread } from './figures';

/** One run of one fault on one cluster. */
export interface Entry {
  readonly fault: string;
  readonly cluster: string;
  /** Seconds without an acknowledgement, with a connection for every row and with a kept one. */
  readonly row: number;
  readonly kept: number;
  /** Acknowledged rows that are gone: of the writers through the Service, and of those beside a leader that was cut off. */
  readonly lost: number;
  readonly lostDirect: number;
  readonly twice: number;
  readonly overlap: number;
  readonly promotions: number;
}

const HEAD = `| fault | cluster | runs | new connections: min / median / max s | kept connection: min / median / max s | lost rows | overlap s | promotions |
|---|---|---|---|---|---|---|---|`;

/** Writes the results as Markdown. */
export function writeResults(file: string | undefined, entries: readonly Entry[], notes: readonly string[]): void {
  const groups = grouped(entries);
  writeMarkdown(file, 'e2e-ha-postgres.md', [
    '# HaPostgres on a real cluster',
    '',
    `Measured ${measured('npm run e2e:soak')}`,
    'A write gap is the longest time between two acknowledged rows of a writer of ten rows a second; for `rolling` it is the sum',
    'of all gaps of a run. Lost rows: acknowledged and gone; in brackets, those that writers beside a cut-off leader were told.',
    '',
    ...(groups.length > 0 ? [HEAD, ...groups.map(row), ''] : []),
    ...notes.map((note) => `- ${note}`),
  ]);
}

/** When, by what and on what something was measured. */
export function measured(command: string): string {
  const machine = `one machine of ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${new Date().toISOString().slice(0, 10)} by \`${command}\`: Kubernetes with three nodes on ${machine}.`;
}

/** Writes a file, by default one of bench/results, and prints it. */
export function writeMarkdown(file: string | undefined, name: string, lines: readonly string[]): void {
  const path = resolve(file ?? `${__dirname}/../../bench/results/${name}`);
  const text = `${lines.join('\n')}\n`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(text);
}

function row(group: readonly Entry[]): string {
  const [{ fault, cluster }] = group;
  const three = (values: number[]) => {
    const { min, median, max } = spread(values);
    return `${min.toFixed(1)} / ${median.toFixed(1)} / ${max.toFixed(1)}`;
  };
  const sum = (pick: (entry: Entry) => number) => group.reduce((total, entry) => total + pick(entry), 0);
  const direct = sum((entry) => entry.lostDirect);
  const lost = `${sum((entry) => entry.lost)}${direct > 0 ? ` (${direct})` : ''}`;
  const overlap = Math.max(...group.map((entry) => entry.overlap)).toFixed(1);
  const promotions = [...new Set(group.map((entry) => entry.promotions))].sort().join(' or ');
  const cells = [fault, cluster, group.length, three(group.map((e) => e.row)), three(group.map((e) => e.kept)), lost, overlap, promotions];
  return `| ${cells.join(' | ')} |`;
}

const key = ({ fault, cluster }: Entry) => `${fault} ${cluster}`;

function grouped(entries: readonly Entry[]): Entry[][] {
  const keys = [...new Set(entries.map(key))];
  return keys.map((each) => entries.filter((entry) => key(entry) === each));
}

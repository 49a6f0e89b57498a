import type { Minute, Verdict } from './chaos';
import { spread } from './figures';
import { measured, writeMarkdown } from './results';

/** Writes what a run of faults came to as Markdown. */
export function writeChaos(file: string | undefined, command: string, { minutes, seconds, rows, commits, wrong }: Verdict): void {
  const kinds = [...new Set(minutes.map(({ fault }) => fault))].sort();
  const groups = kinds.map((kind) =>
    line(
      kind,
      minutes.filter(({ fault }) => fault === kind),
    ),
  );
  writeMarkdown(file, 'e2e-chaos.md', [
    '# HaPostgres under a random fault a minute',
    '',
    `Measured ${measured(command)}`,
    'Three members, `sync`, PostgreSQL 17, Patroni 4.1, pgbench changing rows all the time. A write gap is the longest time between two',
    'acknowledged rows of a writer of ten rows a second, on a node that the fault leaves alone: "new" makes a connection for each row, "kept" keeps one.',
    '',
    `Faults: ${minutes.length}, in ${(seconds / 60).toFixed(0)} minutes; ${rows} rows of writers and ${commits} transactions of pgbench acknowledged.`,
    ...(wrong.length === 0
      ? [
          'In the end each of them was there once on every member; at no time did two members acknowledge rows; after each fault the sums of',
          "pgbench's accounts, tellers, branches and history were one number.",
        ]
      : ['**This run failed:**', '', ...wrong.map((what) => `- ${what}`), '']),
    'A lost fsync is not shown: the page cache of a node that is "dead" here survives, so what a power loss takes from a disk is not tried.',
    '',
    ...(minutes.length > 0 ? [HEAD, ...groups, line('all', minutes)] : []),
  ]);
}

const HEAD = `| fault | runs | new: min / median / p95 / max s | kept: min / median / p95 / max s | promotions | transactions |
|---|---:|---|---|---:|---:|`;

function line(name: string, minutes: readonly Minute[]): string {
  const four = (values: number[]) => {
    const { min, median, p95, max } = spread(values);
    return [min, median, p95, max].map((value) => value.toFixed(1)).join(' / ');
  };
  const sum = (of: (minute: Minute) => number) => minutes.reduce((total, minute) => total + of(minute), 0);
  const cells = [
    name,
    minutes.length,
    four(minutes.map(({ outcome }) => outcome.through.row.gap)),
    four(minutes.map(({ outcome }) => outcome.through.kept.gap)),
    sum(({ outcome }) => outcome.promotions),
    sum(({ commits }) => commits),
  ];
  return `| ${cells.join(' | ')} |`;
}

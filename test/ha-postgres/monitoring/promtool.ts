import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prometheus' own tool, of Debian's package `prometheus`. Where it is missing its tests are left out, and say so. */
export const HAS_PROMTOOL = spawnSync('promtool', ['--version']).status === 0;

/** What promtool says of some files (JSON is YAML too); nothing when all is well. */
function promtool(args: string[], files: Record<string, object>): string {
  const folder = mkdtempSync(join(tmpdir(), 'promtool-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
    return status === 0 ? '' : stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether Prometheus can load these groups. */
export function checkRules(groups: object): string {
  return promtool(['check', 'rules', 'rules.json'], { 'rules.json': { groups } });
}

/** What happened: the values of each series, one a minute, as promtool writes them. */
export type History = Record<string, string>;

/** Whether exactly these alerts fire after so many minutes of that history. */
export function firing(groups: object, history: History, minutes: number, alerts: string[]): string {
  const test = {
    interval: '1m',
    input_series: Object.entries(history).map(([series, values]) => ({ series, values })),
    promql_expr_test: [
      {
        expr: 'group by (alertname) (ALERTS{alertstate="firing"})',
        eval_time: `${minutes}m`,
        exp_samples: [...alerts].sort().map((name) => ({ labels: `{alertname="${name}"}`, value: 1 })),
      },
    ],
  };
  return promtool(['test', 'rules', 'test.json'], {
    'rules.json': { groups },
    'test.json': { rule_files: ['rules.json'], evaluation_interval: '1m', tests: [test] },
  });
}

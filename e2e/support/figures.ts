import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FIGURES } from './environment';

/** Prints a measured value, and appends it to the file of figures. */
export function figure(name: string, value: number, unit: string): void {
  const rounded = Math.round(value * 100) / 100;
  process.stdout.write(`figure ${name} ${rounded} ${unit}\n`);
  mkdirSync(dirname(FIGURES), { recursive: true });
  appendFileSync(FIGURES, `${JSON.stringify({ at: new Date().toISOString(), name, value: rounded, unit })}\n`);
}

/** Keeps a writer's log beside the figures, for whoever wonders about one of them. */
export function keepLog(name: string, text: string): void {
  const folder = join(dirname(FIGURES), 'logs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.log`), text);
}

/** Smallest, middle and largest of some values, and the smallest that 95 % of them do not exceed. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { min: sorted[0], median, p95: sorted[Math.ceil(sorted.length * 0.95) - 1], max: sorted[sorted.length - 1] };
}

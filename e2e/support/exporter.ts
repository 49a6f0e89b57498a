import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOOLS } from './environment';
import { type Json, Kubectl } from './kubectl';
import { output } from './run';

/** An image with postgres_exporter in its path, and sh. */
export const EXPORTER_IMAGE = process.env.E2E_EXPORTER_IMAGE ?? 'localhost/postgres-exporter:1';

/** Whether there is such an image, or can be. */
export const HAS_EXPORTER = Boolean(TOOLS || process.env.E2E_EXPORTER_IMAGE);

/** Lays Debian's package of the exporter over a test image and gives it to every node; nothing where they have one. */
export async function buildExporterImage(): Promise<void> {
  if (process.env.E2E_EXPORTER_IMAGE || (await everyNodeHas(EXPORTER_IMAGE))) return;
  const folder = mkdtempSync(join(tmpdir(), 'exporter-'));
  try {
    await output(join(__dirname, '../images/postgres-exporter/fetch.sh'), [folder], { timeout: 120 });
    await output(`${TOOLS}/image`, [EXPORTER_IMAGE, folder], { timeout: 180 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function everyNodeHas(image: string): Promise<boolean> {
  const { items } = await new Kubectl('default').get('nodes');
  return items.every(({ status }: Json) => status.images.some(({ names }: Json) => names?.includes(image)));
}

/** Names of the metrics in what a target answers, with how many series each has. */
export function seriesIn(text: string): Map<string, number> {
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [name] = /^[a-z_:][a-z0-9_:]*/i.exec(line) ?? [];
    if (name) series.set(name, (series.get(name) ?? 0) + 1);
  }
  return series;
}

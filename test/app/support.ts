import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, type App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

/** What an app writes into a folder of its own; `fill` makes it. */
export function filesOf(fill: (outdir: string) => App): Record<string, string> {
  return inFolder((outdir) => {
    fill(outdir).synth();
    return read(outdir);
  });
}

/** Something that needs a folder, which is gone afterwards. */
export function inFolder<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'app-test-'));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every file below a folder with its content, by its path there. */
export function read(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const entries = files.map((entry) => [join(entry.parentPath, entry.name).slice(folder.length + 1), join(entry.parentPath, entry.name)]);
  return Object.fromEntries(entries.sort().map(([name, path]) => [name as string, readFileSync(path as string, 'utf8')]));
}

/** The manifests among them. */
export function manifests(folder: string): Record<string, string> {
  return Object.fromEntries(Object.entries(read(folder)).filter(([name]) => name.endsWith('.yaml')));
}

export function chart(app: App, id: string, names: readonly string[] = ['web'], namespace = id): Chart {
  const made = new Chart(app, id, { namespace });
  for (const name of names) configMap(made, name);
  return made;
}

export function configMap(scope: Construct, name: string): ApiObject {
  return new ApiObject(scope, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { key: 'value' } });
}

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import type { Construct } from 'constructs';
import { HaPostgres, type HaPostgresProps } from '../../lib';
import { emptyChart } from '../support';

/** The YAML of one instance, without the texts of the scripts: those are files of their own, and in `dist/`. */
export function manifest(props: (scope: Construct) => HaPostgresProps, namespace?: string): string {
  const chart = emptyChart(namespace);
  new HaPostgres(chart, 'orders', props(chart));
  const text: string = Yaml.stringify(...chart.toJson());
  return text
    .replace(/(name: SCRIPTS\n +value: )\w+/g, '$1(of the scripts)')
    .replace(/(checksum\/scripts: )\w+/g, '$1(of the scripts)')
    .replace(/^ {2}((?!on-)[\w-]+\.(?:sh|sql)): \|\n(?: {4}.*\n| *\n)*/gm, '  $1: (lib/ha-postgres/scripts/$1)\n');
}

/** The manifest that was reviewed; `UPDATE_GOLDEN=1` writes it. */
export function reviewed(name: string, made: string): string {
  const file = join(__dirname, `../golden/ha-postgres.${name}.yaml`);
  if (process.env.UPDATE_GOLDEN) writeFileSync(file, made);
  if (!existsSync(file)) throw new Error(`test/golden/${name} is missing: UPDATE_GOLDEN=1 npx jest golden, and review it`);
  return readFileSync(file, 'utf8');
}

/** Paths of the props and their options, two or three deep; what is inside of a value type is that type's. */
export function paths(options: object, prefix = ''): string[] {
  return Object.entries(options).flatMap(([key, value]) => {
    const path = `${prefix}${key}`;
    const group =
      value?.constructor === Object &&
      !['parameters', 'labels', 'annotations', 'serviceAccountAnnotations', 'nodeSelector', 'resources'].includes(key);
    return group ? [path, ...paths(value, `${path}.`)] : [path];
  });
}

/** The options but the one of that path. */
export function without(options: object, [key = '', ...rest]: string[]): object {
  const { [key]: value, ...others } = options as Record<string, object>;
  return rest.length === 0 || value === undefined ? others : { ...others, [key]: without(value, rest) };
}

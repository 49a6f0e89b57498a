import { existsSync } from 'node:fs';
import { isFields } from '../checks/manifests/look';
import { InputError } from '../checks/read';
import { parseDocuments } from '../checks/read/parse';
import { readFound } from '../checks/read/text';
import { type Given, optionOf } from './arguments';
import { UsageError } from './usage';

export const OPTIONS_FILE = 'cdk8s-stateful.yaml';

/**
 * The options that a repository always wants, from a file in the working folder: names and values as on the command line,
 * a list where an option may be given more than once.
 *
 * @throws UsageError, InputError
 */
export function fileOptions(file = OPTIONS_FILE): Given[] {
  if (!existsSync(file)) return [];
  const [document, ...more] = parseDocuments(readFound(file, file) ?? '', file);
  if (document === undefined) return [];
  if (!isFields(document.value) || more.length > 0) throw new InputError([{ file, message: 'is not one object with options' }]);
  return Object.entries(document.value).flatMap(([name, value]) => {
    const isSwitch = optionOf(name, `${file}: ${name} is no option`).value === undefined;
    const values = (Array.isArray(value) ? value : [value]).filter((entry) => !(isSwitch && entry === false));
    return values.map((entry) => ({ name, value: isSwitch && entry === true ? undefined : written(file, name, entry) }));
  });
}

function written(file: string, name: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UsageError(`${file}: ${name} is ${JSON.stringify(value)}, but must be a text as on the command line, or a list of texts`);
}

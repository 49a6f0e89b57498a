import { parseArgs } from 'node:util';
import { COMMANDS, type Command, OPTIONS, type Option } from './options';
import { UsageError, unknown } from './usage';

/** What was asked for, as it was written: each value is one that its option allows. */
export interface Arguments {
  readonly command: Command | 'help' | 'version';
  readonly paths: readonly string[];
  readonly values: Values;
}

/** The values of each option, in the order given; one that may be given once has one. */
export type Values = ReadonlyMap<string, readonly string[]>;

/**
 * @param args without the program's own name
 * @param defaults options from elsewhere: those of `args` count more, and one that the command does not know counts for nothing
 * @throws UsageError
 */
export function parseArguments(args: readonly string[], defaults: () => readonly Given[] = () => []): Arguments {
  const { positionals, options } = split(args);
  const asked = ['version', 'help'].find((name) => options.some((option) => option.name === name));
  if (asked || args.length === 0 || positionals[0] === 'help') {
    return { command: asked === 'version' ? 'version' : 'help', paths: [], values: new Map() };
  }
  const [named, ...paths] = positionals;
  if (named === undefined) throw new UsageError(`which command? There are ${COMMANDS.join(', ')}`);
  const command = COMMANDS.find((name) => name === named) ?? unknown(`${named} is no command`, named, COMMANDS);
  for (const { name } of options) {
    const { of } = optionOf(name, `--${name} is no option`, (n) => `--${n}`);
    if (!of.includes(command)) throw new UsageError(`--${name} is no option of ${command}, but of ${of.join(' and ')}`);
  }
  const all = [...defaults().filter(({ name }) => OPTIONS[name]?.of.includes(command)), ...options];
  return { command, paths, values: collected(all) };
}

/** An option as it was written. */
export interface Given {
  readonly name: string;
  readonly value: string | undefined;
}

/** The option of a name, or an error that begins with a sentence. */
export function optionOf(name: string, sentence: string, shown?: (name: string) => string): Option {
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  return option ?? unknown(sentence, name, Object.keys(OPTIONS), shown);
}

function split(args: readonly string[]): { positionals: string[]; options: Given[] } {
  const known = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, { value }]) => [name, { type: value ? 'string' : 'boolean' }] as const),
  );
  const options = { ...known, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const;
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  return {
    positionals: tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : [])),
    options: tokens.flatMap((token) => (token.kind === 'option' ? [{ name: token.name, value: token.value }] : [])),
  };
}

function collected(given: readonly Given[]): Values {
  const values = new Map<string, string[]>();
  for (const { name, value } of given) {
    const option = OPTIONS[name] as Option;
    const checked = allowed(name, option, value);
    values.set(name, option.multiple ? [...(values.get(name) ?? []), checked] : [checked]);
  }
  return values;
}

/** @throws UsageError for a value that the option does not allow */
function allowed(name: string, option: Option, value: string | undefined): string {
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value, but got ${value}`);
    return 'true';
  }
  if (!value) throw new UsageError(`--${name} needs a value: ${option.values?.join(', ') ?? option.value}`);
  const { values = [value] } = option;
  return values.includes(value) ? value : unknown(`--${name} cannot be ${value}`, value, values);
}

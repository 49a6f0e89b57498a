import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visible } from '../checks/escape';
import { InputError, STDIN } from '../checks/read';
import { sentence } from '../checks/read/problem';
import { cannotRead } from '../checks/read/text';
import { type Look, painter } from '../checks/report/text';
import { type Arguments, parseArguments } from './arguments';
import { type Answer, checkCommand, graphCommand, readsStdin, reviewCommand, type Surroundings } from './commands';
import { help } from './help';
import { fileOptions } from './options-file';
import { UsageError } from './usage';

/** What the program prints, and its exit code. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: 0 | 1 | 2;
}

const COMMANDS = { check: checkCommand, review: reviewCommand, graph: graphCommand } as const;

/**
 * Runs one command line.
 *
 * @param stdin reads standard input; called where `-` is among the paths
 */
export async function run(args: readonly string[], look: Look, stdin: () => Promise<Buffer>): Promise<Outcome> {
  try {
    const parsed = parseArguments(args, fileOptions);
    if (parsed.command === 'help') return { stdout: help(), stderr: '', code: 0 };
    if (parsed.command === 'version') return { stdout: `${version()}\n`, stderr: '', code: 0 };
    const surroundings: Surroundings = {
      look,
      stdin: readsStdin(parsed) ? await stdin().catch((error) => cannotRead(STDIN.file, error)) : undefined,
    };
    const answer = COMMANDS[parsed.command](parsed as Arguments, surroundings);
    return { stdout: answer.output, stderr: notes(answer), code: answer.code };
  } catch (error) {
    return { stdout: '', stderr: sentences(error, look), code: 2 };
  }
}

/** Files that were left out though somebody may have wanted them read; those of other programs are not among them. */
function notes({ inputs }: Answer): string {
  const skipped = inputs.flatMap((input) => input.skipped).filter(({ reason }) => !reason.startsWith('has no'));
  const lines = skipped.slice(0, MOST_NOTES).map(({ file, reason }) => `note: ${visible(file)} ${visible(reason)}\n`);
  return lines.join('') + (skipped.length > MOST_NOTES ? `note: and ${skipped.length - MOST_NOTES} more files like these\n` : '');
}

const MOST_NOTES = 10;
const MOST_SENTENCES = 20;

function sentences(error: unknown, look: Look): string {
  const mark = painter(look)('red', 'error:');
  const lines = linesOf(error).map((line) => `${mark} ${visible(line)}\n`);
  const more = lines.length - MOST_SENTENCES;
  return lines.slice(0, MOST_SENTENCES).join('') + (more > 0 ? `and ${more} more\n` : '');
}

function linesOf(error: unknown): string[] {
  if (error instanceof InputError) return error.problems.map(sentence);
  if (error instanceof UsageError) return [error.message];
  return [`unexpected, please report it: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
}

/** Of this package: its package.json is above this file, compiled or not. */
function version(): string {
  for (const above of ['../..', '../../..']) {
    try {
      return JSON.parse(readFileSync(join(__dirname, above, 'package.json'), 'utf8')).version;
    } catch {
      // not there: one folder more
    }
  }
  return 'unknown';
}

/** One thing about the input that keeps it from being read, and where. */
export interface Problem {
  /** As the user would write it. */
  readonly file: string;
  /** From 1; none where the file as a whole is meant. */
  readonly line?: number | undefined;
  /** One sentence, without the place. */
  readonly message: string;
}

/** The input cannot be read, so that nothing can be said about it. One sentence a problem, each with its file and line. */
export class InputError extends Error {
  public override readonly name = 'InputError';

  constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(sentence).join('\n'));
  }
}

/** The message may hold anything from the file: it is made one line, of a length to read. */
export function refuse(file: string, line: number | undefined, message: string): never {
  const words = message.slice(0, 2 * LONGEST).replace(/\s+/g, ' ');
  throw new InputError([{ file, line, message: words.length > LONGEST ? `${words.slice(0, LONGEST - 1)}…` : words }]);
}

const LONGEST = 300;

/** `file:line: message`. */
export function sentence({ file, line, message }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}

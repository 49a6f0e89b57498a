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

export function refuse(file: string, line: number | undefined, message: string): never {
  throw new InputError([{ file, line, message }]);
}

function sentence({ file, line, message }: Problem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}

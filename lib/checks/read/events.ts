import { type Event, parseEvents, YAMLException } from 'js-yaml';

/** The largest CustomResourceDefinitions nest about fifty deep. */
export const DEPTH = 200;

/** A line longer than this was not written by a person, and looking for quotes in it may take long. */
const LONG = 10_000;

/** What a text was read as. Positions in the events are those of `text`, which has the lines of the text given. */
export interface Parsed {
  readonly text: string;
  readonly events: Event[];
}

/**
 * Parses one document. YAML wants what is in brackets or quotes indented deeper than the key that it belongs to; Kubernetes' parser
 * does not look, and people write the closing bracket below the key. Spaces there mean nothing, so they are added where they lack.
 *
 * @param budget how many characters may be parsed again for that; what is left of it is in `left` afterwards
 */
export function parseLeniently(document: string, budget: { left: number }): Parsed {
  let text = document;
  for (;;) {
    try {
      return { text, events: parseEvents(text, { maxDepth: DEPTH }) };
    } catch (error) {
      budget.left -= text.length;
      const deficient = budget.left > 0 && error instanceof YAMLException && error.reason === 'deficient indentation';
      text = (deficient && spaced(text, error.mark?.position ?? 0)) || rethrow(error);
    }
  }
}

/** The text with more room before a position: deeper than any key can be, or with spaces for the tabs between words. */
function spaced(text: string, position: number): string | undefined {
  const line = text.lastIndexOf('\n', position - 1) + 1;
  const before = text.slice(line, position);
  if (before.length > LONG) return undefined;
  const room =
    before.trim() === '' ? ' '.repeat(DEPTH * 2) : before.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|\t/g, (part) => (part === '\t' ? ' ' : part));
  return room === before ? undefined : text.slice(0, line) + room + text.slice(position);
}

function rethrow(error: unknown): never {
  throw error;
}

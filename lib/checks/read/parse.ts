import { constructFromEvents, EVENT_ID, type Event, YAMLException } from 'js-yaml';
import { aliasTrouble } from './aliases';
import { DEPTH, parseLeniently } from './events';
import { itemStarts, Lines, startOf } from './lines';
import { refuse } from './problem';
import { KUBERNETES } from './schema';

/** One document of a file. */
export interface Document {
  readonly value: unknown;
  /** The line where its first key is. */
  readonly line: number;
  /** Lines of the entries of its field `items`. */
  readonly itemLines: () => number[];
}

/**
 * The YAML or JSON documents of a text, as Kubernetes understands them; empty ones are left out.
 *
 * @param file its name in messages
 * @throws InputError for what is no YAML, and for keys that are there twice, of which Kubernetes would silently lose one
 */
export function parseDocuments(text: string, file: string): Document[] {
  const budget = { left: 2e6 + 10 * text.length };
  const lines = new Lines(text, 1);
  const parts = text.includes('\n---') ? text.split(DOCUMENTS) : [text];
  if (parts.length > MOST_DOCUMENTS)
    refuse(file, undefined, `has ${parts.length} documents; of one file no more than ${MOST_DOCUMENTS} are read`);
  let end = 0;
  return parts.flatMap((part) => {
    const from = lines.at(end);
    end += part.length;
    return parsePart(part, file, from, budget);
  });
}

/** Far more than any chart makes. */
const MOST_DOCUMENTS = 20_000;

/** Before each line `---`, if no directive is above it. */
const DOCUMENTS = /^(?=---(?:\s|$))(?<!^%.*\n)/m;

/** Documents of a part of a file: one, or more where `...` ends the first. */
function parsePart(part: string, file: string, from: number, budget: { left: number }): Document[] {
  const { text, events } = understood(() => parseLeniently(part, budget), part, file, from);
  const lines = new Lines(text, from);
  const trouble = aliasTrouble(events, text);
  if (trouble) refuse(file, lines.at(trouble.position), trouble.message);
  return split(events).flatMap((own) => {
    const line = lines.at(startOf(own[1]));
    const [value] = understood(() => constructFromEvents(own, { source: text, schema: KUBERNETES }), text, file, from, line);
    return value === null || value === undefined ? [] : [{ value, line, itemLines: () => itemStarts(own, text).map((at) => lines.at(at)) }];
  });
}

/** What the parser throws, as a sentence with the line: the error's, else the one given. */
function understood<Result>(parse: () => Result, text: string, file: string, from: number, line = from): Result {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof YAMLException) || !error.mark) return refuse(file, line, error instanceof Error ? error.message : String(error));
    return refuse(file, from + error.mark.line, message(error.reason, text, error.mark.position));
  }
}

function message(reason: string, text: string, position: number): string {
  if (reason === 'duplicated mapping key') return `the key ${keyAt(text, position)} is there twice, and Kubernetes would take the last`;
  if (reason === 'null byte is not allowed in input') return 'has a NUL byte, so it is no text';
  if (reason.startsWith('nesting exceeded')) return `is nested deeper than ${DEPTH} levels`;
  return `is no YAML: ${reason === COMPLEX ? COMPLEX_KEY : reason}`;
}

const COMPLEX = 'object-based map does not support complex keys';
export const COMPLEX_KEY = 'a key is an object or a list';

/** The key at a position, which is after its quote if it has one. */
function keyAt(text: string, position: number): string {
  const quote = /["']/.exec(text.charAt(position - 1))?.[0];
  const end = quote === undefined ? /\s*:(\s|$)|$/ : new RegExp(`${quote}|$`);
  return JSON.stringify(text.slice(position, position + 100).split(end)[0]);
}

/** The events of each document, beginning with its own. */
function split(events: Event[]): Event[][] {
  const documents: Event[][] = [];
  let from = 0;
  for (let i = 1; i <= events.length; i++) {
    if (i < events.length && events[i]?.type !== EVENT_ID.DOCUMENT) continue;
    documents.push(from === 0 && i === events.length ? events : events.slice(from, i));
    from = i;
  }
  return documents;
}

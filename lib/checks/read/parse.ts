import { EVENT_ID, type Event, YAMLException } from 'js-yaml';
import { build, Trouble } from './build';
import { DEPTH, parseLeniently } from './events';
import { itemStarts, Lines, startOf } from './lines';
import { refuse } from './problem';

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
  let text = part;
  try {
    const parsed = parseLeniently(part, budget);
    text = parsed.text;
    const lines = new Lines(text, from);
    return split(parsed.events).flatMap((own) => {
      const value = build(own, text);
      if (value === null || value === undefined) return [];
      return [{ value, line: lines.at(startOf(own[1])), itemLines: () => itemStarts(own, text).map((at) => lines.at(at)) }];
    });
  } catch (error) {
    if (error instanceof Trouble) return refuse(file, new Lines(text, from).at(error.position), error.message);
    if (error instanceof YAMLException && error.mark) return refuse(file, from + error.mark.line, message(error.reason));
    throw error;
  }
}

function message(reason: string): string {
  if (reason === 'null byte is not allowed in input') return 'has a NUL byte, so it is no text';
  if (reason.startsWith('nesting exceeded')) return `is nested deeper than ${DEPTH} levels`;
  return `is no YAML: ${reason}`;
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

import { EVENT_ID, type Event } from 'js-yaml';

/** Line numbers of positions in a text. Fast where they are asked for in rising order. */
export class Lines {
  private line: number;
  private position = 0;

  /** @param first number of the text's first line */
  constructor(
    private readonly text: string,
    private readonly first: number,
  ) {
    this.line = first;
  }

  public at(position: number): number {
    if (position < this.position) [this.line, this.position] = [this.first, 0];
    for (;;) {
      const next = this.text.indexOf('\n', this.position);
      if (next < 0 || next >= position) return this.line;
      this.line += 1;
      this.position = next + 1;
    }
  }
}

/** Where a value begins in the text. */
export function startOf(event: Event | undefined): number {
  if (event?.type === EVENT_ID.SCALAR) return Math.max(0, event.valueStart);
  return event && 'start' in event ? event.start : 0;
}

/** Where the entries of a document's field `items` begin. */
export function itemStarts(events: readonly Event[], text: string): number[] {
  const starts: number[] = [];
  let depth = 0; // 1 in the document, 2 in its object, 3 in one of its values
  let [isKey, inItems] = [true, false];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      depth -= 1;
      if (depth === 2) isKey = true;
      continue;
    }
    const single = event.type === EVENT_ID.SCALAR || event.type === EVENT_ID.ALIAS;
    if (depth === 3 && inItems) starts.push(startOf(event));
    if (depth === 2) {
      if (isKey) inItems = event.type === EVENT_ID.SCALAR && text.slice(event.valueStart, event.valueEnd) === 'items';
      isKey = !isKey && single;
    }
    if (!single) depth += 1;
  }
  return starts;
}

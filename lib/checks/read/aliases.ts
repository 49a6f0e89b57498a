import { EVENT_ID, type Event } from 'js-yaml';

/** What is wrong, and its position in the text. */
export interface Trouble {
  readonly position: number;
  readonly message: string;
}

/**
 * Where a text's aliases stand for too much: a list of ten aliases of a list of ten aliases … is a hundred bytes a level, and ten
 * times the values. None may stand for itself, and all together may make ten times as much as is written.
 */
export function aliasTrouble(events: readonly Event[], text: string): Trouble | undefined {
  if (!events.some(({ type }) => type === EVENT_ID.ALIAS)) return undefined;
  const values = new Values(10_000 + 10 * events.length);
  for (const event of events) {
    const named = 'anchorStart' in event && event.anchorStart >= 0;
    const message = values.read(event, named ? text.slice(event.anchorStart, event.anchorEnd) : undefined);
    if (message !== undefined) return { position: 'anchorStart' in event ? event.anchorStart : 0, message };
  }
  return undefined;
}

/** Counts the values that a text stands for once every alias is written out. */
class Values {
  /** How many each anchor of the document stands for; `open` while it is not complete. */
  private anchors = new Map<string, number | 'open'>();
  private readonly open: { readonly name: string | undefined; values: number }[] = [];
  private all = 0;

  constructor(private readonly allowed: number) {}

  /** @returns what is wrong with this event */
  public read(event: Event, name: string | undefined): string | undefined {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        this.anchors = new Map();
        this.open.push({ name: undefined, values: 0 });
        return undefined;
      case EVENT_ID.POP:
        this.close();
        return undefined;
      case EVENT_ID.ALIAS:
        return this.alias(name ?? '');
      case EVENT_ID.SCALAR:
        this.add(1);
        if (name !== undefined) this.anchors.set(name, 1);
        return undefined;
      default:
        if (name !== undefined) this.anchors.set(name, 'open');
        this.open.push({ name, values: 1 });
        return undefined;
    }
  }

  private alias(name: string): string | undefined {
    const values = this.anchors.get(name) ?? 1; // one that was never set is the parser's to refuse
    if (values === 'open') return `the alias *${name} is part of what it stands for`;
    this.all += values;
    this.add(values);
    return this.all > this.allowed ? `the aliases up to here stand for more than ${this.allowed} values` : undefined;
  }

  private close(): void {
    const closed = this.open.pop();
    if (closed?.name !== undefined) this.anchors.set(closed.name, closed.values);
    this.add(closed?.values ?? 0);
  }

  private add(values: number): void {
    const parent = this.open.at(-1);
    if (parent) parent.values += values;
  }
}

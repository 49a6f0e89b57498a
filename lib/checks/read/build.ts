import { type AliasEvent, EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, type ScalarEvent } from 'js-yaml';
import { isFields } from '../manifests/look';
import { meaning, tagged } from './words';

/** What is wrong, and where in the text. */
export class Trouble extends Error {
  constructor(
    public readonly position: number,
    message: string,
  ) {
    super(message);
  }
}

/** An object or a list that is being read. */
interface Open {
  readonly value: Record<string, unknown> | unknown[];
  readonly anchor: string | undefined;
  /** How many values it stands for, with every alias written out. */
  values: number;
  /** In an object, the key whose value comes next. */
  key: string | typeof MERGE | undefined;
  keyAt: number;
  /** Keys that a merge has set, which may be set again. */
  merged: Set<string> | undefined;
}

const MERGE: unique symbol = Symbol('<<');

/**
 * The value of one document, as sigs.k8s.io/yaml makes it of the same text.
 *
 * Aliases are references to what they stand for, and whoever walks them walks it again: a list of ten aliases of a list of ten
 * aliases … is a hundred bytes a level, and ten times the values. So all together may make ten times as much as is written.
 *
 * @param events of the document, with its own
 * @throws Trouble
 */
export function build(events: readonly Event[], text: string): unknown {
  return new Builder(text, 10_000 + 10 * events.length).build(events);
}

class Builder {
  private readonly open: Open[] = [];
  private readonly anchors = new Map<string, { readonly value: unknown; readonly values: number } | 'open'>();
  private root: unknown;
  private aliased = 0;

  constructor(
    private readonly text: string,
    private readonly allowed: number,
  ) {}

  public build(events: readonly Event[]): unknown {
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.SCALAR:
          this.scalar(event);
          break;
        case EVENT_ID.MAPPING:
        case EVENT_ID.SEQUENCE:
          this.begin(event.type === EVENT_ID.MAPPING ? {} : [], this.anchorOf(event), event.start);
          break;
        case EVENT_ID.ALIAS:
          this.alias(event);
          break;
        case EVENT_ID.POP:
          this.end();
      }
    }
    return this.root;
  }

  private scalar(event: ScalarEvent): void {
    const source = getScalarValue(this.text, event);
    const plain = event.style === SCALAR_STYLE.PLAIN;
    const tag = event.tagStart < 0 ? undefined : this.text.slice(event.tagStart, event.tagEnd);
    const parent = this.open.at(-1);
    if (plain && source === '<<' && (tag ?? '!!merge') === '!!merge' && isKey(parent)) {
      parent.key = MERGE;
      parent.keyAt = event.valueStart;
      return;
    }
    const value = this.at(event, () => (tag !== undefined ? tagged(tag, source) : plain ? meaning(source) : source));
    const anchor = this.anchorOf(event);
    if (anchor !== undefined) this.anchors.set(anchor, { value, values: 1 });
    this.add(value, Math.max(event.valueStart, 0), 1);
  }

  private begin(value: Open['value'], anchor: string | undefined, at: number): void {
    if (isKey(this.open.at(-1))) throw new Trouble(at, 'a key is an object or a list');
    if (anchor !== undefined) this.anchors.set(anchor, 'open');
    this.open.push({ value, anchor, values: 1, key: undefined, keyAt: at, merged: undefined });
  }

  private end(): void {
    const closed = this.open.pop();
    if (closed === undefined) return; // of the document
    if (closed.anchor !== undefined) this.anchors.set(closed.anchor, closed);
    this.add(closed.value, closed.keyAt, closed.values);
  }

  private alias(event: AliasEvent): void {
    const name = this.anchorOf(event) ?? '';
    const target = this.anchors.get(name);
    if (target === undefined) throw new Trouble(event.anchorStart, `there is no anchor for the alias ${quoted(name)}`);
    if (target === 'open') throw new Trouble(event.anchorStart, `the alias ${quoted(name)} is part of what it stands for`);
    this.aliased += target.values;
    if (this.aliased > this.allowed) {
      throw new Trouble(event.anchorStart, `the aliases up to here stand for more than ${this.allowed} values`);
    }
    this.add(target.value, event.anchorStart, target.values);
  }

  /** Puts a value where it belongs: into the list or object that is open, as its key, or as the document. */
  private add(value: unknown, at: number, values: number): void {
    const parent = this.open.at(-1);
    if (parent === undefined) {
      this.root = owned(value);
      return;
    }
    parent.values += values;
    if (Array.isArray(parent.value)) {
      parent.value.push(owned(value));
    } else if (parent.key === undefined) {
      parent.key = keyFrom(value, at);
      parent.keyAt = at;
    } else if (parent.key === MERGE) {
      this.merge(parent, value);
      parent.key = undefined;
    } else {
      this.set(parent, parent.key, owned(value));
      parent.key = undefined;
    }
  }

  private set({ value: object, merged, keyAt }: Open, key: string, value: unknown): void {
    if (Object.hasOwn(object, key) && !merged?.delete(key)) {
      throw new Trouble(keyAt, `the key ${quoted(key)} is there twice, and Kubernetes would take the last`);
    }
    define(object as Record<string, unknown>, key, value);
  }

  /** Of several objects the first counts; what is merged counts more than what is above it, and less than what is below. */
  private merge(into: Open, value: unknown): void {
    const sources = Array.isArray(value) ? value.slice().reverse() : [value];
    into.merged ??= new Set();
    for (const source of sources) {
      if (!isFields(source)) throw new Trouble(into.keyAt, 'what is merged by << is not an object');
      for (const [key, inner] of Object.entries(source)) {
        define(into.value as Record<string, unknown>, key, inner);
        into.merged.add(key);
      }
    }
  }

  private anchorOf({ anchorStart, anchorEnd }: { readonly anchorStart: number; readonly anchorEnd: number }): string | undefined {
    return anchorStart < 0 ? undefined : this.text.slice(anchorStart, anchorEnd);
  }

  private at<Result>(event: ScalarEvent, read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw new Trouble(Math.max(event.valueStart, 0), (error as Error).message);
    }
  }
}

function isKey(open: Open | undefined): open is Open {
  return open !== undefined && open.key === undefined && !Array.isArray(open.value);
}

function keyFrom(value: unknown, at: number): string {
  if (value === null) throw new Trouble(at, 'a key is null');
  if (typeof value === 'object') throw new Trouble(at, 'a key is an object or a list');
  return String(value);
}

/** The beginning of a name, in quotes. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 79)}…` : name);
}

function define(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/**
 * A text as a copy: what the parser hands over refers to the whole file, and a long text to each of its lines, and would keep them all
 * in memory. That is 120 MB less for 15,000 objects, and not slower. V8 copies what is shorter anyway.
 */
function owned(value: unknown): unknown {
  return typeof value === 'string' && value.length >= 13 ? Buffer.from(value).toString() : value;
}

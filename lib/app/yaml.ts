import { Yaml } from 'cdk8s';

type Plain = Record<string, unknown>;

/** Texts that are longer are seldom found twice. */
const LONGEST_KEPT = 200;

/** Texts that stand for themselves: they begin with a letter or slash, and nothing in them has a meaning. Of those, words may have one. */
const UNQUOTED = /^[A-Za-z/](?:[\w./=,+@%$(){}-]|:(?=[\w/])| (?=[\w/(]))*$/;
const WORDS = /^(?:y|n|yes|no|on|off|true|false|null|e[-+]?\d+)$/i; // the last would be a number

/** What a line between documents begins with; a text or key with such a line looks different at the left edge. */
const DOCUMENT_MARKER = /^(%|---|\.\.\.)/m;

/**
 * Writes objects as YAML in the bytes of cdk8s' `Yaml.stringify`, which takes half of the time of a synth: it builds a document of nodes
 * and tries every text against every form of YAML 1.1. Here the nesting is written, and texts that are words or paths; what any other
 * text, number or key looks like is asked of `Yaml.stringify`, once for each that is met. Whatever is not plain data is left to it as a
 * whole.
 */
export class YamlWriter {
  private readonly keys = new Map<string, string | undefined>();
  private readonly scalars = new Map<unknown, string>();

  public text(documents: readonly unknown[]): string {
    return documents.map((document) => this.document(document)).join('---\n');
  }

  private document(document: unknown): string {
    const quick = isPlain(document) && Object.keys(document).length > 0 ? this.block(document, '', new Set()) : undefined;
    return quick === undefined ? Yaml.stringify(document) : `${quick}\n`;
  }

  /** A map or list with something in it, from its first line's first letter; nothing where it cannot be written here. */
  private block(value: object, indent: string, met: Set<object>): string | undefined {
    if (met.has(value)) return undefined; // it would become an alias
    met.add(value);
    const inner = `${indent}  `;
    const lines: string[] = [];
    if (Array.isArray(value)) {
      for (const item of value) {
        const text = isFilled(item) ? this.block(item, inner, met) : this.scalar(item, inner, met);
        if (text === undefined) return undefined;
        lines.push(`- ${text}`);
      }
    } else {
      if (!isPlain(value)) return undefined;
      for (const name of Object.keys(value)) {
        const item = value[name];
        const nested = isFilled(item);
        const text = nested ? this.block(item, inner, met) : this.scalar(item, inner, met);
        const key = this.key(name);
        if (text === undefined || key === undefined) return undefined;
        lines.push(nested ? `${key}:\n${inner}${text}` : `${key}: ${text}`);
      }
    }
    return lines.join(`\n${indent}`);
  }

  private scalar(value: unknown, indent: string, met: Set<object>): string | undefined {
    if (typeof value === 'object' && value !== null) {
      if (met.has(value)) return undefined;
      met.add(value);
      return Array.isArray(value) ? '[]' : isPlain(value) ? '{}' : undefined;
    }
    if (typeof value === 'string') return isUnquoted(value) ? value : value.includes('\n') ? linesOf(value, indent) : this.asked(value);
    return typeof value === 'number' || typeof value === 'boolean' ? this.asked(value) : undefined;
  }

  private asked(value: string | number | boolean): string | undefined {
    const known = this.scalars.get(value);
    if (known !== undefined) return known;
    if (typeof value === 'string' && DOCUMENT_MARKER.test(value)) return undefined;
    const text = Yaml.stringify({ k: value }).slice('k: '.length, -1);
    if (text.length <= LONGEST_KEPT && !Object.is(value, -0)) this.scalars.set(value, text);
    return text;
  }

  private key(name: string): string | undefined {
    if (isUnquoted(name) && name.length <= LONGEST_KEPT) return name;
    if (this.keys.has(name)) return this.keys.get(name);
    const text = name === '<<' || DOCUMENT_MARKER.test(name) ? '' : Yaml.stringify({ [name]: 1 });
    const key = text.endsWith(': 1\n') && !text.startsWith('?') ? text.slice(0, -': 1\n'.length) : undefined;
    this.keys.set(name, key);
    return key;
  }
}

/** Lines depend on how far they are to the right; so they are asked for at that place. */
function linesOf(value: string, indent: string): string {
  let nested: unknown = value;
  for (let depth = 0; depth < indent.length; depth += 2) nested = { k: nested };
  const text = Yaml.stringify(nested);
  return text.slice(text.indexOf('k: ') + 'k: '.length, -1);
}

function isUnquoted(text: string): boolean {
  return UNQUOTED.test(text) && !WORDS.test(text);
}

function isFilled(value: unknown): value is object {
  return typeof value === 'object' && value !== null && (Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0);
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value);
}

import { isFields } from '../manifests/look';

/** `1 pod`, `2 pods`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A value as a reader wants it in a line: texts as they are, the rest as JSON; shortened. */
export function valueText(value: unknown, most = 160): string {
  if (value === undefined) return 'absent';
  return shortened(typeof value === 'string' ? value : json(value), most);
}

export function json(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? String(value);
}

/** Two values as texts that differ where the values do: `1` and `"1"`. */
export function bothTexts(before: unknown, after: unknown): [string, string] {
  const texts: [string, string] = [valueText(before), valueText(after)];
  if (texts[0] !== texts[1] || isFields(before)) return texts;
  return [shortened(json(before), 160), shortened(json(after), 160)];
}

export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${cut(text, most)}… (${text.length} characters)`;
}

/** The first characters of a text, and never half of one. */
export function cut(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
}

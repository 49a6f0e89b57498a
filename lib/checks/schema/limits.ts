import { nearest } from './nearest';
import type { Limits } from './shape';

/** What is wrong with a value, and what to do. */
export interface Wrong {
  readonly message: string;
  readonly fix: string;
}

/** @param show how a sentence names the value */
export function beyond(limits: Limits, value: unknown, show: (value: unknown) => string): Wrong | undefined {
  const listed = limits.values && unlisted(limits.values, value, show);
  if (listed) return listed;
  if (typeof value === 'string') return beyondText(limits, value, show);
  if (typeof value === 'number') return beyondNumber(limits, value);
  if (Array.isArray(value)) return counted('entries', value.length, limits.minItems, limits.maxItems);
  if (typeof value === 'object' && value !== null && (limits.minProperties !== undefined || limits.maxProperties !== undefined)) {
    return counted('fields', Object.keys(value).length, limits.minProperties, limits.maxProperties);
  }
  return undefined;
}

/** An empty text counts as not written where Kubernetes has a list of values: it fills in its default. */
function unlisted(values: readonly unknown[], value: unknown, show: (value: unknown) => string): Wrong | undefined {
  if (values.includes(value) || value === '') return undefined;
  if (typeof value === 'object') return undefined;
  const texts = values.filter((known): known is string => typeof known === 'string' && known !== '');
  const meant =
    typeof value === 'string' ? (texts.find((known) => known.toLowerCase() === value.toLowerCase()) ?? nearest(value, texts)) : undefined;
  const all = values.slice(0, 8).map(String).join(', ') + (values.length > 8 ? ', …' : '');
  return { message: `${show(value)} is none of ${all}`, fix: meant ? `write ${meant}` : `write one of ${all}` };
}

function beyondText(limits: Limits, value: string, show: (value: unknown) => string): Wrong | undefined {
  const format = limits.format === undefined ? undefined : FORMATS.get(limits.format);
  if (format && !format.is(value)) return { message: `${show(value)} is not ${format.name}`, fix: `write ${format.example}` };
  if (limits.minLength !== undefined || limits.maxLength !== undefined) {
    const wrong = counted('characters', characters(value, limits.maxLength), limits.minLength, limits.maxLength);
    if (wrong) return wrong;
  }
  if (!limits.pattern) return undefined;
  const matches = limits.pattern.matches(value);
  return matches === false
    ? { message: `${show(value)} does not match ${limits.pattern.source}`, fix: 'write what that pattern allows' }
    : undefined;
}

/** As Go counts them; only where it matters, since a text may be long. */
function characters(value: string, most = Number.POSITIVE_INFINITY): number {
  return value.length <= most && value.length > 1 ? value.length : [...value].length;
}

function beyondNumber(limits: Limits, value: number): Wrong | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = limits;
  const [least, most] = limits.format === 'int32' ? [minimum ?? -(2 ** 31), maximum ?? 2 ** 31 - 1] : [minimum, maximum];
  if (least !== undefined && (exclusiveMinimum ? value <= least : value < least)) {
    return { message: `${value} is too small`, fix: exclusiveMinimum ? `write more than ${least}` : `write at least ${least}` };
  }
  if (most !== undefined && (exclusiveMaximum ? value >= most : value > most)) {
    return { message: `${value} is too large`, fix: exclusiveMaximum ? `write less than ${most}` : `write at most ${most}` };
  }
  if (multipleOf && !Number.isInteger(value / multipleOf)) {
    return { message: `${value} is no multiple of ${multipleOf}`, fix: `write a multiple of ${multipleOf}` };
  }
  return undefined;
}

function counted(what: string, count: number, least = 0, most = Number.POSITIVE_INFINITY): Wrong | undefined {
  if (count < least) return { message: `it has ${count} ${what}, and needs ${least}`, fix: `write at least ${least} ${what}` };
  if (count > most) return { message: `it has ${count} ${what}, and may have ${most}`, fix: `write at most ${most} ${what}` };
  return undefined;
}

const DATE_TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

interface Format {
  readonly name: string;
  readonly example: string;
  is(value: string): boolean;
}

/** Formats that the API server looks at and that say what they mean; all others are left to it. */
const FORMATS = new Map<string, Format>(
  Object.entries({
    byte: { name: 'base64', example: 'it in base64', is: isBase64 },
    'date-time': {
      name: 'a point in time',
      example: 'it as 2006-01-02T15:04:05Z',
      is: (value: string) => DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
    },
    ipv4: { name: 'an IPv4 address', example: 'one as 192.0.2.1', is: isIPv4 },
    ipv6: { name: 'an IPv6 address', example: 'one as 2001:db8::1', is: isIPv6 },
  }),
);

function isIPv4(value: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(value);
}

/** `node:net` has it too, and takes 2 ms to load. */
function isIPv6(value: string): boolean {
  return /^[\da-fA-F:.]{2,45}$/.test(value) && URL.canParse(`http://[${value}]/`);
}

/** As Go's decoder has it: padded, line breaks anywhere. Without one large expression, since a value may be a megabyte. */
function isBase64(value: string): boolean {
  const text = /[\r\n]/.test(value) ? value.replaceAll(/[\r\n]/g, '') : value;
  return (
    text.length % 4 === 0 &&
    !/[^A-Za-z0-9+/]/.test(text.slice(0, -2)) &&
    (text === '' || /^(?:[A-Za-z0-9+/]{2}|[A-Za-z0-9+/]=|==)$/.test(text.slice(-2)))
  );
}

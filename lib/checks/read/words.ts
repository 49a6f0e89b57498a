/**
 * What words and digits without quotes mean to Kubernetes: sigs.k8s.io/yaml, so YAML 1.1 with differences of its own: `yes` and `on`
 * are booleans and `012` is ten, but `1:30` and dates are texts. The tests' table was made with that program.
 */
export function meaning(source: string): string | number | boolean | null {
  if (source.length <= LONGEST_WORD) {
    const word = WORDS.get(source);
    if (word !== undefined) return word;
  }
  const first = source.charCodeAt(0);
  const maybeNumber = (first >= 0x30 && first <= 0x39) || first === PLUS || first === MINUS || first === POINT;
  return (maybeNumber ? (integer(source) ?? real(source)) : undefined) ?? source;
}

const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
]);
const LONGEST_WORD = 'false'.length;
const [PLUS, MINUS, POINT] = [0x2b, 0x2d, 0x2e];

function integer(source: string): number | undefined {
  const digits = source.replaceAll('_', '');
  if (/^\d{1,15}$/.test(digits) && (digits.charCodeAt(0) !== 0x30 || digits === '0')) return Number(digits); // what nearly all are
  const [, sign, prefix = '', rest = ''] =
    /^([-+]?)(0[bB](?=[01]+$)|0[xX](?=[\da-fA-F]+$)|0[oO]?(?=[0-7]+$))?([\da-fA-F]+)$/.exec(digits) ?? [];
  if (sign === undefined || (prefix === '' && !/^(0|[1-9]\d*)$/.test(rest))) return undefined;
  const value = Number.parseInt(rest, { b: 2, x: 16 }[prefix.charAt(1).toLowerCase()] ?? (prefix === '' ? 10 : 8));
  return sign === '-' && value !== 0 ? -value : value;
}

/** @throws for what JSON has no number for */
function real(source: string): number | undefined {
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(source)) throw new RangeError(`${source} is a number that JSON does not have`);
  const digits = source.startsWith('.') ? source : source.replaceAll('_', '');
  const value = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/**
 * What a value with a tag is. Kubernetes knows those of JSON's kinds, and `!!binary`; others count for nothing.
 *
 * @param tag as written, e.g. `!!str`
 * @throws for a value that is not of its kind
 */
export function tagged(tag: string, source: string): string | number | boolean | null {
  const kind = tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, '!!$1');
  if (kind === '!!binary') return Buffer.from(source, 'base64').toString('utf8');
  if (!Object.hasOwn(KINDS, kind)) return source;
  const value = meaning(source);
  if (KINDS[kind]?.(value)) return value;
  throw new TypeError(`${JSON.stringify(source.slice(0, 40))} is no ${kind}`);
}

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  '!!int': Number.isInteger,
  '!!float': (value) => typeof value === 'number',
  '!!bool': (value) => typeof value === 'boolean',
  '!!null': (value) => value === null,
};

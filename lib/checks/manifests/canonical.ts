/** Decimal suffixes by their power of ten, binary ones by their power of two. */
const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** What most people write is as it should be, which is seen without arithmetic. */
const PLAIN = /^[1-9]\d{0,2}(?:m|k|M|G|T|[KMGT]i)?$/;

/** Of what anyone would call a quantity. */
const LONGEST = 48;

/** Nothing smaller is kept, and nothing larger in binary units. */
const NANOS = 10n ** 9n;
const MOST = 2n ** 63n - 1n;

/**
 * A quantity as the API server gives it back, so that no tool sees a difference: `1` for `1000m`, `1Gi` for `1024Mi`, `100m` for 0.1.
 * What it keeps as it was written stays: `1.500G`. None if it is no quantity.
 *
 * k8s.io/apimachinery pkg/api/resource/quantity.go: ParseQuantity, CanonicalizeBytes
 */
export function canonicalQuantity(value: unknown): string | undefined {
  const given = typeof value === 'number' ? String(value) : value;
  if (typeof given !== 'string' || given.length > LONGEST) return undefined;
  if (PLAIN.test(given)) return given;
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(given);
  if (!match || !/\d/.test(given.replace(/[eE].*/, ''))) return undefined;
  const [, plus = '', whole = '', part = '', exponent = '', suffix = ''] = match;
  const sign = plus === '-' ? '-' : '';
  const digits = (whole || '0') + part;
  if (exponent.length > 4) return given; // far beyond what anyone has, and not worth the arithmetic
  if (suffix in BINARY) return binary(given, sign, digits, part.length, BINARY[suffix] as number);
  const scale = (exponent ? Number(exponent.slice(1)) : (DECIMAL[suffix] as number)) - part.length;
  return decimal(given, sign, digits, scale, exponent !== '');
}

const DECIMAL_UNITS = Object.keys(DECIMAL);
const SCIENTIFIC_UNITS = DECIMAL_UNITS.map((unit) => (unit === '' ? '' : `e${DECIMAL[unit]}`));
const BINARY_UNITS = ['', ...Object.keys(BINARY)];

function binary(given: string, sign: string, digits: string, places: number, power: number): string {
  const value = BigInt(digits);
  const small = digits.length + Math.trunc((power * 3) / 10) < 15; // as the server itself judges it
  if (places === 0 && small && value % 8n !== 0n) return given;
  const nanos = least(ceil(value * 2n ** BigInt(power) * NANOS, 10n ** BigInt(places)), MOST * NANOS);
  const inBytes = nanos >= 1024n * NANOS && nanos % NANOS === 0n;
  return sign + (inBytes ? largest(nanos / NANOS, 1024n, BINARY_UNITS) : largest(nanos, 1000n, DECIMAL_UNITS));
}

function decimal(given: string, sign: string, digits: string, scale: number, scientific: boolean): string {
  const small = digits.length <= 18 && scale >= -9;
  if (small && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')) return given;
  const value = BigInt(digits);
  const nanos = scale >= -9 ? value * 10n ** BigInt(scale + 9) : ceil(value, 10n ** BigInt(-scale - 9));
  return sign + largest(nanos, 1000n, scientific ? SCIENTIFIC_UNITS : DECIMAL_UNITS);
}

/** In the largest unit that leaves a whole number. */
function largest(value: bigint, base: bigint, units: readonly string[]): string {
  if (value === 0n) return '0';
  let [rest, unit] = [value, 0];
  while (rest % base === 0n && unit < units.length - 1) [rest, unit] = [rest / base, unit + 1];
  return `${rest}${units[unit]}`;
}

function ceil(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

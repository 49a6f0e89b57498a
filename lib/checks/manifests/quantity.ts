const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A Kubernetes quantity as a number: bytes, cores; undefined if it is none.
 *
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'string' && value.length > 64) return undefined; // no number, and long to look at
  const match = typeof value === 'string' ? /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(value) : null;
  if (!match) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  return Number(digits + exponent) * (FACTORS[suffix] as number);
}

/** `1536 MiB` as `1.5Gi`, for people: at most one decimal. */
export function bytesText(bytes: number): string {
  const unit = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'].find((u) => Math.abs(bytes) >= (FACTORS[u] as number)) ?? '';
  return `${round(bytes / (FACTORS[unit] as number))}${unit}`;
}

/** Cores as `250m` or `1.5`, for people. */
export function coresText(cores: number): string {
  return Math.abs(cores) < 1 && cores !== 0 ? `${Math.round(cores * 1000)}m` : `${round(cores)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

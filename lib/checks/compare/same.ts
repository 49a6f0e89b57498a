import { isFields } from '../manifests/look';
import { quantity } from '../manifests/quantity';

/** Maps whose values are quantities. */
const QUANTITY_MAPS = new Set(['requests', 'limits', 'capacity', 'hard', 'podFixed', 'defaultRequest', 'maxLimitRequestRatio']);
const QUANTITIES = new Set(['sizeLimit', 'divisor']);
/** Maps that say nothing when they are empty; others, such as emptyDir and podSelector, do. */
const MAPS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'requests', 'limits', 'data', 'stringData', 'binaryData']);

/**
 * Whether two values mean the same to the API server: the order of keys does not matter, what is null or an empty list is as good
 * as absent, and `1000m` of cpu is `1`.
 *
 * @param key the field that holds both
 * @param above the field that holds that one
 */
export function same(a: unknown, b: unknown, key = '', above = ''): boolean {
  if (Object.is(a, b) || (absent(a, key) && absent(b, key))) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (isFields(a) && isFields(b)) {
    const inBoth = Object.keys(a).every((k) => same(a[k], Object.hasOwn(b, k) ? b[k] : undefined, k, key));
    return inBoth && Object.keys(b).every((k) => Object.hasOwn(a, k) || absent(b[k], k));
  }
  if (!QUANTITIES.has(key) && !QUANTITY_MAPS.has(above)) return false;
  const amount = quantity(a);
  return amount !== undefined && amount === quantity(b);
}

function absent(value: unknown, key: string): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return MAPS.has(key) && isFields(value) && Object.keys(value).length === 0;
}

import { type Fields, fields, list, text, texts } from './look';

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a label selector (`matchLabels`, `matchExpressions`) takes these labels. An empty one takes all.
 *
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(selector: Fields, labels: Labels): boolean {
  return takes(texts(selector, 'matchLabels'), labels) && list(selector, 'matchExpressions').every((e) => satisfies(fields(e), labels));
}

/** Whether a plain map of labels, as a Service's selector is, is in these. */
export function takes(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

function satisfies(expression: Fields, labels: Labels): boolean {
  const key = text(expression, 'key') ?? '';
  const has = Object.hasOwn(labels, key);
  const among = has && list(expression, 'values').includes(labels[key]);
  switch (text(expression, 'operator')) {
    case 'In':
      return among;
    case 'NotIn':
      return !among;
    case 'Exists':
      return has;
    case 'DoesNotExist':
      return !has;
    default:
      return false;
  }
}

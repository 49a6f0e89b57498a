import { type Fields, fields, list, text, texts } from './look';
import { selects } from './selector';

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a selector may take a pod that something in the cluster gives further labels: it contradicts none that the pod's
 * template has.
 */
export function couldSelect(selector: Fields, labels: Labels): boolean {
  return requirements(selector).every(
    ({ key, expression }) => !Object.hasOwn(labels, key) || selects({ matchExpressions: [expression] }, labels),
  );
}

/**
 * Whether one pod may be taken by both selectors at one time: each key that its template has not may have one value, or none.
 */
export function couldBothSelect(a: Fields, b: Fields, labels: Labels): boolean {
  if (!couldSelect(a, labels) || !couldSelect(b, labels)) return false;
  const free = [...requirements(a), ...requirements(b)].filter(({ key }) => !Object.hasOwn(labels, key));
  return [...new Set(free.map(({ key }) => key))].every((key) => {
    const expressions = free.filter((requirement) => requirement.key === key).map(({ expression }) => expression);
    const values = expressions.flatMap((expression) => list(expression, 'values').filter((value) => typeof value === 'string'));
    const candidates: Labels[] = [{}, { [key]: '\n' }, ...values.map((value) => ({ [key]: value }))]; // none, another, each that is named
    return candidates.some((candidate) => selects({ matchExpressions: expressions }, candidate));
  });
}

interface Requirement {
  readonly key: string;
  readonly expression: Fields;
}

/** Both parts of a selector in one form. */
function requirements(selector: Fields): readonly Requirement[] {
  return [
    ...Object.entries(texts(selector, 'matchLabels')).map(([key, value]) => ({
      key,
      expression: { key, operator: 'In', values: [value] },
    })),
    ...list(selector, 'matchExpressions').map((value) => ({ key: text(value, 'key') ?? '', expression: fields(value) })),
  ];
}

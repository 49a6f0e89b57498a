/** Steps from an object down to one of its values: names of fields, and indices of lists. */
export type Steps = readonly (string | number)[];

/** What lies deeper is in no object of Kubernetes, and would end the stack. */
const DEPTH = 200;

/**
 * Shows every value of an object, itself first, in the order written.
 *
 * The steps are one list that changes while it goes on: whoever keeps them turns them into a path.
 *
 * @param see answers `false` where nothing below a value is of interest
 */
export function everyValue(root: unknown, see: (value: unknown, steps: Steps) => unknown): void {
  const steps: (string | number)[] = [];
  const above: object[] = []; // an object that contains itself has no end
  (function visit(value: unknown): void {
    if (see(value, steps) === false || typeof value !== 'object' || value === null) return;
    if (above.length === DEPTH || above.includes(value)) return;
    above.push(value);
    const isList = Array.isArray(value);
    for (const key of Object.keys(value)) {
      steps.push(isList ? Number(key) : key);
      visit((value as Record<string, unknown>)[key]);
      steps.pop();
    }
    above.pop();
  })(root);
}

/** `spec.containers[0].image`; a name that is not a word stands in brackets: `data['my.conf']`. */
export function pathOf(steps: Steps): string {
  return steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : /^[A-Za-z_][\w-]*$/.test(step) ? `.${step}` : `['${step}']`))
    .join('')
    .replace(/^\./, '');
}

import type { Finding } from './finding';
import { pathOf, type Steps } from './manifests/every-value';
import { at, isFields } from './manifests/look';
import { Manifest } from './manifests/manifests';
import { clusterScoped } from './schema/scope';

/** REV-1, which needs the program and not its output: so it is a helper for tests, and no rule over manifests. */
const REV_1 = { rule: 'REV-1', severity: 'error' } as const;

/**
 * What differs between two synths: then no reviewer can tell a change from chance, and each run writes another commit.
 *
 * The clock is a day later the second time, so that a date shows though both run in the same second.
 *
 * ```ts
 * expect(nondeterminism(() => Testing.synth(new OrdersChart(new App(), 'orders')))).toEqual([]);
 * ```
 *
 * @param synth makes the objects anew each time: the app too
 */
export function nondeterminism(synth: () => readonly unknown[]): Finding[] {
  const before = synth();
  const after = tomorrow(synth);
  const findings = before.flatMap((object, index) => {
    const steps = index < after.length ? firstDifference(object, after[index]) : undefined;
    return steps ? [differs(object, steps, at(object, ...steps), at(after[index], ...steps))] : [];
  });
  if (before.length !== after.length) {
    const [more] = [...before.slice(after.length), ...after.slice(before.length)];
    const message = `the first synth made ${before.length} objects, the second ${after.length}`;
    findings.push({ ...REV_1, object: titleOf(more), field: '', message, fix: FIX, origin: {} });
  }
  return findings;
}

const FIX = 'make it a function of the props: nothing random, nothing from the clock, no state that outlives the app';

function differs(object: unknown, steps: Steps, first: unknown, second: unknown): Finding {
  const message =
    shown(first) === shown(second)
      ? 'two synths write its fields in another order'
      : `two synths differ: ${shown(first)} and then ${shown(second)}`;
  return { ...REV_1, object: titleOf(object), field: pathOf(steps), message, fix: FIX, origin: {} };
}

/** Steps to the first value that is another, or stands elsewhere; undefined if the objects are written alike. */
function firstDifference(a: unknown, b: unknown, steps: Steps = []): Steps | undefined {
  if (Object.is(a, b)) return undefined;
  if (Array.isArray(a) && Array.isArray(b)) return ofKeys(a, b, steps, [...Array(Math.max(a.length, b.length)).keys()]);
  if (!isFields(a) || !isFields(b)) return steps;
  const keys = Object.keys(a);
  const inner = ofKeys(a, b, steps, [...new Set([...keys, ...Object.keys(b)])]);
  return inner ?? (keys.join() === Object.keys(b).join() ? undefined : steps);
}

function ofKeys(a: object, b: object, steps: Steps, keys: readonly (string | number)[]): Steps | undefined {
  for (const key of keys) {
    const found = firstDifference(at(a, key), at(b, key), [...steps, key]);
    if (found) return found;
  }
  return undefined;
}

function titleOf(object: unknown): string {
  return isFields(object) ? new Manifest(object, {}, 'default', clusterScoped(object)).title : 'no object';
}

/** One line of moderate length. */
function shown(value: unknown): string {
  const json = JSON.stringify(value, (_, inner) => (isFields(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner));
  return json === undefined ? 'nothing' : json.length > 60 ? `${json.slice(0, 57)}…` : json;
}

const DAY = 86_400_000; // ms

function tomorrow<T>(run: () => T): T {
  const Today = globalThis.Date;
  globalThis.Date = class extends Today {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [Today.now() + DAY] : given) as [number]));
    }
    static override now() {
      return Today.now() + DAY;
    }
  } as DateConstructor;
  try {
    return run();
  } finally {
    globalThis.Date = Today;
  }
}

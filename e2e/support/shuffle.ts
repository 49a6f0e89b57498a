/** The number that all orders of a run come from: to have the same run again, give it back as E2E_SEED. */
let state = Number(process.env.E2E_SEED ?? Date.now() % 1_000_000);
process.stdout.write(`order of objects: E2E_SEED=${state}\n`);

/** The same list in another order. */
export function inAnyOrder<T>(list: readonly T[]): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // the generator of Numerical Recipes
    result.push(...rest.splice(Math.floor((state / 2 ** 32) * rest.length), 1));
  }
  return result;
}

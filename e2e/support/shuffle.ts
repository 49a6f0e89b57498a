import { generator } from './random';

/** The number that all orders of a run come from: to have the same run again, give it back as E2E_SEED. */
const seed = Number(process.env.E2E_SEED ?? Date.now() % 1_000_000);
process.stdout.write(`order of objects: E2E_SEED=${seed}\n`);
const random = generator(seed);

/** The same list in another order. */
export function inAnyOrder<T>(list: readonly T[]): T[] {
  const rest = [...list];
  const result: T[] = [];
  while (rest.length > 0) {
    result.push(...rest.splice(Math.floor(random() * rest.length), 1));
  }
  return result;
}

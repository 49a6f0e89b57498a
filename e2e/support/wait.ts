export const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Seconds on a clock that never jumps; the same clock as Python's time.monotonic() on this machine. */
export const monotonic = () => Number(process.hrtime.bigint()) / 1e9;

/**
 * Asks again until there is an answer, and returns it.
 *
 * `probe` returns undefined, or throws, for "not yet"; what it threw last is part of the message when time is up.
 */
export async function until<T>(what: string, seconds: number, probe: () => Promise<T | undefined>, pause = 1): Promise<T> {
  const end = monotonic() + seconds;
  let last: unknown = 'no answer';
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    if (monotonic() > end) throw new Error(`waited ${seconds} s for ${what}; last: ${last instanceof Error ? last.message : last}`);
    await sleep(pause);
  }
}

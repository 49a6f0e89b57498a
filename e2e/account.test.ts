import { compare, overlap, stalls } from './support/account';
import { spread } from './support/figures';
import type { Ack } from './support/writer';

/** The judge is judged first, without a cluster: each verdict has to be able to go either way. */

const ack = (sequence: number, monotonic: number, server = 'a'): Ack => ({ sequence, id: `r/${sequence}`, monotonic, wall: 0, server });

test('a gap is the longest stall, and the total sums all that are longer than half a second', () => {
  const { gap, total } = stalls([ack(1, 0), ack(2, 0.1), ack(3, 2.1), ack(4, 2.5), ack(5, 3.5)]);
  expect(gap).toBeCloseTo(2);
  expect(total).toBeCloseTo(3);
});

test('a row is lost when it was acknowledged and is not there; one that is there without that is no harm', () => {
  expect(compare([ack(1, 0), ack(2, 1)], ['r/1', 'r/3'])).toEqual({ acknowledged: 2, lost: ['r/2'], twice: [] });
});

test('a row that is there twice is seen', () => {
  expect(compare([ack(1, 0)], ['r/1', 'r/1']).twice).toEqual(['r/1']);
});

test.each([
  ['one after the other', [ack(1, 0, 'a'), ack(2, 5, 'a'), ack(3, 6, 'b')], 0],
  ['at the same time', [ack(1, 0, 'a'), ack(2, 5, 'a'), ack(3, 3, 'b'), ack(4, 9, 'b')], 2],
  ['one before and after the other', [ack(1, 0, 'a'), ack(2, 3, 'b'), ack(3, 4, 'b'), ack(4, 9, 'a')], 1],
])('members that accept writes %s', (_, acks, seconds) => {
  expect(overlap(acks)).toBeCloseTo(seconds);
});

test('the median of an even number is between the two in the middle', () => {
  expect(spread([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, p95: 4, max: 4 });
});

test('of twenty values one may be above the 95th percentile', () => {
  const twenty = Array.from({ length: 20 }, (_, i) => i + 1);
  expect(spread(twenty).p95).toBe(19);
  expect(spread([...twenty, 21]).p95).toBe(20);
});

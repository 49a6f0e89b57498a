import fc from 'fast-check';
import { type CronTimes, coincide, daysIn, longestGap, parseCron } from '../../lib/internal/cron';

function timesOf(expression: string): CronTimes {
  const times = parseCron(expression);
  if (typeof times === 'string') throw new Error(times);
  return times;
}

const list = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);

test.each([
  ['5', [5]],
  ['5,1,3-4', [1, 3, 4, 5]],
  ['*/20', [0, 20, 40]],
  ['10-30/10', [10, 20, 30]],
  ['50/5', [50, 55]], // from there to the end
  ['?', Array.from({ length: 60 }, (_, i) => i)],
])('minutes %s', (minutes, expected) => {
  expect(list(timesOf(`${minutes} 0 * * *`).minutes)).toEqual(expected);
});

test('hours', () => {
  expect(list(timesOf('0 1-7/3 * * *').hours)).toEqual([1, 4, 7]);
});

// 2026-11-21 is a Saturday
test.each([
  ['* * * * *', true],
  ['* * 21 * *', true],
  ['* * * 11 *', true],
  ['* * * nov sat', true],
  ['* * 21 11 sun', true], // one of the two kinds of day is enough
  ['* * 20 11 sat', true],
  ['* * 20 11 sun', false],
  ['* * */2 11 sun', true], // a step is a restriction: the 21st is one of 1, 3, 5 …
  ['* * */3 11 *', false], // 1, 4, … 19, 22
  ['* * 20 * *', false],
  ['* * * * sun', false],
  ['* * ? 11 6', true],
])('%s runs on Saturday, 21 November: %s', (expression, expected) => {
  expect(timesOf(expression).runsOn(11, 21, 6)).toBe(expected);
});

test.each([
  ['@daily', '0 0 * * *'],
  ['@weekly', '0 0 * * 0'],
  ['@monthly', '0 0 1 * *'],
  ['@annually', '0 0 1 1 *'],
  ['@hourly', '0 * * * *'],
])('%s is %s', (word, fields) => {
  const [a, b] = [timesOf(word), timesOf(fields)];
  expect([list(a.minutes), list(a.hours)]).toEqual([list(b.minutes), list(b.hours)]);
  for (let month = 1; month <= 12; month++) {
    for (let day = 1; day <= 31; day++) expect(a.runsOn(month, day, day % 7)).toBe(b.runsOn(month, day, day % 7));
  }
});

test.each([
  ['12 2 * * 0', '12 2 * * 1-6', false],
  ['12 2 * * 0', '12 2 * * *', true],
  ['12 2 * * 0', '13 2 * * *', false],
  ['12 2 * * 0', '12 3 * * *', false],
  ['0 0 31 12 *', '0 0 1 1 *', false],
  ['0 2 1 * *', '0 2 * * 1-6', true], // whenever the first is no Sunday
  ['0 2 29 2 *', '0 2 * 2 0', true], // every 28 years
  ['*/7 * * * *', '5 * * * *', false],
  ['*/7 * * * *', '14 * * * *', true],
])('%s and %s coincide: %s', (a, b, expected) => {
  expect(coincide(timesOf(a), timesOf(b))).toBe(expected);
  expect(coincide(timesOf(b), timesOf(a))).toBe(expected);
});

test.each([
  [1, 2026, 31],
  [4, 2026, 30],
  [2, 2026, 28],
  [2, 2028, 29],
  [2, 2000, 29],
  [2, 2100, 28],
])('month %i of %i has %i days', (month, year, days) => {
  expect(daysIn(month, year)).toBe(days);
});

test('whatever is accepted has times, and whatever is not is said in words', () => {
  const part = fc.oneof(
    fc.constantFrom('*', '?', '*/5', 'mon', 'JAN', '1-3', '7', '0', '1,2', '*-5', '5/0', ''),
    fc.string({ maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 7 }), (fields) => {
      const parsed = parseCron(fields.join(' '));
      if (typeof parsed === 'string') expect(parsed).toMatch(/^[a-z@]/);
      else for (const set of [parsed.minutes, parsed.hours]) expect(list(set).length).toBeGreaterThan(0);
    }),
  );
});

const HOUR = 60;
const DAY = 24 * HOUR;

test.each<[number, string[]]>([
  [DAY, ['12 2 * * *']],
  [7 * DAY, ['12 2 * * 0']],
  [2 * DAY, ['12 2 * * 1-6']], // over Sunday
  [DAY, ['12 2 * * 0', '12 2 * * 1-6']],
  [DAY + 2 * HOUR, ['0 4 * * 0', '0 2 * * 1-6']], // from Saturday to Sunday
  [1, ['* * * * *']],
  [6 * HOUR, ['0 */6 * * *']],
  [15 * HOUR, ['0 9-18/3 * * *']], // from 18 to 9
  [31 * DAY, ['@monthly']],
  [61 * DAY, ['0 0 31 * *']], // from March to May
  [21 * DAY, ['0 0 1 1 *', '0 0 10,20 * *']], // from 20 January
  [366 * DAY, ['@yearly']],
  [4 * 365 * DAY + DAY, ['0 2 29 2 *']],
  [11 * DAY, ['0 0 1,11,21 * *']], // from the 21st of a month of 31 days
])('at most %i minutes lie between %j', (minutes, expressions) => {
  expect(longestGap(expressions.map(timesOf))).toBe(minutes);
});

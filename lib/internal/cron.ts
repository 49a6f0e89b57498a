/** The times at which a schedule runs. */
export interface CronTimes {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  /** Whether it runs on that day; months count from 1, weekdays from Sunday, 0. */
  readonly runsOn: (month: number, day: number, weekday: number) => boolean;
  /** Whether months and their days make no difference. */
  readonly everyWeek: boolean;
}

/** A field of cron; bounds and names as in robfig/cron, which Kubernetes uses. There, 7 is no day. */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of the month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of the week', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const WORDS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** The times of an expression, or in words what it should be instead. */
export function parseCron(expression: string): CronTimes | string {
  if (/^(CRON_)?TZ=/.test(expression)) return 'without a time zone of its own, which is prop timeZone beside it';
  const fields = (WORDS[expression] ?? expression).split(/\s+/);
  if (expression.startsWith('@') && !WORDS[expression]) return `one of ${Object.keys(WORDS).join(', ')}, or five fields`;
  if (fields.length === 6) return 'five fields, minute hour day month weekday: CloudNativePG has a sixth, for seconds, in front';
  if (fields.length !== 5) return "five fields, minute hour day month weekday, as '12 2 * * 0'";
  const values = fields.map((text, i) => parseField(text, FIELDS[i] as Field));
  const wrong = values.find((value): value is string => typeof value === 'string');
  if (wrong !== undefined) return wrong;
  const [minutes, hours, days, months, weekdays] = values as [Values, Values, Values, Values, Values];
  // Where both kinds of day are restricted, either will do.
  const either = !days.any && !weekdays.any;
  const runsOn = (month: number, day: number, weekday: number) =>
    months.has(month) && (either ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday));
  const times = { minutes, hours, runsOn, everyWeek: months.any && days.any };
  return everyDay(runsOn) ? times : 'a time that comes: no year has that day';
}

/** Whether two schedules, in one time zone, run in the same minute of some day. */
export function coincide(a: CronTimes, b: CronTimes): boolean {
  const common = (x: ReadonlySet<number>, y: ReadonlySet<number>) => [...x].some((value) => y.has(value));
  return (
    common(a.minutes, b.minutes) &&
    common(a.hours, b.hours) &&
    everyDay((month, day, weekday) => a.runsOn(month, day, weekday) && b.runsOn(month, day, weekday))
  );
}

const DAY = 24 * 60;

/** The longest time, in minutes, between two runs of any of these schedules, in one time zone. */
export function longestGap(schedules: readonly CronTimes[]): number {
  const known = new Map<number, ReturnType<typeof dayOf>>(); // by which of them run on a day
  let [longest, begin, last, midnight] = [0, -1, -1, 0];
  for (const [month, day, weekday] of calendar(schedules.every(({ everyWeek }) => everyWeek))) {
    const running = schedules.reduce((set, { runsOn }, i) => set | (runsOn(month, day, weekday) ? 1 << i : 0), 0);
    if (running) {
      const runs = known.get(running) ?? dayOf(schedules.filter((_, i) => running & (1 << i)));
      known.set(running, runs);
      if (begin < 0) begin = midnight + runs.first;
      else longest = Math.max(longest, midnight + runs.first - last);
      longest = Math.max(longest, runs.gap);
      last = midnight + runs.last;
    }
    midnight += DAY;
  }
  return Math.max(longest, begin + midnight - last); // then it begins anew
}

/** Days that repeat: a week; or 28 years, after which each date has its weekday again (until 2099: 2100 is no leap year). */
function* calendar(week: boolean): Generator<[month: number, day: number, weekday: number]> {
  let weekday = 6; // 1 January 2000
  for (let year = 2000; year < 2028; year++) {
    for (let month = 1; month <= 12; month++) {
      for (let day = 1; day <= daysIn(month, year); day++) {
        yield [month, day, weekday];
        weekday = (weekday + 1) % 7;
        if (week && day === 7) return;
      }
    }
  }
}

/** When, in minutes, they first and last run on a day on which all do, and the longest time between. */
function dayOf(schedules: readonly CronTimes[]): { first: number; last: number; gap: number } {
  const runs = schedules.flatMap(({ hours, minutes }) => [...hours].flatMap((hour) => [...minutes].map((minute) => 60 * hour + minute)));
  runs.sort((a, b) => a - b);
  const gaps = runs.slice(1).map((run, i) => run - (runs[i] ?? 0));
  return { first: runs[0] ?? 0, last: runs[runs.length - 1] ?? 0, gap: Math.max(0, ...gaps) };
}

/** Days of a month, by default of a leap year. */
export function daysIn(month: number, year = 2000): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Whether something holds for any day of any year: each date falls on each weekday some time. */
function everyDay(holds: CronTimes['runsOn']): boolean {
  for (let month = 1; month <= 12; month++) {
    for (let day = 1; day <= daysIn(month); day++) {
      for (let weekday = 0; weekday < 7; weekday++) if (holds(month, day, weekday)) return true;
    }
  }
  return false;
}

class Values extends Set<number> {
  /** Whether the field says nothing about its day, `*` or `?`. */
  public any = false;
}

function parseField(text: string, field: Field): Values | string {
  const { name, min, max, names = [] } = field;
  const values = new Values();
  const number = (part: string) => {
    const named = names.indexOf(part.toLowerCase());
    return named >= 0 ? named + min : /^\d+$/.test(part) ? Number(part) : Number.NaN;
  };
  for (const part of text.split(',')) {
    const [, low = '', high, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\w+))?$/.exec(part) ?? [];
    const whole = low === '*' || low === '?';
    const from = whole ? min : number(low);
    const to = whole ? max : high !== undefined ? number(high) : step !== undefined ? max : from;
    const by = step === undefined ? 1 : /^[1-9]\d*$/.test(step) ? Number(step) : Number.NaN;
    if (!(from >= min && to <= max && from <= to && by >= 1) || (whole && high !== undefined)) {
      return `right in its field for the ${name}, ${min} to ${max}${name === 'day of the week' ? ' from Sunday' : ''}`;
    }
    for (let value = from; value <= to; value += by) values.add(value);
    if (whole && by === 1) values.any = true;
  }
  return values;
}

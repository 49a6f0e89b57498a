import type { Cron } from 'cdk8s';

/** When: five fields of cron, as `12 2 * * 0`, or a word as `@daily`, or cdk8s' own type. */
export type Schedule = Cron | string;

/** The text that a CronJob has. */
export function cronExpression(schedule: Schedule): string {
  return typeof schedule === 'string' ? schedule.trim() : schedule.expressionString;
}

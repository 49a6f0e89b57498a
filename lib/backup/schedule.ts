import type { Cron } from 'cdk8s';

/** When: five fields of cron, as `12 2 * * 0`, or cdk8s' own type. */
export type Schedule = Cron | string;

/** The five fields. */
export function cronExpression(schedule: Schedule): string {
  return typeof schedule === 'string' ? schedule.trim() : schedule.expressionString;
}

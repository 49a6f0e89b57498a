import type { CallbackOptions } from './options';
import { type HaPostgresPlan, PATHS } from './plan';

/** Patroni's words for them. */
const EVENTS: Record<keyof CallbackOptions, string> = {
  onStart: 'on_start',
  onStop: 'on_stop',
  onReload: 'on_reload',
  onRestart: 'on_restart',
  onRoleChange: 'on_role_change',
};

/**
 * Patroni's section `postgresql.callbacks`.
 *
 * A callback never holds a failover up: Patroni starts it beside its own work, waits for nothing, and kills one that still runs when
 * the next begins (patroni/postgresql/callback_executor.py, 3.0 to 4.1).
 */
export function callbacks(plan: HaPostgresPlan): object {
  const commands = given(plan).map(([event]) => [event, `bash ${PATHS.patroni}/${file(event)}`]);
  return commands.length === 0 ? {} : { callbacks: Object.fromEntries(commands) };
}

/** The scripts, beside Patroni's configuration: a changed one arrives without a restart. */
export function callbackFiles(plan: HaPostgresPlan): Record<string, string> {
  return Object.fromEntries(given(plan).map(([event, text]) => [file(event), text.endsWith('\n') ? text : `${text}\n`]));
}

const file = (event: string) => `${event.replaceAll('_', '-')}.sh`;

function given({ props }: HaPostgresPlan): [event: string, text: string][] {
  const options = props.patroni?.callbacks ?? {};
  return Object.entries(EVENTS).flatMap(([key, event]): [string, string][] => {
    const text = options[key as keyof CallbackOptions];
    return text === undefined ? [] : [[event, text]];
  });
}

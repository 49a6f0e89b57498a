import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './kubectl';
import { type Line, Stream } from './stream';
import { NAME, passwords, type Subject } from './subject';
import { until } from './wait';

/** What one attempt through a Service came to. Times are seconds since 1970. */
export interface Answer {
  readonly at: number;
  /** Nothing where nobody answered. */
  readonly server?: string;
  readonly recovery?: boolean;
}

/** What the Service says from a moment on, and who has the lock. */
export interface Moment {
  readonly at: number;
  /** Ready addresses of its EndpointSlices. */
  readonly addresses: readonly string[];
  /** Address of the member that has the lock; nothing where nobody has. */
  readonly holder?: string;
}

export interface Observation {
  readonly answers: readonly Answer[];
  readonly moments: readonly Moment[];
  readonly end: number;
}

const SLICES = '{.type} {.object.metadata.name} {.object.endpoints}{"\\n"}';
const LOCK = '{.metadata.annotations.leader}{"\\n"}';
const PROBER = readFileSync(join(__dirname, 'prober.py'), 'utf8');

/** Watches a Service of the leader, and asks through it from a client's pod, while something happens; ends when the new leader answers steadily. */
export async function observe(subject: Subject, client: string, service: string, act: () => Promise<unknown>): Promise<Observation> {
  const { kubectl, database } = subject;
  const watch = (...what: string[]) => new Stream(kubectl, ['get', '--watch', ...what]);
  const slices = watch('endpointslices', '-l', `kubernetes.io/service-name=${service}`, '--output-watch-events', `-ojsonpath=${SLICES}`);
  const lock = watch(...(subject.dcs === 'endpoints' ? ['endpoints', NAME] : ['configmaps', `${NAME}-leader`]), `-ojsonpath=${LOCK}`);
  const conninfo = `host=${service} user=${NAME} dbname=${NAME} password=${passwords().stringData[NAME]}`;
  const prober = new Stream(kubectl, ['exec', client, '--', 'python3', '-u', '-c', PROBER, conninfo]);
  try {
    const steady = () =>
      until(`${subject.label}: ten answers of the leader`, 60, async () => {
        const { name, ip } = await database.leader();
        if (leads(prober.lines, ip)) return true;
        const last = [...prober.lines.slice(-10), ...slices.lines.slice(-2), ...lock.lines.slice(-2)].map(({ text }) => text);
        throw new Error(`${name} ${ip} leads, ${JSON.stringify(last)}`);
      });
    await steady();
    await act();
    await steady();
  } finally {
    for (const stream of [slices, lock, prober]) stream.stop();
  }
  const ips = new Map((await database.pods()).map(({ name, ip }) => [name, ip]));
  return {
    answers: answersIn(prober.lines),
    moments: momentsIn(slices.lines, lock.lines, ips),
    end: Date.now() / 1000,
  };
}

/** Whether the last ten answers are this server's, and it leads. On a busy machine an attempt among them may have come to nothing. */
function leads(lines: readonly Line[], server: string): boolean {
  const last = answersIn(lines)
    .filter((answer) => answer.server)
    .slice(-10);
  return last.length === 10 && last.every((answer) => answer.server === server && answer.recovery === false);
}

export function answersIn(lines: readonly Line[]): Answer[] {
  return lines.map(({ text }) => {
    const [kind, at, server, recovery] = text.split(' ');
    return kind === 'answer' ? { at: +at, server, recovery: recovery === 't' } : { at: +at };
  });
}

/** Puts what two watches said into one row. A Service may have several slices, and a slice may go. */
export function momentsIn(slices: readonly Line[], lock: readonly Line[], ips: ReadonlyMap<string, string>): Moment[] {
  const now = new Map<string, string[]>();
  let holder: string | undefined;
  const changes = [
    ...slices.map(({ at, text }) => ({ at, apply: () => takeSlice(now, text) })),
    ...lock.map(({ at, text }) => ({
      at,
      apply: () => {
        holder = ips.get(text);
      },
    })),
  ].sort((a, b) => a.at - b.at);
  return changes.map(({ at, apply }) => {
    apply();
    return { at, addresses: [...new Set([...now.values()].flat())], holder };
  });
}

function takeSlice(now: Map<string, string[]>, text: string): void {
  const [, type, name, list] = /^(\S+) (\S+) (.*)$/.exec(text) ?? [];
  const endpoints: Json[] = type === 'DELETED' ? [] : (JSON.parse(list || 'null') ?? []); // no endpoints are null
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  now.set(
    name,
    ready.flatMap(({ addresses }) => addresses),
  );
}

/** The longest time during which clients were led to a server in recovery; only an answer of a leader ends it. */
export function longestRecovery(answers: readonly Answer[]): number {
  let begin: number | undefined;
  let longest = 0;
  for (const [i, { at, recovery }] of answers.entries()) {
    if (recovery === false) begin = undefined;
    if (!recovery) continue;
    begin ??= at;
    longest = Math.max(longest, (answers[i + 1]?.at ?? at) - begin);
  }
  return longest;
}

/** The longest time that a row of moments was like this. */
export function longest({ moments, end }: Pick<Observation, 'moments' | 'end'>, is: (moment: Moment) => boolean): number {
  let begin: number | undefined;
  let result = 0;
  for (const [i, moment] of moments.entries()) {
    begin = is(moment) ? (begin ?? moment.at) : undefined;
    if (begin !== undefined) result = Math.max(result, (moments[i + 1]?.at ?? end) - begin);
  }
  return result;
}

export const hasTwo = ({ addresses }: Moment) => addresses.length > 1;
/** It sends clients to a member while another one has the lock. */
export const isWrong = ({ addresses, holder }: Moment) => holder !== undefined && addresses.some((address) => address !== holder);

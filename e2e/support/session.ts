import { type Account, account, overlap } from './account';
import type { Pod } from './database';
import { figure } from './figures';
import type { Subject } from './subject';
import { sleep } from './wait';
import { Writer, type WriterMode } from './writer';

export const MODES: readonly WriterMode[] = ['row', 'kept'];
let sessions = 0;

/** What the writers of one cluster saw. */
export interface Outcome {
  readonly subject: Subject;
  /** Writers through the Service, by mode. */
  readonly through: Readonly<Record<WriterMode, Account>>;
  /** Writers that wrote straight to the first leader, from its own node. */
  readonly direct: readonly Account[];
  /** Seconds during which two members acknowledged rows. */
  readonly overlap: number;
  /** Promotions since the session began, by PostgreSQL's timelines. */
  readonly promotions: number;
}

/** Where the writers run. */
export interface Places {
  /** The node of the writers through the Service. */
  readonly node: string;
  /** The leader that two more writers, on its own node, write to directly. @default - none */
  readonly direct?: Pod;
}

/** Writers at work on one cluster. */
export class Session {
  /** Starts writers on a healthy cluster; they are all writing when it returns. */
  public static async begin(subject: Subject, { node, direct }: Places): Promise<Session> {
    const run = `${Date.now().toString(36)}${(sessions++).toString(36)}`;
    const { timeline } = await subject.healthy(120);
    const session = new Session(subject, timeline);
    try {
      for (const mode of MODES) {
        session.through.push(await Writer.start(subject, mode, run, node));
        if (direct) session.straight.push(await Writer.start(subject, mode, run, direct.node, direct.ip));
      }
      await Promise.all(session.writers.map((writer) => writer.writing(90)));
      await sleep(1);
      for (const writer of session.writers) session.since.set(writer, writer.latest());
    } catch (error) {
      await session.end();
      throw error;
    }
    return session;
  }

  private readonly through: Writer[] = [];
  private readonly straight: Writer[] = [];
  private readonly since = new Map<Writer, number>();

  private constructor(
    private readonly subject: Subject,
    private readonly timeline: number,
  ) {}

  /** Waits until the writers through the Service get their rows in again. */
  public writing(seconds: number): Promise<unknown> {
    return Promise.all(this.through.map((writer) => writer.writing(seconds)));
  }

  /**
   * Waits for writers that write and, where it is asked for, for a healthy cluster; then compares what was acknowledged
   * with what is there.
   */
  public async outcome(healthy = true): Promise<Outcome> {
    const { subject } = this;
    await this.writing(120);
    const { timeline } = healthy ? await subject.healthy(180) : await subject.database.view();
    const accounts = (writers: Writer[]) =>
      Promise.all(writers.map((writer) => account(writer, subject.database, this.since.get(writer) ?? 0)));
    const [row, kept] = await accounts(this.through);
    const direct = await accounts(this.straight);
    const acks = [row, kept, ...direct].flatMap((each) => each.acks);
    return { subject, through: { row, kept }, direct, overlap: overlap(acks), promotions: timeline - this.timeline };
  }

  public async end(): Promise<void> {
    await Promise.all(this.writers.map((writer) => writer.stop()));
  }

  private get writers(): Writer[] {
    return [...this.through, ...this.straight];
  }
}

/** Runs writers on one cluster while something happens to it. */
export async function whileWriting(subject: Subject, node: string, act: (session: Session) => Promise<unknown>): Promise<Outcome> {
  const session = await Session.begin(subject, { node });
  try {
    await act(session);
    return await session.outcome();
  } finally {
    await session.end();
  }
}

/** Prints the figures of an outcome. */
export function report(name: string, { through, overlap, promotions, direct }: Outcome): void {
  for (const mode of MODES) {
    figure(`${name} gap ${mode}`, through[mode].gap, 's');
    figure(`${name} total ${mode}`, through[mode].total, 's');
    figure(`${name} lost ${mode}`, through[mode].lost.length, `of ${through[mode].acknowledged} rows`);
  }
  for (const [i, each] of direct.entries()) figure(`${name} lost direct ${MODES[i]}`, each.lost.length, `of ${each.acknowledged} rows`);
  figure(`${name} overlap`, overlap, 's');
  figure(`${name} promotions`, promotions, '');
}

import type { Database } from './database';
import type { Ack, Writer } from './writer';

/** A stall shorter than this is the machine's, not the database's: three writes of ten a second. */
const STALL = 0.5;

/** What a writer went through. Times are seconds. */
export interface Account {
  /** Longest time between two acknowledgements. */
  readonly gap: number;
  /** Sum of all stalls. */
  readonly total: number;
  /** Number of acknowledged rows. */
  readonly acknowledged: number;
  /** Acknowledged rows that the table lacks. */
  readonly lost: string[];
  /** Rows that the table has more than once. */
  readonly twice: string[];
  readonly acks: readonly Ack[];
}

/** Compares what a writer was told with what the leader's table holds now; stalls count from its row `since`. */
export async function account(writer: Writer, database: Database, since: number): Promise<Account> {
  const acks = await writer.acks(); // before the table: a row acknowledged in between must not count as lost
  const { leader } = await database.view();
  const rows = await database.sql(leader, 'orders', `select id from e2e_rows where id like '${writer.run}/%'`);
  return { ...stalls(acks.filter((ack) => ack.sequence >= since)), ...compare(acks, rows.trim().split('\n')), acks };
}

export function stalls(acks: readonly Ack[]): { gap: number; total: number } {
  const between = acks.slice(1).map((ack, i) => ack.monotonic - acks[i].monotonic);
  return { gap: Math.max(0, ...between), total: between.filter((s) => s > STALL).reduce((sum, s) => sum + s, 0) };
}

export function compare(acks: readonly Ack[], rows: readonly string[]) {
  const present = new Set(rows);
  const seen = new Set<string>();
  return {
    acknowledged: acks.length,
    lost: acks.map((ack) => ack.id).filter((id) => !present.has(id)),
    twice: rows.filter((id) => seen.has(id) || !seen.add(id)),
  };
}

/**
 * Seconds during which two members acknowledged rows: the longest common part of their spans from first to last
 * acknowledgement. A member that led twice would have a span around another's, so this never misses an overlap.
 */
export function overlap(acks: readonly Ack[]): number {
  const spans = new Map<string, { first: number; last: number }>();
  for (const { server, monotonic } of acks) {
    const span = spans.get(server) ?? { first: monotonic, last: monotonic };
    spans.set(server, { first: Math.min(span.first, monotonic), last: Math.max(span.last, monotonic) });
  }
  const list = [...spans.values()];
  const pairs = list.flatMap((a, i) => list.slice(i + 1).map((b) => Math.min(a.last, b.last) - Math.max(a.first, b.first)));
  return Math.max(0, ...pairs);
}

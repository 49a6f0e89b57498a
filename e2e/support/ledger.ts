import type { Database } from './database';

/** What a client of pgbench, named `run/client`, was told: so many commits. */
export interface Told {
  readonly client: string;
  readonly commits: number;
}

/** What the history has of a client: its rows, how many different ones, and the highest of their numbers. */
export interface Kept {
  readonly client: string;
  readonly rows: number;
  readonly different: number;
  readonly highest: number;
}

/** The four sums that each transaction of pgbench changes by the same amount; one statement, so they are of one moment. */
const SUMS = `select (select sum(abalance) from pgbench_accounts), (select sum(tbalance) from pgbench_tellers),
  (select sum(bbalance) from pgbench_branches), (select coalesce(sum(delta), 0) from pgbench_history)`;

const HISTORY = `select client, count(*), count(distinct n), max(n) from (
  select regexp_replace(filler, '/[0-9]+ *$', '') as client, split_part(filler, '/', 3)::int as n from pgbench_history) as rows group by client`;

/** Whether a member shows whole transactions only. Returns what is wrong. */
export async function torn(database: Database, member: string): Promise<string[]> {
  const sums = (await database.sql(member, 'orders', SUMS)).trim().split('|');
  return new Set(sums).size === 1 ? [] : [`${member}: sums of accounts, tellers, branches and history ${sums.join(', ')}`];
}

/** What a member's history holds. */
export async function history(database: Database, member: string): Promise<Kept[]> {
  const rows = (await database.sql(member, 'orders', HISTORY)).trim().split('\n');
  return rows.filter(Boolean).map((row) => {
    const [client, ...numbers] = row.split('|');
    const [all, different, highest] = numbers.map(Number);
    return { client, rows: all, different, highest };
  });
}

/**
 * Counts commits that are gone, and rows that came twice. A client's commits are numbered from 1, and it stops at the first
 * that fails: so every number up to what it was told must be there, and up to the highest that is there, too. The one above
 * may be there: committed, and the connection broke before it was said.
 */
export function settle(told: readonly Told[], kept: readonly Kept[]): { told: number; lost: number; twice: number } {
  const commits = new Map(told.map((each) => [each.client, each.commits]));
  const found = new Map(kept.map((each) => [each.client, each]));
  const clients = [...new Set([...commits.keys(), ...found.keys()])];
  const missing = (client: string) => {
    const { different = 0, highest = 0 } = found.get(client) ?? {};
    return Math.max(commits.get(client) ?? 0, highest) - different;
  };
  return {
    told: told.reduce((sum, each) => sum + each.commits, 0),
    lost: clients.reduce((sum, client) => sum + missing(client), 0),
    twice: kept.reduce((sum, each) => sum + each.rows - each.different, 0),
  };
}

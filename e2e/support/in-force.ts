import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Change } from './commit';
import type { Database, Pod } from './database';
import { monotonic, until } from './wait';

const FUNCTIONS = readFileSync(join(__dirname, 'in-force.sh'), 'utf8');

/** When each kind of change was in force on every member. */
export interface InForce {
  /** Seconds from the apply until it was seen in force everywhere, by kind. */
  readonly seconds: Record<string, number>;
  /** What was seen of kinds that were in force everywhere and then were not, for a while. */
  readonly undone: string[];
  /** What was not in force when time was up; empty when all was. */
  missing: string;
}

/**
 * Waits until every change is in force on every member. A look costs processor time that the database under test needs, so
 * what was seen everywhere is looked at again only when all others are there too: then all must be in force in one look.
 */
export async function inForce(database: Database, changes: readonly Change[], begin: number, seconds: number): Promise<InForce> {
  const pods = await database.pods();
  const found: InForce = { seconds: {}, undone: [], missing: '' };
  const look = async (some: readonly Change[]) => {
    const looks = await Promise.all(pods.map((pod, i) => ask(database, pod, pods[(i + 1) % pods.length], some)));
    const wrong = some.flatMap((change, i) => note(found, change, byPod(pods, looks, i), monotonic() - begin));
    if (wrong.length > 0) throw new Error(wrong.join('; '));
  };
  const all = async () => {
    const missing = changes.filter(({ kind }) => !(kind in found.seconds));
    if (missing.length > 0) await look(missing);
    await look(changes);
    return true;
  };
  await until(`${database.kubectl.namespace}: every change on every member`, seconds, all).catch((error: Error) => {
    found.missing = error.message;
  });
  return found;
}

/** Writes down what was seen of one change, and returns what is not yet as it shall be. */
function note({ seconds, undone }: InForce, { kind, expected }: Change, seen: Record<string, string>, now: number): string[] {
  const wrong = Object.entries(seen).filter(([, line]) => line !== expected);
  const said = wrong.map(([pod, line]) => `${kind} on ${pod}: ${line}`);
  if (wrong.length === 0) seconds[kind] ??= now;
  else if (kind in seconds && wrong.some(([, line]) => !line.includes(AWAY))) {
    delete seconds[kind];
    undone.push(...said);
  }
  return said;
}

/** Part of what is seen of a server that is not there, since it restarts: that says nothing of what is in force. */
const AWAY = 'away';

/** What the probes print for one member, a line each; of those that need the network, for the member after it. */
async function ask({ kubectl }: Database, pod: Pod, peer: Pod, changes: readonly Change[]): Promise<string[]> {
  const probes = changes.map(({ probe }) => `echo "$(${probe})"`);
  const script = [FUNCTIONS, `peer=${peer.ip}`, 'pg_isready -q && pg_isready -qh "$peer" || exit', ...probes].join('\n');
  const { stdout } = await kubectl.attempt(['exec', pod.name, '-c', 'patroni', '--', 'bash', '-c', script], undefined, 40);
  const lines = stdout.split('\n');
  return changes.map((_, i) => lines[i] || AWAY);
}

const byPod = (pods: readonly Pod[], looks: readonly string[][], i: number) =>
  Object.fromEntries(pods.map(({ name }, member) => [name, looks[member][i]]));

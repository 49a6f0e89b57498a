import { type ChildProcess, spawn } from 'node:child_process';
import type { Database, Pod } from './database';
import { TOOLS } from './environment';
import { output } from './run';

const NODE = `${TOOLS}/node`;
const CONTROL = `${TOOLS}/control`;

/** Something bad that happens to leaders. */
export interface Fault {
  readonly name: string;
  /** What it takes: the leaders' pods one by one, or the node that they all are on. */
  readonly takes: 'pod' | 'node';
  /** Makes it happen to one leader (`pod`) or to the node of them all (`node`). */
  inject(database: Database, leader: Pod): Promise<unknown>;
  /** Ends it, where it does not end by itself. */
  repair?(leader: Pod): Promise<unknown>;
}

/** `kubectl delete pod`: what a drain does. */
export const GRACEFUL: Fault = {
  name: 'graceful',
  takes: 'pod',
  inject: ({ kubectl }, leader) => kubectl.run(['delete', 'pod', leader.name, '--wait=false']),
};

/** A planned switchover, as `patronictl switchover` asks for it; in a synchronous cluster to a member that may lead at once. */
const SWITCHOVER: Fault = {
  name: 'switchover',
  takes: 'pod',
  inject: async (database) => {
    const { leader, streaming, synchronous } = await database.view();
    return database.patroni(leader, 'POST', 'switchover', { leader, candidate: synchronous[0] ?? streaming[0] });
  },
};

/** kill -9 of the postmaster. Patroni lives on, and decides between a restart and a failover. */
export const POSTGRES_KILL: Fault = {
  name: 'postgres-kill',
  takes: 'pod',
  inject: ({ kubectl }, leader) => {
    const postmaster = 'kill -9 "$(head -1 "$(psql -XAtc "show data_directory")/postmaster.pid")"';
    return kubectl.exec(leader.name, 'patroni', ['bash', '-c', postmaster]);
  },
};

/**
 * kill -9 of the Patroni process that does the work. As the container's first process Patroni leaves the work to a child
 * and only collects zombies; under tini or a script the worker is a child too. Whichever it is, the first process ends when
 * the worker does, and PostgreSQL dies with the container; so the worker can be killed from inside, on any cluster.
 */
const patroniKill: Fault = {
  name: 'patroni-kill',
  takes: 'pod',
  inject: async ({ kubectl }, leader) => {
    const worker = ['pkill', '-9', '-f', '^[^ ]*python3? [^ ]*bin/patroni( |$)'];
    const ended = await kubectl.attempt(['exec', leader.name, '-c', 'patroni', '--', ...worker]);
    // 137: the container, and pkill with it, ended before kubectl heard of pkill's success
    if (ended.code !== 0 && ended.code !== 137) throw new Error(`no Patroni process to kill: ${ended.stderr}`);
  },
};

/** The node loses its power. */
const nodeDead: Fault = {
  name: 'node-dead',
  takes: 'node',
  inject: (_, leader) => hurt(NODE, ['stop', number(leader)], ['start', number(leader)]),
  repair: (leader) => mend(NODE, ['start', number(leader)]),
};

/** The node loses its network, and everything on it runs on. */
const nodeCut: Fault = {
  name: 'node-cut',
  takes: 'node',
  inject: (_, leader) => hurt(NODE, ['cut', number(leader)], ['join', number(leader)]),
  repair: (leader) => mend(NODE, ['join', number(leader)]),
};

export const FAULTS: readonly Fault[] = [SWITCHOVER, GRACEFUL, POSTGRES_KILL, patroniKill, nodeDead, nodeCut];

/** Stops or starts a part of the control plane. */
export function control(verb: 'stop' | 'start', part: 'apiserver' | 'controller-manager'): Promise<string> {
  return verb === 'stop' ? hurt(CONTROL, ['stop', part], ['start', part]) : mend(CONTROL, ['start', part]);
}

/** Keeps new pods off a node while something happens, as before a drain; they are let back whatever comes of it. */
export async function cordoned<T>(node: string, work: () => Promise<T>): Promise<T> {
  await hurt('kubectl', ['cordon', node], ['uncordon', node]);
  try {
    return await work();
  } finally {
    await mend('kubectl', ['uncordon', node]);
  }
}

/** What stands by to mend what is broken now, by the command that mends it. */
const guards = new Map<string, ChildProcess>();

/**
 * Breaks something of the test cluster. Should this process end before it has mended it, by whatever signal, a guard that
 * notices the end of its input does: a cluster that is left broken spoils every measurement after it.
 */
function hurt(program: string, args: string[], mending: string[]): Promise<string> {
  const guard = spawn('sh', ['-c', 'read -r mended || exec "$@"', 'guard', program, ...mending], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  guards.set([program, ...mending].join(' '), guard);
  return output(program, args, { timeout: 90 });
}

async function mend(program: string, args: string[]): Promise<string> {
  const said = await output(program, args, { timeout: 90 });
  const key = [program, ...args].join(' ');
  guards.get(key)?.stdin?.end('mended\n');
  guards.delete(key);
  return said;
}

/** The scripts know nodes by number. */
const number = (pod: Pod) => pod.node.replace(/^\D+/, '');

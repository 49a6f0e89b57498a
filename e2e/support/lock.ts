import { spawn } from 'node:child_process';
import { LOCK } from './environment';

/**
 * A gate before the lock, which stays shut while someone waits for the exclusive one: else runs that share the lock, one or
 * another always holding it, would keep that one out for ever.
 */
const HOLD = 'exec 8>>"$1.gate" 9>>"$1" && flock "--$2" 8 && flock "--$2" 9 && exec 8>&- && echo held && exec cat';

/**
 * Holds the lock of a shared test cluster while `work` runs: `exclusive` for what hurts a node or the control plane,
 * `shared` for measurements that such a fault of someone else would spoil. Never one inside another: the inner one would wait
 * at the gate for whoever waits for the outer one. Without CLUSTER_LOCK there is nobody else.
 */
export async function locked<T>(kind: 'exclusive' | 'shared', work: () => Promise<T>): Promise<T> {
  if (!LOCK) return work();
  const holder = spawn('sh', ['-c', HOLD, 'lock', LOCK, kind], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', reject);
      holder.once('exit', () => reject(new Error('no lock')));
      holder.stdout.once('data', () => resolve());
    });
    return await work();
  } finally {
    holder.removeAllListeners('exit');
    holder.stdin.end(); // ends cat, and with it the lock
  }
}

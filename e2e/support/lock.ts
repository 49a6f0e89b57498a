import { spawn } from 'node:child_process';
import { LOCK } from './environment';

/**
 * Holds the lock of a shared test cluster while `work` runs: `exclusive` for what hurts a node or the control plane,
 * `shared` for measurements that such a fault of someone else would spoil. Without CLUSTER_LOCK there is nobody else.
 */
export async function locked<T>(kind: 'exclusive' | 'shared', work: () => Promise<T>): Promise<T> {
  if (!LOCK) return work();
  const holder = spawn('flock', [`--${kind}`, LOCK, 'sh', '-c', 'echo held; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await new Promise<void>((resolve, reject) => {
      holder.once('error', reject);
      holder.once('exit', () => reject(new Error('flock ended')));
      holder.stdout.once('data', () => resolve());
    });
    return await work();
  } finally {
    holder.removeAllListeners('exit');
    holder.stdin.end(); // ends cat, and with it the lock
  }
}

import { NAME, type Subject } from './subject';
import { monotonic, until } from './wait';

/** A moment of the very first start. */
export interface Moment {
  /** What is true of the first member then, as bash asks. */
  readonly when: string;
  /** Name of the program that is halted then: some moments are too short to be met by chance. */
  readonly halts: string;
}

const FIRST = `${NAME}-0`;

/** Kills the member that makes the cluster at a moment, while two more wait for it; returns the seconds until all is healthy. */
export async function cutOff(cluster: Subject, moment: Moment, seconds = 120): Promise<number> {
  const { kubectl, database } = cluster;
  await cluster.apply({ members: 1 }); // so that it is the first
  await halt(cluster, moment);
  await cluster.apply({ members: 3 });
  const waits = async (member: string) =>
    (await kubectl.run(['logs', member, '-c', 'patroni'])).includes('waiting for leader to bootstrap');
  for (const i of [1, 2]) await until('another member to wait', 60, async () => (await waits(`${NAME}-${i}`)) || undefined);
  const { uid } = await database.pod(FIRST);
  const begin = monotonic();
  await kubectl.run(['delete', 'pod', FIRST, '--grace-period=0', '--force', '--wait=false']);
  await until(`another ${FIRST}`, 60, async () => (await database.pod(FIRST)).uid !== uid || undefined);
  await cluster.healthy(seconds);
  return monotonic() - begin;
}

async function halt({ kubectl }: Subject, { when, halts }: Moment): Promise<void> {
  const script = `until ${when} && pkill -STOP -x ${halts}; do sleep 0.01; done; ${when}`;
  const look = ['exec', FIRST, '-c', 'patroni', '--', 'timeout', '40', 'bash', '-c', script];
  const done = async () => {
    const { code, stderr } = await kubectl.attempt(look);
    if (code === 0) return true;
    throw new Error(`${code} ${stderr}`); // its container has not begun
  };
  await until(`${halts} to be halted`, 90, done, 0.1);
}

/** Data folders that the first member has moved aside. */
export async function keptFolders({ kubectl }: Subject): Promise<string[]> {
  const list = await kubectl.exec(FIRST, 'patroni', ['bash', '-c', 'shopt -s nullglob; printf "%s\\n" "$PGDATA".kept.*']);
  return list.trim().split('\n').filter(Boolean);
}

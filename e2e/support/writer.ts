import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './database';
import { keepLog } from './figures';
import type { Json, Kubectl } from './kubectl';
import { Tail } from './tail';
import { until } from './wait';

/** `row`: a connection for every row; `kept`: one connection, renewed after an error. */
export type WriterMode = 'row' | 'kept';

/** One acknowledged row. Times are seconds. */
export interface Ack {
  readonly sequence: number;
  readonly id: string;
  readonly monotonic: number;
  readonly wall: number;
  readonly server: string;
}

/** What the writers of a cluster need from it. */
export interface WriterTarget {
  readonly database: Database;
  readonly image: string;
  /** Environment entries made of `connectionEnv`. */
  readonly env: readonly Json[];
  /** Labels that `allowFrom` admits. */
  readonly clientLabels: Record<string, string>;
}

const SCRIPT = 'e2e-writer';

/** Makes the table and the script. */
export async function prepareWriters(target: WriterTarget): Promise<void> {
  const { database } = target;
  const script = readFileSync(join(__dirname, 'writer.py'), 'utf8');
  await database.kubectl.apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: SCRIPT }, data: { 'writer.py': script } }]);
  // No key on the id: a row that came twice has to be seen, not refused.
  const table = 'set role orders; create table if not exists e2e_rows (id text not null)';
  await until('database orders', 60, async () => database.sql((await database.view()).leader, 'orders', table));
}

/** A pod that writes ten rows a second. */
export class Writer {
  /** Starts one. `host` is one member's address to write to instead of the Service. */
  public static async start(target: WriterTarget, mode: WriterMode, run: string, node: string, host?: string): Promise<Writer> {
    const writer = new Writer(target.database.kubectl, mode, `${run}-${mode}${host ? '-direct' : ''}`, node);
    await writer.kubectl.run(['create', '-f', '-'], JSON.stringify(writer.pod(target, host)));
    return writer;
  }

  private readonly tail: Tail;

  private constructor(
    private readonly kubectl: Kubectl,
    public readonly mode: WriterMode,
    public readonly run: string,
    public readonly node: string,
  ) {
    this.tail = new Tail(kubectl.namespace, `writer-${run}`);
  }

  /** Waits until the last ten attempts were acknowledged, and lately. */
  public writing(seconds: number): Promise<true> {
    const probe = async () => {
      const lines = this.tail.lines();
      const last = lines[lines.length - 1];
      const steady = lines.length === 10 && lines.every(({ line }) => line.startsWith('ack ')) && Date.now() - last.at < 1000;
      if (!steady) throw new Error(last?.line ?? 'no line');
      return true as const;
    };
    return until(`${this.kubectl.namespace}: writer ${this.run}`, seconds, probe, 0.5);
  }

  /** The writer's latest row: what came before it is the pod's start, while policies and names settle. */
  public latest(): number {
    const lines = this.tail.lines();
    return Number(lines[lines.length - 1]?.line.split(' ')[1]);
  }

  /** Everything acknowledged until now, in order. */
  public async acks(): Promise<Ack[]> {
    const log = await this.kubectl.run(['logs', `writer-${this.run}`]);
    keepLog(`${this.kubectl.namespace}-${this.run}`, log);
    return log
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([kind]) => kind === 'ack')
      .map(([, sequence, mono, wall, server]) => ({
        sequence: +sequence,
        id: `${this.run}/${sequence}`,
        monotonic: +mono,
        wall: +wall,
        server,
      }));
  }

  public async stop(): Promise<void> {
    this.tail.stop();
    await this.kubectl.attempt(['delete', 'pod', `writer-${this.run}`, '--wait=false', '--grace-period=1', '--ignore-not-found']);
  }

  private pod(target: WriterTarget, host?: string): Json {
    const own = { WRITER_MODE: this.mode, WRITER_RUN: this.run, ...(host ? { WRITER_HOST: host } : {}) };
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `writer-${this.run}`, labels: { ...target.clientLabels, 'e2e-writer': this.run } },
      spec: {
        nodeName: this.node,
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 1,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'writer',
            image: target.image,
            imagePullPolicy: 'IfNotPresent',
            command: ['python3', '-u', '/e2e/writer.py'],
            env: [...target.env, ...Object.entries(own).map(([name, value]) => ({ name, value }))],
            securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'script', mountPath: '/e2e' }],
          },
        ],
        volumes: [{ name: 'script', configMap: { name: SCRIPT } }],
      },
    };
  }
}

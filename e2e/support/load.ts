import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepLog } from './figures';
import type { Json } from './kubectl';
import type { Told } from './ledger';
import { CLIENT, NAME, type Subject } from './subject';
import { until } from './wait';

/** How much pgbench does as a load. */
export interface LoadOptions {
  /** Hundreds of thousands of accounts. */
  readonly scale: number;
  readonly clients: number;
  /** Transactions a second, of all clients together. */
  readonly rate: number;
}

const SCRIPT = 'e2e-pgbench';
const FILES = { 'load.sh': 'pgbench-load.sh', 'transaction.sql': 'pgbench-transaction.sql' };
/** Seconds after which it ends by itself, should nobody be there to stop it. */
const BOUND = 900;
let loads = 0;

/** Fills pgbench's tables as the role of the application. */
export async function preparePgbench(subject: Subject, scale: number): Promise<void> {
  const { leader } = await subject.database.view();
  const owner = `select pg_get_userbyid(datdba) from pg_database where datname = '${NAME}'`;
  await until(`database ${NAME}`, 60, async () => (await subject.database.sql(leader, 'postgres', owner)).trim() === NAME || undefined);
  const init = ['env', `PGOPTIONS=-c role=${NAME}`, 'pgbench', '-i', '-q', '-s', String(scale), NAME];
  await subject.kubectl.exec(leader, 'patroni', init, 300);
}

/** A pod that lets pgbench change a cluster all the time. */
export class Load {
  public static async start(subject: Subject, node: string, options: LoadOptions): Promise<Load> {
    const data = Object.fromEntries(Object.entries(FILES).map(([key, file]) => [key, readFileSync(join(__dirname, file), 'utf8')]));
    await subject.kubectl.apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: SCRIPT }, data }]);
    const load = new Load(subject, `load-${loads++}`);
    const env = { SCALE: options.scale, CLIENTS: options.clients, RATE: options.rate, SECONDS: BOUND };
    const own = Object.entries(env).map(([name, value]) => ({ name: `LOAD_${name}`, value: String(value) }));
    const pod = clientPod(subject, load.name, node, ['bash', '/e2e/load.sh'], own);
    await subject.kubectl.run(['create', '-f', '-'], JSON.stringify(pod));
    await subject.kubectl.run(['wait', `pod/${load.name}`, '--for=condition=Ready', '--timeout=60s'], undefined, 70);
    return load;
  }

  private constructor(
    private readonly subject: Subject,
    private readonly name: string,
  ) {}

  /** Lets the run that is on come to its end, and returns what pgbench was told, run by run and client by client. */
  public async stop(): Promise<Told[]> {
    const { kubectl } = this.subject;
    await until(`${this.name} to stop`, 90, async () => {
      // The container may have ended since the last look; then its phase says so.
      await kubectl.attempt(['exec', this.name, '--', 'touch', '/tmp/stop']);
      const { status } = await kubectl.get('pod', this.name);
      return status.phase === 'Succeeded' || undefined;
    });
    const log = await kubectl.run(['logs', this.name]);
    keepLog(`${kubectl.namespace}-${this.name}`, log);
    await this.remove();
    return log
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([kind]) => kind === 'done')
      .map(([, run, client, commits]) => ({ client: `${run}/${client}`, commits: Number(commits) }));
  }

  public async remove(): Promise<void> {
    await this.subject.kubectl.attempt(['delete', 'pod', this.name, '--wait=false', '--grace-period=1', '--ignore-not-found']);
  }
}

/** A pod of the application, with pgbench and a folder for its logs. */
export function clientPod(subject: Subject, name: string, node: string, command: readonly string[], env: readonly Json[] = []): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: CLIENT },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'pgbench',
          image: subject.image,
          imagePullPolicy: 'IfNotPresent',
          command,
          env: [...subject.env, ...env],
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [
            { name: 'script', mountPath: '/e2e' },
            { name: 'tmp', mountPath: '/tmp' },
          ],
        },
      ],
      volumes: [
        { name: 'script', configMap: { name: SCRIPT, optional: true } },
        { name: 'tmp', emptyDir: {} },
      ],
    },
  };
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size, Testing } from 'cdk8s';
import {
  type BackupOptions,
  BackupTarget,
  CertificateSource,
  ConfigMapKey,
  ConstructError,
  HaPostgres,
  type HaPostgresProps,
  SecretKey,
} from '../../lib';
import type { Pod } from './database';
import { IMAGE } from './environment';
import type { Json, Kubectl } from './kubectl';
import { output } from './run';
import { NAME, type Subject, standard } from './subject';
import { until } from './wait';

/** The S3 store of the test cluster, and the folder of one database in it. */
export function store(path: string): BackupTarget {
  return BackupTarget.s3({
    bucket: 'backups',
    region: 'us-east-1',
    endpoint: 's3.s3.svc',
    uriStyle: 'path',
    path,
    credentials: { accessKey: SecretKey.of('store', 'key'), secretKey: SecretKey.of('store', 'secret') },
    authority: ConfigMapKey.of('kube-root-ca.crt', 'ca.crt'),
  });
}

/** A folder of this run's own: what an earlier one left in the store belongs to another cluster. */
export const newFolder = ({ namespace }: Kubectl) => `/${namespace}/${Date.now().toString(36)}`;

export const ENCRYPTION = SecretKey.of('store', 'passphrase');

/** Backups of the database in a namespace, with everything on. */
export function backupProps(path: string, options: Partial<BackupOptions> = {}): Partial<HaPostgresProps> {
  return {
    networkPolicy: { storePorts: [443, 8443] }, // before and after the Service's translation
    backups: {
      repository: store(path),
      certificate: CertificateSource.secret(`${NAME}-pgbackrest-tls`),
      retention: { full: 2 },
      encryptionKey: ENCRYPTION,
      from: 'preferStandby',
      drill: { storage: { size: Size.gibibytes(1) }, database: NAME, query: 'SELECT count(*) FROM kept HAVING count(*) > 0' },
      ...options,
    },
  };
}

/** The Secrets that `backupProps` refers to. */
export async function backupSecrets(kubectl: Kubectl): Promise<void> {
  await kubectl.apply([storeSecret()]);
  await makeCertificate(kubectl);
}

export function storeSecret(secret = 'test-secret'): Json {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'store' }, stringData: { key: 'test', secret, passphrase: 'of a test' } };
}

/** The certificate of members and Jobs, by the lines that the library prints where there is none: so they are proved to work. */
async function makeCertificate({ namespace }: Kubectl): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-pgbackrest-'));
  const here = `kubectl() { command kubectl --namespace=${namespace} "$@"; }`; // a person has a namespace chosen
  await output('bash', ['-ec', [here, ...printedLines()].join('\n')], { cwd: folder });
  rmSync(folder, { recursive: true });
}

function printedLines(): readonly string[] {
  const backups = { repository: store('/none'), retention: { full: 1 } } as BackupOptions;
  try {
    new HaPostgres(Testing.chart(), NAME, { ...standard(IMAGE), backups });
  } catch (error) {
    if (error instanceof ConstructError && error.code === 'CertificateMissing') return error.remedy;
    throw error;
  }
  throw new Error('backups without a certificate were not refused');
}

/** How a Job ended. */
export interface JobEnd {
  readonly succeeded: boolean;
  readonly log: string;
}

let jobs = 0;

/** Runs a Job of a CronJob now, with one attempt, and waits for its end. */
export async function runJob({ kubectl }: Subject, cronJob: string, seconds: number): Promise<JobEnd> {
  const name = await startJob(kubectl, cronJob);
  return jobEnd(kubectl, name, seconds);
}

export async function startJob(kubectl: Kubectl, cronJob: string): Promise<string> {
  const name = `${cronJob}-${++jobs}`;
  const { spec } = await kubectl.get('cronjob', cronJob);
  const template = spec.jobTemplate;
  await kubectl.run(
    ['create', '-f', '-'],
    JSON.stringify({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name, labels: template.metadata.labels },
      spec: { ...template.spec, backoffLimit: 0 }, // what one attempt says is what is tested
    }),
  );
  return name;
}

export async function jobEnd(kubectl: Kubectl, name: string, seconds: number): Promise<JobEnd> {
  const succeeded = await until(`Job ${name}`, seconds, async () => {
    const conditions = (await kubectl.get('job', name)).status.conditions ?? [];
    const end = conditions.find((c: Json) => c.status === 'True' && (c.type === 'Complete' || c.type === 'Failed'));
    return end && end.type === 'Complete';
  });
  const { stdout } = await kubectl.attempt(['logs', `job/${name}`, '--tail=40']);
  return { succeeded, log: stdout };
}

/** Waits until all that was written until now is in the archive, which begins when the repository knows the cluster. */
export async function archived({ database }: Subject): Promise<void> {
  const { leader } = await database.view();
  const ask = async (query: string) => (await database.sql(leader, 'postgres', query)).trim();
  const segment = await ask('SELECT pg_walfile_name(pg_switch_wal())');
  const waiting = `SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name = '${segment}.ready'`;
  await until(`segment ${segment} in the archive`, 180, async () => (await ask(waiting)) === '0' || undefined);
}

/** The member whose files a running Job copies: pgBackRest's server there has a connection that asks and two that copy. */
export function copiedFrom({ kubectl, database }: Subject, job: string): Promise<Pod> {
  const port = (8432).toString(16).toUpperCase();
  const address = (ip: string) =>
    ip
      .split('.')
      .reverse()
      .map((part) => (+part).toString(16).padStart(2, '0').toUpperCase())
      .join('');
  const find = async () => {
    const table = await kubectl.exec(`job/${job}`, 'pgbackrest', ['cat', '/proc/net/tcp']);
    return (await database.pods()).find(({ ip }) => table.split(` ${address(ip)}:${port} 01 `).length > 3);
  };
  return until(`a member that ${job} copies`, 60, find, 0.2);
}

/** Labels of the backups that the repository has, as a member sees them. */
export async function backupLabels({ kubectl, database }: Subject): Promise<string[]> {
  const { leader } = await database.view();
  const text = await kubectl.exec(leader, 'pgbackrest', ['pgbackrest', `--stanza=${NAME}`, '--output=json', 'info'], 30);
  return JSON.parse(text)[0].backup.map((backup: Json) => backup.label);
}

/** Every file of a cluster's repository, with its size and the time it was written. */
export async function repositoryFiles({ kubectl, database }: Subject): Promise<Map<string, string>> {
  const { leader } = await database.view();
  const text = await kubectl.exec(leader, 'pgbackrest', ['pgbackrest', `--stanza=${NAME}`, '--output=json', '--recurse', 'repo-ls'], 60);
  return new Map(Object.entries<Json>(JSON.parse(text)).map(([path, { size, time }]) => [path, `${size} ${time}`]));
}

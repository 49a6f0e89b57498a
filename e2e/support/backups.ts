import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { type BackupOptions, BackupTarget, CertificateSource, ConfigMapKey, type HaPostgresProps, SecretKey } from '../../lib';
import type { Json, Kubectl } from './kubectl';
import { output } from './run';
import { NAME, type Subject } from './subject';
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

/** The certificate of members and Jobs, by the three lines that the library's error message gives. */
async function makeCertificate(kubectl: Kubectl): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'e2e-pgbackrest-'));
  const name = `${NAME}-pgbackrest`;
  const lines = [
    'openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj',
    `/CN=${name} -addext subjectAltName=DNS:${name},DNS:*.${NAME}-pods -keyout tls.key -out tls.crt`,
  ];
  await output('bash', ['-c', lines.join(' ')], { cwd: folder });
  const files = ['tls.crt=tls.crt', 'tls.key=tls.key', 'ca.crt=tls.crt'].map((file) => `--from-file=${file.replace('=', `=${folder}/`)}`);
  await kubectl.run(['create', 'secret', 'generic', `${name}-tls`, ...files]);
  rmSync(folder, { recursive: true });
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

/** Labels of the backups that the repository has, as a member sees them. */
export async function backupLabels({ kubectl, database }: Subject): Promise<string[]> {
  const { leader } = await database.view();
  const text = await kubectl.exec(leader, 'pgbackrest', ['pgbackrest', `--stanza=${NAME}`, '--output=json', 'info'], 30);
  return JSON.parse(text)[0].backup.map((backup: Json) => backup.label);
}

/** Every file below a folder of the repository, with its size. */
export async function repositoryFiles({ kubectl, database }: Subject): Promise<Map<string, number>> {
  const { leader } = await database.view();
  const text = await kubectl.exec(leader, 'pgbackrest', ['pgbackrest', `--stanza=${NAME}`, '--output=json', '--recurse', 'repo-ls'], 60);
  return new Map(Object.entries<Json>(JSON.parse(text)).map(([path, { size = 0 }]) => [path, size]));
}

import { CertificateSource, type HaPostgresProps, SecretKey } from '../lib';
import { Authority } from './support/certificates';
import { AUTHORITY_FILE, Client, TLS_SECRET } from './support/client';
import { KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace, type Json, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { CLIENT, NAME, Subject } from './support/subject';
import { monotonic, until } from './support/wait';

/** Encryption from clients to the pooler, and from there to PostgreSQL. */

const PASSWORD = `${NAME}-of-a-test`;
const ENCRYPTED: Partial<HaPostgresProps> = {
  tls: { certificate: CertificateSource.secret(TLS_SECRET) },
  pooler: { login: { password: SecretKey.of('orders-pooler', 'password') } },
};

/** Seconds until a changed Secret is in force; the kubelet alone takes up to 20 of them here. */
const LIMIT = 90;

let subject: Subject;
let authority: Authority;
let client: Client;

beforeAll(async () => {
  await locked('shared', requireReadyNodes);
  authority = await Authority.create('orders-ca');
  subject = await Subject.create({ label: 'pooler-tls', props: { ...ENCRYPTED, members: 2 } });
  await subject.kubectl.apply([
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'orders-pooler' }, stringData: { password: 'pooler-of-a-test' } },
  ]);
  await newCertificate([NAME, ...poolerNames()]);
  await locked('shared', async () => {
    await subject.apply();
    await subject.healthy(120);
    await subject.kubectl.run(['rollout', 'status', `deployment/${NAME}-pooler`, '--timeout=60s'], undefined, 70);
    client = await Client.start(subject, 'client', CLIENT);
    await until('a login through the pooler', 60, () => ask(verified(), 'SELECT 1'));
  });
});

afterAll(async () => {
  authority.remove();
  if (!KEEP) await deleteNamespace(subject.kubectl);
});

const poolerNames = () => [`${NAME}-pooler`, `${NAME}-pooler.${subject.kubectl.namespace}.svc`];
const newCertificate = async (names: string[]) => subject.kubectl.apply([await authority.secret(TLS_SECRET, names)]);

/** What the library tells an application that mounts the authority: `verify-full`. */
const verified = (): string =>
  subject.connection({ target: 'pooler', authorityFile: AUTHORITY_FILE }).find(({ name }) => name === 'PG_CONNINFO').value;

const ask = async (conninfo: string, query: string) => (await client.sql(conninfo, PASSWORD, query)).trim();

async function poolers(): Promise<Json[]> {
  return (await subject.kubectl.get('pods', '-l', 'app.kubernetes.io/component=pooler')).items;
}

test('clients encrypt, and can tell the pooler from any other server; without encryption they are refused', async () => {
  const conninfo = verified();
  expect(conninfo).toContain(' sslmode=verify-full ');
  for (const host of poolerNames()) {
    for (let i = 0; i < 4; i++) expect(await ask(conninfo.replace(/host=\S+/, `host=${host}`), 'SELECT current_user')).toBe(NAME); // both poolers
  }
  for (const { status } of await poolers()) {
    await expect(ask(conninfo.replace(/host=\S+/, `host=${status.podIP} port=6432`).replace(/ port=5432/, ''), 'SELECT 1')).rejects.toThrow(
      'does not match host name',
    );
  }
  await expect(ask(conninfo.replace('verify-full', 'disable').replace(/sslrootcert=\S+/, ''), 'SELECT 1')).rejects.toThrow('SSL required');
});

test('the pooler encrypts to PostgreSQL, and refuses a server whose certificate another authority has signed', async () => {
  expect(await ask(verified(), 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).toBe('TLSv1.3');
  const [{ metadata }] = await poolers();
  const stranger = await Authority.create('orders-ca'); // of the same name
  try {
    expect(await writes(metadata.name, authority.certificate())).toContain('CREATE TABLE');
    expect(await writes(metadata.name, stranger.certificate())).toContain('timeout expired'); // it tries again and again
  } finally {
    stranger.remove();
  }
});

/** What psql says through a pooler like this one that trusts another authority. */
async function writes(pod: string, trusted: string): Promise<string> {
  const change = ['s/listen_port = .*/listen_port = 6433/', 's|^server_tls_ca_file = .*|server_tls_ca_file = trusted.crt|'];
  const script = `cd /var/run/pgbouncer; echo "$1" >trusted.crt; sed '${change.join(';')}' /etc/pgbouncer/pgbouncer.ini >other.ini
    timeout 20 pgbouncer -q other.ini & sleep 1
    PGPASSWORD=${PASSWORD} psql 'host=/var/run/pgbouncer port=6433 user=${NAME} dbname=${NAME} connect_timeout=5' -XAtc 'CREATE TABLE IF NOT EXISTS t ()' 2>&1
    kill -QUIT %1; wait; rm other.ini trusted.crt`;
  return subject.kubectl.exec(pod, 'pgbouncer', ['bash', '-c', script, 'bash', trusted], 40);
}

test('a renewed certificate is served by every pooler, and clients go on, without a restart', () =>
  locked('shared', async () => {
    // GIVEN
    const starts = async () =>
      (await poolers()).map(({ metadata, status }) => `${metadata.uid} ${status.containerStatuses[0].restartCount}`).sort();
    const before = await starts();
    const served = async () => new Set(await Promise.all((await poolers()).map(({ metadata }) => serial(metadata.name))));
    const [old = ''] = await served();
    // WHEN
    const begin = monotonic();
    await newCertificate([NAME, ...poolerNames()]);
    // THEN
    await until('the new certificate', LIMIT, async () => {
      const now = await served();
      return (now.size === 1 && !now.has(old)) || undefined;
    });
    figure('pooler tls: new certificate in force', monotonic() - begin, 's');
    for (let i = 0; i < 6; i++) expect(await ask(verified(), 'SELECT current_user')).toBe(NAME);
    await subject.healthy(60);
    expect(await starts()).toEqual(before);
  }));

/** Serial number of the certificate that a pooler serves. */
function serial(pod: string): Promise<string> {
  const command = 'openssl s_client -connect 127.0.0.1:6432 -starttls postgres </dev/null 2>/dev/null | openssl x509 -noout -serial';
  return subject.kubectl.exec(pod, 'pgbouncer', ['bash', '-o', 'pipefail', '-c', command]);
}

test('a certificate that does not name the pooler is refused by clients that verify', () =>
  locked('shared', async () => {
    await newCertificate([NAME]);
    await until('a refusal', LIMIT, async () => {
      const said = await ask(verified(), 'SELECT 1').catch((error: Error) => error.message);
      return said.includes('does not match host name') || undefined;
    });
  }));

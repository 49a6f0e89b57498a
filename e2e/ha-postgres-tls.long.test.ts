import { CertificateSource, type HaPostgresProps, SecretKey } from '../lib';
import { Authority } from './support/certificates';
import { containers } from './support/containers';
import { IMAGE_OLD, KEEP } from './support/environment';
import { figure } from './support/figures';
import { deleteNamespace, type Json, requireReadyNodes } from './support/kubectl';
import { locked } from './support/lock';
import { NAME, Subject, type SubjectOptions } from './support/subject';
import { monotonic, until } from './support/wait';

/** Both begin without encryption: to add it is the hard part. */
const CLUSTERS: readonly SubjectOptions[] = [
  { label: 'tls' },
  { label: 'tls-old', image: IMAGE_OLD, props: { postgresVersion: 15, patroniVersion: '3.0', dcs: 'configMaps' } },
];
const SECRET = 'orders-tls';
const ENCRYPTED: Partial<HaPostgresProps> = {
  tls: { certificate: CertificateSource.secret(SECRET) },
  patroni: { restApi: { password: SecretKey.of('orders-postgres', 'restapi') } },
};

/** Seconds until a changed Secret is in force everywhere; the kubelet alone takes up to 20 of them here. */
const LIMIT = 90;

let authority: Authority;
let clusters: Subject[] = [];
const each = <T>(work: (cluster: Subject) => Promise<T>): Promise<T[]> => Promise.all(clusters.map(work));

beforeAll(async () => {
  await locked('shared', requireReadyNodes);
  authority = await Authority.create('orders-ca');
  clusters = await Promise.all(CLUSTERS.map((options) => Subject.create(options)));
});

afterAll(async () => {
  authority.remove();
  if (!KEEP) await each((cluster) => deleteNamespace(cluster.kubectl));
});

test('encryption is added by a rolling update, and no row is lost', async () => {
  await locked('shared', () =>
    each(async (cluster) => {
      // GIVEN
      await cluster.apply();
      await cluster.healthy(120);
      await newCertificate(cluster);
      const { leader } = await cluster.database.view();
      await cluster.database.sql(leader, 'postgres', 'CREATE TABLE kept AS SELECT generate_series(1, 1000)');
      // WHEN
      await roll(cluster, 'encrypted', ENCRYPTED);
      // THEN
      await everyMemberVerifies(cluster);
      expect(await rows(cluster)).toBe('1000');
      expect(await cluster.kubectl.diff(cluster.objects())).toBe('');
    }),
  );
});

test('clients encrypt or are refused, and can tell the server from any other', async () => {
  await each(async (cluster) => {
    const conninfo = cluster.env.find(({ name }) => name === 'PG_CONNINFO').value;
    const version = 'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() -- ';
    expect(conninfo).toContain(' sslmode=require');
    expect(await connect(cluster, conninfo, version)).toContain('TLSv1.3');
    const verified = conninfo.replace('sslmode=require', 'sslmode=verify-full sslrootcert=/etc/tls/ca.crt');
    expect(await connect(cluster, verified, version)).toContain('TLSv1.3');
    const unnamed = verified.replace(/host=\S+/, `host=${(await cluster.database.leader()).ip}`);
    expect(await connect(cluster, unnamed, version)).toMatch(/does not match host name/);
    expect(await connect(cluster, conninfo.replace('require', 'disable'), version)).toContain('no encryption');
  });
});

test('only who has the password changes anything through Patroni, and patronictl and switchover have it', async () => {
  await locked('shared', () =>
    each(async (cluster) => {
      const pods = await cluster.database.pods();
      for (const { ip } of pods) {
        expect(await status(cluster, `-X GET https://${ip}:8008/config`)).toBe('200');
        for (const call of ['-X POST', '-u patroni:wrong -X POST'])
          expect(await status(cluster, `${call} https://${ip}:8008/reload`)).toBe('401');
      }
      const { leader, members } = await cluster.database.view();
      const candidate = members.find(({ name }) => name !== leader)?.name ?? '';
      const switchover = ['patronictl', 'switchover', NAME, '--candidate', candidate, '--force'];
      expect(await cluster.kubectl.exec(leader, 'patroni', switchover, 40)).toContain('Successfully switched over');
      await cluster.healthy(60);
      await cluster.database.switchover(leader);
      await cluster.healthy(60);
    }),
  );
});

/** Asks a member whether the leader may go on without the Kubernetes API, by the code and the configuration of Patroni itself. */
const ASK = `
import os, sys
from patroni.config import Config
from patroni.request import PatroniRequest
request = PatroniRequest(Config(os.environ['PATRONICTL_CONFIG_FILE']), True)
for url in sys.argv[1:]:
    answer = request.request('post', url + '/failsafe', {'name': 'nobody', 'conn_url': 'postgres://', 'api_url': url, 'slots': {}})
    print(answer.status)
`;

test('a leader that asks its members for leave to go on (failsafe mode) is heard by each', async () => {
  await each(async (cluster) => {
    const { name } = await cluster.database.leader();
    const urls = (await cluster.database.pods()).filter((pod) => pod.name !== name).map(({ ip }) => `https://${ip}:8008`);
    const answers = (await cluster.kubectl.exec(name, 'patroni', ['python3', '-c', ASK, ...urls])).trim();
    expect(answers).toBe('200\n200');
  });
});

test('a new certificate and a new password of the API are in force on every member without a restart', async () => {
  await locked('shared', () =>
    each(async (cluster) => {
      // GIVEN
      const before = await containers(cluster.database);
      const pods = await cluster.database.pods();
      const served = async () =>
        new Set(
          await Promise.all(pods.flatMap(({ ip }) => [serial(cluster, `${ip}:5432 -starttls postgres`), serial(cluster, `${ip}:8008`)])),
        );
      const [old = ''] = await served();
      // WHEN
      const begin = monotonic();
      const stringData = { restapi: `another 'one' "$\\` };
      await cluster.kubectl.run(['patch', 'secret', 'orders-postgres', '-p', JSON.stringify({ stringData })]);
      await newCertificate(cluster);
      // THEN
      await until(`${cluster.label}: the new certificate`, LIMIT, async () => {
        const now = await served();
        return (now.size === 1 && !now.has(old)) || undefined;
      });
      figure(`${cluster.label} new certificate in force`, monotonic() - begin, 's');
      await until(`${cluster.label}: the new password`, LIMIT, async () => {
        const answers = await Promise.all(
          pods.map(({ ip }) =>
            status(cluster, `-K /var/run/postgresql/patroni/api.curl -X PATCH -d {"nudge":null} https://${ip}:8008/config`),
          ),
        );
        const former = await Promise.all(
          pods.map(({ ip }) => status(cluster, `-u patroni:restapi-of-a-test -X PATCH -d {"nudge":null} https://${ip}:8008/config`)),
        );
        return (answers.every((code) => code === '200') && former.every((code) => code === '401')) || undefined;
      });
      figure(`${cluster.label} new password of the API in force`, monotonic() - begin, 's');
      await cluster.healthy(60);
      await everyMemberVerifies(cluster);
      expect(await containers(cluster.database)).toEqual(before);
    }),
  );
});

test("clients log in by a certificate of the clients' own authority, and by no other", async () => {
  const clients = await Authority.create('clients-ca');
  try {
    await locked('shared', () =>
      each(async (cluster) => {
        // GIVEN
        await cluster.kubectl.apply([await clients.secret('clients', [NAME])]); // its `ca.crt` is what counts
        const secrets = { right: await clients.secret('right', [NAME]), another: await clients.secret('another', ['somebody']) };
        const stranger = await authority.secret('stranger', [NAME]); // signed, but by the servers' authority
        // WHEN
        await roll(cluster, 'with certificates of clients', {
          tls: { certificate: CertificateSource.secret(SECRET), clientAuthority: SecretKey.of('clients', 'ca.crt') },
          postgresql: { pgHba: ['hostssl all all all cert'] },
        });
        // THEN
        const conninfo = cluster.env.find(({ name }) => name === 'PG_CONNINFO').value;
        const login = async (secret?: Json) => connect(cluster, `${conninfo}${await presented(cluster, secret)}`, 'SELECT current_user');
        expect(await login(secrets.right)).toBe(`${NAME}\n`);
        expect(await login(secrets.another)).toContain('certificate authentication failed');
        expect(await login(stranger)).toContain('unknown ca');
        expect(await login()).toContain('requires a valid client certificate');
        await everyMemberVerifies(cluster);
      }),
    );
  } finally {
    clients.remove();
  }
});

/** Puts a client's certificate where `connect` runs; what a conninfo says of it. */
async function presented({ kubectl }: Subject, secret?: Json): Promise<string> {
  if (!secret) return ' sslcert=none';
  const text = (key: string) => Buffer.from(secret.data[key], 'base64').toString();
  const folder = `/tmp/${secret.metadata.name}`;
  const write = `umask 077; mkdir -p ${folder}; echo "$1" >${folder}/tls.crt; echo "$2" >${folder}/tls.key`;
  await kubectl.exec(`${NAME}-0`, 'patroni', ['bash', '-c', write, 'bash', text('tls.crt'), text('tls.key')]);
  return ` sslcert=${folder}/tls.crt sslkey=${folder}/tls.key`;
}

test('encryption is removed by a rolling update too', async () => {
  await locked('shared', () =>
    each(async (cluster) => {
      await roll(cluster, 'plain again', { tls: undefined, patroni: undefined, postgresql: undefined });
      expect(await rows(cluster)).toBe('1000');
    }),
  );
});

/** Applies a change that renews every pod, and waits until all is well. */
async function roll(cluster: Subject, what: string, change: Partial<HaPostgresProps>): Promise<void> {
  const begin = monotonic();
  await cluster.apply(change);
  await cluster.kubectl.run(['rollout', 'status', `statefulset/${NAME}`, '--timeout=200s'], undefined, 210);
  await cluster.healthy(60);
  figure(`${cluster.label} ${what}`, monotonic() - begin, 's');
}

async function newCertificate({ kubectl }: Subject): Promise<void> {
  await kubectl.apply([await authority.secret(SECRET, [NAME, `${NAME}.${kubectl.namespace}.svc`])]);
}

/** Waits until both replicas stream by TLS and verify the leader's certificate. */
async function everyMemberVerifies(cluster: Subject): Promise<void> {
  await until(`${cluster.label}: replicas that verify`, 60, async () => {
    const { leader, streaming } = await cluster.database.view();
    const encrypted = await cluster.database.sql(
      leader,
      'postgres',
      'SELECT count(*) FROM pg_stat_replication JOIN pg_stat_ssl USING (pid) WHERE ssl',
    );
    const conninfos = await Promise.all(
      streaming.map((name) => cluster.database.sql(name, 'postgres', 'SELECT conninfo FROM pg_stat_wal_receiver')),
    );
    const verified = conninfos.filter((conninfo) => /sslmode=verify-ca .*sslrootcert=\/etc\/tls\/ca.crt/.test(conninfo));
    if (encrypted.trim() !== '2' || verified.length !== 2) throw new Error(`${encrypted} encrypted; ${conninfos.join()}`);
    return true;
  });
}

async function rows(cluster: Subject): Promise<string> {
  const { leader } = await cluster.database.view();
  return (await cluster.database.sql(leader, 'postgres', 'SELECT count(*) FROM kept')).trim();
}

/** What psql says, by the name of the Service, from a member. */
async function connect(cluster: Subject, conninfo: string, query: string): Promise<string> {
  const command = ['env', `PGPASSWORD=${NAME}-of-a-test`, 'psql', conninfo, '-XAtc', query];
  const { stdout, stderr } = await cluster.kubectl.attempt(['exec', `${NAME}-0`, '-c', 'patroni', '--', ...command]);
  return stdout + stderr;
}

/** The status that a call of Patroni's API is answered with. */
function status(cluster: Subject, call: string): Promise<string> {
  const curl = ['curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '5', ...call.split(' ')];
  return cluster.kubectl.exec(`${NAME}-0`, 'patroni', curl);
}

/** Serial number of the certificate that is served there. */
function serial(cluster: Subject, connect: string): Promise<string> {
  const command = `openssl s_client -connect ${connect} </dev/null 2>/dev/null | openssl x509 -noout -serial`;
  return cluster.kubectl.exec(`${NAME}-0`, 'patroni', ['bash', '-o', 'pipefail', '-c', command]);
}

import { spawnSync } from 'node:child_process';
import { readlinkSync, statSync } from 'node:fs';
import type { Json } from '../support';
import { certify as makeCertificate, openssl } from './scripts/certify';
import { requirePrograms, Sandbox } from './scripts/sandbox';

let pod: Sandbox;

beforeAll(() => requirePrograms('bash', 'jq', 'openssl'));
beforeEach(() => {
  pod = new Sandbox();
});
afterEach(() => pod.remove());

const made = (): Json => JSON.parse(pod.read('patroni/20-credentials.yaml'));

/** Lines of curl's log that begin so. */
const requests = (method: string) => pod.lines('curl.log').filter((line) => line.startsWith(`${method} `));

/** With what only a member that has one is told. */
function certify(authority = 'ca', options: string[] = [], folder = 'tls'): void {
  pod.write(`${folder}/patroni.yaml`, 'restapi: {}\n');
  makeCertificate(pod, folder, authority, options);
}

/** A pod in which Patroni's container has come as far as it does. */
function start(env: Record<string, string> = {}): string {
  const { status, stdout, stderr } = pod.run('start.sh', [], env);
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

const MEMBER = { MEMBERS_SSLMODE: 'verify-ca' };
const OPERATOR = { RESTAPI_USERNAME: 'patroni' };

describe('a member with a certificate', () => {
  beforeEach(() => certify());

  test('is told to use it, and to verify that of the others', () => {
    start(MEMBER);
    expect(readlinkSync(pod.path('patroni/15-tls.yaml'))).toBe(pod.path('tls/patroni.yaml'));
    const { restapi, postgresql } = made();
    expect(restapi).toEqual({ keyfile_password: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(postgresql.authentication).toEqual({
      superuser: { password: 'secret of superuser' },
      replication: { password: 'secret of replication', sslmode: 'verify-ca' },
      rewind: { password: 'secret of rewind', sslmode: 'verify-ca' },
    });
  });

  test.each(['tls.crt', 'tls.key', 'ca.crt', 'client-ca.crt'])('opens its API anew for another %s', (file) => {
    start(MEMBER);
    const { restapi } = made();
    pod.write(`tls/${file}`, 'another');
    pod.run('credentials.sh', [], MEMBER);
    expect(made().restapi).not.toEqual(restapi);
  });

  test.each([
    ['a key that is not its own', () => certify('other', [], 'other'), 'tls.key', 'tls.key is not the key of tls.crt'],
    ['another authority', () => certify('other', [], 'other'), 'ca.crt', 'not of the authority in ca.crt'],
  ])('does not start with %s', (_, given, file, words) => {
    given();
    pod.write(`tls/${file}`, pod.read(`other/${file}`));
    const { status, stdout } = pod.run('start.sh', [], MEMBER);
    expect(status).toBe(1);
    expect(stdout).toContain(words);
    expect(pod.read('patroni/20-credentials.yaml')).toBe('');
  });

  test("does not start with a client's", () => {
    certify('ca', ['-addext', 'extendedKeyUsage=clientAuth']);
    expect(pod.run('start.sh', [], MEMBER)).toMatchObject({ status: 1, stdout: expect.stringContaining('not a certificate of a server') });
  });

  test('starts with one that has expired: that is better than none', () => {
    openssl(pod, 'x509', '-req', '-in', 'tls.csr', '-CA', 'tls/ca.crt', '-CAkey', 'ca.key', '-days', '-1', '-out', 'tls/tls.crt');
    start(MEMBER);
  });
});

test('a member without one is told nothing of it, though Git already does', () => {
  pod.write('git/tls.yaml', 'restapi: {}\n');
  start(MEMBER);
  expect(made().restapi).toBeUndefined();
  expect(made().postgresql.authentication.replication).toEqual({ password: 'secret of replication' });
});

describe('the password of the REST API', () => {
  test.each(['secret', `a"b'c\\d`, '$(touch x) `id` # : - {} %s', 'äöü€', 'a\nb\tc'])(
    '%j reaches Patroni and curl as it is',
    (password) => {
      pod.write('secrets/restapi', `${password}\n`);
      start(OPERATOR);
      expect(made().restapi).toEqual({ authentication: { username: 'patroni', password } });
      expect(pod.read('patroni/api.curl')).toBe(`user = ${JSON.stringify(`patroni:${password}`)}\n`);
      expect(statSync(pod.path('patroni/api.curl')).mode & 0o777).toBe(0o600);
    },
  );

  test('is shown by real curl, and by what changes something only', () => {
    pod.useReal('curl');
    pod.write('secrets/restapi', `a"b\\c'd\n`);
    start(OPERATOR);
    const ask = `import http.server, base64, threading, subprocess, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.send_response(200); self.end_headers()
        print(self.command, base64.b64decode((self.headers.get('Authorization') or 'Basic ')[6:]).decode(), flush=True)
    do_GET = do_POST = answer
    def log_message(self, *args): pass
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
subprocess.run(['bash', '-c', '. lib/ha-postgres/scripts/api.sh; for method in GET POST; do api $method x; done'], env={**__import__('os').environ, 'PATRONI_API': f'http://127.0.0.1:{server.server_port}', 'PATRONI_CONFIG_DIR': sys.argv[1]}, check=True)`;
    const { stdout, stderr } = spawnSync('python3', ['-c', ask, pod.path('patroni')], { encoding: 'utf8' });
    expect([stderr, stdout.split('\n')]).toEqual(['', ['GET ', `POST patroni:a"b\\c'd`, '']]);
  });

  describe('when it changes', () => {
    const once = () => pod.run('agent.sh', ['once'], OPERATOR).stdout;

    beforeEach(() => {
      pod.answer('GET.leader', '503');
      pod.answer('POST.reload', '');
      pod.answer('PATCH.config', '');
      pod.write('secrets/restapi', 'one');
      start(OPERATOR);
      pod.write('password', 'one');
      pod.write('secrets/restapi', 'two');
    });

    test('the agent shows the former one to Patroni, and the new one from then on', () => {
      expect(once()).toContain('Patroni reloads them');
      expect(requests('POST')).toHaveLength(1);
      expect(made().restapi.authentication.password).toBe('two');
      expect(pod.read('patroni/api.curl')).toBe('user = "patroni:two"\n');
    });

    test('the former one is kept until Patroni has heard of it', () => {
      pod.drop('answers/POST.reload');
      expect(once()).toContain('will try again');
      pod.write('secrets/restapi', 'three');
      expect(once()).toContain('will try again');
      pod.answer('POST.reload', '');
      expect(once()).toContain('Patroni reloads them');
      expect(pod.read('patroni/api.curl')).toBe('user = "patroni:three"\n');
    });

    test('an agent that ended after Patroni had heard of it finds its way', () => {
      pod.run('credentials.sh', [], OPERATOR);
      pod.write('password', 'two');
      expect(once()).toContain('Patroni reloads them');
      expect(pod.read('patroni/api.curl')).toBe('user = "patroni:two"\n');
    });
  });

  test('is in no argument', () => {
    pod.write('secrets/restapi', 'secret of restapi');
    pod.answer('GET.leader', '200');
    pod.answer('GET.config', '{}');
    start(OPERATOR);
    pod.run('agent.sh', ['once'], OPERATOR);
    expect(requests('PUT')).toHaveLength(1);
    expect(pod.read('curl.log')).not.toContain('secret of');
  });
});

describe('agent.sh once, with a certificate', () => {
  const once = (env = MEMBER) => pod.run('agent.sh', ['once'], env).stdout;
  const members = (...schemes: string[]) =>
    pod.answer('GET.cluster', JSON.stringify({ members: schemes.map((scheme) => ({ api_url: `${scheme}://198.18.0.1:8008/patroni` })) }));

  beforeEach(() => {
    certify();
    pod.answer('GET.leader', '503');
    pod.answer('POST.reload', '');
    members('https', 'https', 'https');
    start(MEMBER);
  });

  test('asks by TLS', () => {
    once();
    expect(pod.lines('curl.config').every((line) => / https /.test(line))).toBe(true);
  });

  test('where nothing has changed, nothing is reloaded', () => {
    once();
    expect(requests('POST')).toEqual([]);
  });

  test('a renewed certificate is taken up, once', () => {
    const { restapi } = made();
    certify();
    expect(once()).toContain('Patroni reloads them');
    expect(made().restapi).not.toEqual(restapi);
    once();
    expect(requests('POST')).toHaveLength(1);
  });

  test('one that cannot be served is not: what is loaded goes on', () => {
    const { restapi } = made();
    const key = pod.read('tls/tls.key');
    certify();
    pod.write('tls/tls.key', key);
    expect(once()).toMatch(/tls.key is not the key of tls.crt\n.*will try again\n/);
    expect(requests('POST')).toEqual([]);
    expect(made().restapi).toEqual(restapi);
  });

  test('while one member has none, the others do not insist; when all have one, they do', () => {
    // WHEN a rolling update begins
    members('http', 'https', 'https');
    expect(once()).toMatch(/sslmode prefer\n.*Patroni reloads them\n/);
    expect(made().postgresql.authentication.replication.sslmode).toBe('prefer');
    // WHEN it ends
    members('https', 'https', 'https');
    expect(once()).toMatch(/sslmode verify-ca\n.*Patroni reloads them\n/);
    expect(made().postgresql.authentication.rewind.sslmode).toBe('verify-ca');
  });

  test('a restart in the middle of that goes on with what was known', () => {
    members('http', 'https', 'https');
    once();
    start(MEMBER);
    expect(made().postgresql.authentication.replication.sslmode).toBe('prefer');
  });

  test.each([
    ['Patroni does not answer', () => pod.drop('answers/GET.cluster')],
    ['a member has not said yet where it is', () => pod.answer('GET.cluster', '{"members": [{"name": "orders-0"}]}')],
  ])('nothing changes where %s', (_, given) => {
    given();
    once();
    expect(requests('POST')).toEqual([]);
  });
});

describe('another member, asked by its address', () => {
  /** What real curl gets from a member that serves this certificate, and whether it was told the password. */
  function ask(served: string): { said: string; told: boolean } {
    pod.useReal('curl');
    pod.write('patroni/api.curl', 'user = "patroni:one"\n');
    const member = `import http.server, ssl, threading, subprocess, sys
told = []
class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        told.append(self.headers.get('Authorization'))
        self.send_response(200); self.end_headers(); self.wfile.write(b'restarting')
    def log_message(self, *args): pass
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1] + '/tls.crt', sys.argv[1] + '/tls.key')
server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
call = '. lib/ha-postgres/scripts/api.sh; . lib/ha-postgres/scripts/restarts.sh; member_api "$1" POST restart'
subprocess.run(['bash', '-c', call, 'call', f'https://127.0.0.1:{server.server_port}/patroni'])
print('told' if told else '')`;
    const env = { ...process.env, PATRONI_CONFIG_DIR: pod.path('patroni'), TLS_FOLDER: pod.path('tls'), TLS_NAME: 'orders.shop.svc' };
    const { stdout, stderr } = spawnSync('python3', ['-c', member, pod.path(served)], { encoding: 'utf8', env });
    const [, said = '', told = ''] = /^(.*?)(told)?\n$/s.exec(stdout) ?? [];
    return { said: said + stderr, told: told === 'told' };
  }
  const NAMED = ['-addext', 'subjectAltName=DNS:orders,DNS:orders.shop.svc'];

  test('is told the password where its certificate has the name of the Service', () => {
    certify('ca', NAMED);
    expect(ask('tls')).toEqual({ said: 'restarting', told: true });
  });

  test.each([
    ['another authority', () => certify('other', NAMED, 'other'), 'other'],
    ['another name', () => certify('ca', ['-addext', 'subjectAltName=DNS:elsewhere']), 'tls'],
  ])('is told nothing where its certificate is of %s', (_, given, served) => {
    certify('ca', NAMED);
    given();
    expect(ask(served)).toEqual({ said: expect.stringMatching(/curl: \(60\)/), told: false });
  });
});

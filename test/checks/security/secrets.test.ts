import { deployment, findings } from '../support';

const KEY = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA${'x'.repeat(48)}\n-----END RSA PRIVATE KEY-----\n`;
const RANDOM = 'kX9dQ2mZpL4vT7wB';

const inVariable = (name: string, value: unknown) => findings('SEC-5', [deployment({ env: [{ name, value }] })]);
const inFile = (key: string, value: string) =>
  findings('SEC-5', [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app', namespace: 'shop' }, data: { [key]: value } }]);
const inCommand = (...args: string[]) => findings('SEC-5', [deployment({ args })]);

describe('SEC-5: a variable', () => {
  test.each<[string, string, string]>([
    ['POSTGRES_PASSWORD', 'hunter2', 'a password'],
    ['PGPASSWORD', 'postgres', 'a password'],
    ['DB_PASS', 'hunter2', 'a password'],
    ['adminPassword', '123456', 'a password'],
    ['SSH_PASSPHRASE', 'correct horse', 'a password'],
    ['API_TOKEN', RANDOM, 'a token or key'],
    ['CLIENT_SECRET', '3f2a9c1e-0b4d-4c6f-8a7e-9d1c2b3a4f5e', 'a token or key'],
    ['AWS_SECRET_ACCESS_KEY', `${RANDOM}/${RANDOM}`, 'a token or key'],
    ['DATABASE_URL', 'postgres://orders:hunter2@db:5432/shop', 'a URL with a password'],
    ['REDIS', 'redis://:hunter2@redis:6379', 'a URL with a password'],
    ['ANYTHING', KEY, 'a private key'],
    ['ANYTHING', `ghp_${'a1B2'.repeat(9)}`, 'a token or key'],
  ])('%s=%s', (name, value, what) => {
    const [finding, ...more] = inVariable(name, value);
    expect(finding).toMatchObject({
      severity: 'error',
      field: 'spec.template.spec.containers[0].env[0].value',
      message: `${name} holds ${what}`,
    });
    expect(more).toEqual([]);
    expect(JSON.stringify(finding)).not.toContain(value); // a report is no better a place for it
  });

  test.each<[string, unknown]>([
    ['POSTGRES_PASSWORD', '$(PASSWORD)'],
    ['POSTGRES_PASSWORD', '${PASSWORD}'],
    ['POSTGRES_PASSWORD', '{{ .Values.password }}'],
    ['POSTGRES_PASSWORD', '/run/secrets/password'],
    ['POSTGRES_PASSWORD', 'vault:secret/data/orders#password'],
    ['POSTGRES_PASSWORD', ''],
    ['POSTGRES_PASSWORD', undefined],
    ['POSTGRES_PASSWORD_FILE', 'whatever'],
    ['ALLOW_EMPTY_PASSWORD', 'yes'],
    ['POSTGRES_HOST_AUTH_METHOD', 'md5'],
    ['PGPASSFILE', '/var/run/pgpass'],
    ['PASSWORD_ENCRYPTION', 'scram-sha-256'],
    ['USERNAME', 'postgres'],
    ['TLS_SECRET', 'webhook-server-cert-2'],
    ['IMAGE_PULL_SECRET', 'regcred'],
    ['TOKEN', '3600'],
    ['PWD', '/home/app'],
    ['BYPASS', 'localhost'],
    ['CACHE_KEY', RANDOM],
    ['DATABASE_URL', 'postgres://orders:$(PASSWORD)@db:5432/shop'],
    ['DATABASE_URL', 'postgres://orders@db:5432/shop?sslmode=disable'],
    ['UPSTREAM', 'http://db:8080/a@b'],
    ['DATA_SOURCE_NAME', 'host=/var/run/postgresql user=monitor dbname=postgres sslmode=disable'],
  ])('%s=%s is none', (name, value) => {
    expect(inVariable(name, value)).toEqual([]);
  });
});

describe('SEC-5: a command', () => {
  test.each<[string[], string]>([
    [['--password=hunter2'], 'args[0]'],
    [['--db-password', 'hunter2'], 'args[1]'],
    [['-c', 'PGPASSWORD=hunter2 psql -h db'], 'args[1]'],
    [['-c', 'mysqldump --user root --password hunter2 shop'], 'args[1]'],
    [['--url=http://admin:hunter2@db'], 'args[0]'],
    [['-c', 'psql -c "ALTER ROLE app PASSWORD \'hunter2\'"'], 'args[1]'],
  ])('%j', (args, field) => {
    expect(inCommand(...args)).toMatchObject([
      { field: `spec.template.spec.containers[0].${field}`, message: expect.stringContaining('the command holds') },
    ]);
  });

  test.each<string[]>([
    ['--password=$(PASSWORD)'],
    ['--password-file', '/etc/password'],
    ['--password', '--verbose'],
    ['-c', 'export PGPASSWORD="$(cat /etc/password)"; psql'],
    ['-c', 'password=$1; echo "password: required"'],
    ['-c', 'read -r password < /etc/x && PASSWORD=${password%x} run'],
    ['--token-ttl=3600', '--authentication-token-webhook=true'],
  ])('%j is none', (...args) => {
    expect(inCommand(...args)).toEqual([]);
  });

  test('of a hook or a probe', () => {
    const exec = { exec: { command: ['--password=hunter2'] } };
    const fields = findings('SEC-5', [deployment({ livenessProbe: exec, lifecycle: { preStop: exec } })]).map(({ field }) => field);
    expect(fields).toEqual(['lifecycle.preStop', 'livenessProbe'].map((at) => `spec.template.spec.containers[0].${at}.exec.command[0]`));
  });
});

describe('SEC-5: a file', () => {
  test.each<[string, string, string]>([
    ['password', 'hunter2', 'a password'],
    ['app.yaml', 'database:\n  user: app\n  password: hunter2\n', 'a password in line 3'],
    ['app.yaml', 'password: "hunter2" # of the test system\nuser: x', 'a password in line 1'],
    ['app.json', '{"user": "app", "password": "hunter2"}', 'a password'],
    ['app.ini', '[db]\ndb.password = hunter2\n', 'a password in line 2'],
    ['app.properties', 'spring.datasource.password=hunter2', 'a password'],
    ['start.sh', '#!/bin/sh\nexport PGPASSWORD=hunter2\n', 'a password in line 2'],
    ['main.py', "import os\nconnect(user='app', password='hunter2')\n", 'a password in line 2'],
    ['redis.conf', 'port 6379\nrequirepass hunter2\n', 'a password in line 2'],
    ['haproxy.cfg', 'userlist a\n  user admin insecure-password hunter2\n', 'a password in line 2'],
    ['init.sql', "CREATE ROLE app;\nALTER ROLE app WITH PASSWORD 'hunter2';", 'a password in line 2'],
    ['app.toml', `name = "x"\nclient_secret = "${RANDOM}"`, 'a token or key in line 2'],
    ['urls', 'a=b\nDB=amqp://app:hunter2@queue', 'a URL with a password in line 2'],
    ['tls.pem', `\n${KEY}`, 'a private key in line 2'],
  ])('%s: %j', (key, text, what) => {
    expect(inFile(key, text)).toMatchObject([
      { field: key.includes('.') ? `data['${key}']` : `data.${key}`, message: `${key} holds ${what}` },
    ]);
  });

  test.each<[string, string]>([
    ['pg_hba.conf', 'local all all md5\nhost all all all scram-sha-256\nhost all all 0.0.0.0/0 password\n'],
    ['patroni.yaml', 'authentication:\n  superuser:\n    username: postgres\npassword_encryption: scram-sha-256\npgpass: /run/pgpass\n'],
    ['app.yaml', 'password: ${PASSWORD}\ntoken: "{{ .Token }}"\nsecret: !vault orders\npassword: ""\npassword: null\n'],
    ['app.yaml', '# password: hunter2\n  // password = hunter2\n; password = hunter2\n'],
    ['app.ini', 'password_file = /etc/password\npasswordFile=/x\nauth_type = scram-sha-256\n'],
    ['schema.json', '{"properties": {"password": {"type": "string"}, "token": {"type": "string"}}}'],
    ['schema.yaml', 'password: string\ntoken: str\n'],
    ['help.txt', 'password: enter what you were given\nusage: tool --password=<password> --token TOKEN\n'],
    ['help.txt', 'postgres://user:password@host/db is how a URL looks; so is http://username:PASS@host\n'],
    ['nginx.conf', 'proxy_pass http://app:8080;\nauth_basic_user_file /etc/htpasswd;\n'],
    ['logstash.conf', 'password => "${ES_PASSWORD}"\n'],
    ['main.py', 'password = os.environ["PASSWORD"]\nconnect(password=password, token=get_token())\n'],
    ['main.py', 'password = given_value\n'],
    ['main.go', 'password := os.Getenv("PASSWORD")\nfmt.Printf("password=%s", password)\n'],
    ['start.sh', 'password="$(cat /etc/password)"\n[ -n "$password" ] || echo "password: not given"\nPASSWORD=`cat x`\n'],
    ['declare.sql', "EXECUTE format('ALTER ROLE %I PASSWORD %L', name, password);\nALTER ROLE app PASSWORD :'password';\n"],
    ['check.sh', 'grep -q "BEGIN RSA PRIVATE KEY-----" "$file"\n'],
    ['ca.crt', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['dex.yaml', 'clientSecret: $dex.github.clientSecret\nsecretRef: { name: app }\n'],
    ['store.conf', 'repo1-sftp-private-key-file=/etc/files/sftp-key\nrepo1-sftp-host-key-hash-type=sha256\n'],
  ])('%s: %j is none', (key, text) => {
    expect(inFile(key, text)).toEqual([]);
  });

  test('of a megabyte on one line takes no time', () => {
    const begun = performance.now();
    inFile('a', `password${'password-secret_token.key'.repeat(40_000)}://`);
    inFile('b', 'a'.repeat(1_000_000));
    inFile('c', '://'.repeat(300_000));
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

describe('SEC-5: a Secret', () => {
  const secret = (changes: object) =>
    findings('SEC-5', [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'app', namespace: 'shop' }, ...changes }]);

  test.each<[object, string, string]>([
    [{ data: { password: 'aHVudGVyMg==', user: 'YXBw' } }, 'data', 'holds password and user for all who read the repository'],
    [{ stringData: { password: 'hunter2' } }, 'stringData', 'holds password for all who read the repository'],
    [
      { sops: { mac: 'x' }, stringData: { a: 'ENC[AES256_GCM,data:x]', b: 'hunter2' } },
      'stringData',
      'b is not encrypted, though the Secret is marked as encrypted by SOPS',
    ],
  ])('%j', (changes, field, message) => {
    expect(secret(changes)).toMatchObject([{ severity: 'error', field, message }]);
  });

  test.each<object>([
    {},
    { data: {}, stringData: null },
    { data: { 'ca.crt': '' } }, // a controller fills it in
    { type: 'kubernetes.io/service-account-token' },
    { stringData: { password: '<path:secret/data/orders#password>' } },
    { stringData: { password: '${PASSWORD}' } },
    { data: { password: Buffer.from('vault:secret/data/orders#password').toString('base64') } },
    { sops: { mac: 'x' }, data: { a: 'ENC[AES256_GCM,data:x]' } },
  ])('%j is none', (changes) => {
    expect(secret(changes)).toEqual([]);
  });

  test('a SealedSecret is what it should be', () => {
    const sealed = {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'a' },
      spec: { encryptedData: { password: 'AgBy' } },
    };
    expect(findings('SEC-5', [sealed])).toEqual([]);
  });
});

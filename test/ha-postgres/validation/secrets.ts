import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { BackupTarget, SecretKey } from '../../../lib';
import { login, minimalBackups } from '../../support';
import type { Refusal, Rules } from './rules';

const literal = (name: string, value = 'hunter2') => ({ pod: { env: { [name]: kplus.EnvValue.fromValue(value) } } });
const container = (kind: 'sidecars' | 'initContainers') => ({
  pod: { [kind]: [{ image: 'x:1' }, { image: 'x:1', name: 'x', envVariables: { DB_PASSWORD: kplus.EnvValue.fromValue('hunter2') } }] },
});

/** Places where a text goes into the output as it is. */
const TEXTS: [prop: string, props: object][] = [
  ['pod.env.DATABASE_URL.value', literal('DATABASE_URL', 'postgres://shop:hunter2@db/shop')],
  ['pod.sidecars[0].args[0]', { pod: { sidecars: [{ image: 'x:1', args: ['--password=hunter2'] }] } }],
  ['pod.sidecars[0].command[2]', { pod: { sidecars: [{ image: 'x:1', command: ['sh', '-c', 'PGPASSWORD=hunter2 psql'] }] } }],
  ['patroni.callbacks.onStart', { patroni: { callbacks: { onStart: 'curl -u x https://y/?api_key=hunter2' } } }],
  [
    'backups.drill.query',
    { backups: { ...minimalBackups(), drill: { storage: { size: Size.gibibytes(1) }, query: "SELECT dblink('password=hunter2')" } } },
  ],
  ['monitoring.exporter.args[0]', { monitoring: { exporter: { args: ['--auth.token=hunter2'] } } }],
  ['postgresql.parameters.app.password', { postgresql: { parameters: { 'app.password': 'hunter2' } } }],
  ['postgresql.parameters.archive_cleanup_command', { postgresql: { parameters: { archive_cleanup_command: 'x --secret-key=hunter2' } } }],
];

export const secrets: Rules = {
  refused: [
    ...[
      'SMTP_PASSWORD',
      'FTP_PASSWD',
      'CLIENT_SECRET',
      'VAULT_TOKEN',
      'API_KEY',
      'AWS_SECRET_ACCESS_KEY',
      'SIGNING_PRIVATE_KEY',
      'api_token',
    ].map(
      (name): Refusal => [
        `6.6/15: a literal ${name}`,
        'SecretInEnvironment',
        literal(name),
        `pod.env.${name} is "(not shown)", but must be from a Secret, by EnvValue.fromSecretValue`,
      ],
    ),
    ...(['sidecars', 'initContainers'] as const).map(
      (kind): Refusal => [
        `6.6/15: a literal in pod.${kind}`,
        'SecretInEnvironment',
        container(kind),
        `pod.${kind}[1].envVariables.DB_PASSWORD is "(not shown)", but must be from a Secret`,
      ],
    ),
    ...TEXTS.map(
      ([prop, props]): Refusal => [
        `6.6/15: a password in ${prop}`,
        'SecretInText',
        props,
        `${prop} is "(not shown)", but must be without a password: it would be in the output`,
      ],
    ),
    [
      '6.6/15: a Secret without a name',
      'SecretKeyInvalid',
      { roles: [{ name: 'shop', password: SecretKey.of('', '') }] },
      "roles[0].password is \"/\", but must be the name of a Secret and one of its keys, as SecretKey.of('orders-postgres', 'superuser')",
    ],
    [
      '6.6/15: a key that none can have',
      'SecretKeyInvalid',
      { roles: [{ name: 'shop', password: SecretKey.of('shop', 'pass word') }] },
      'roles[0].password is "shop/pass word", but must be the name of a Secret and one of its keys',
    ],
    [
      '6.6/15: a name that none can have, of a store',
      'SecretKeyInvalid',
      {
        backups: {
          ...minimalBackups(),
          repository: BackupTarget.gcs({ path: '/orders/1', bucket: 'backups', credentials: SecretKey.of('Backup', 'key') }),
        },
      },
      'backups.repository.credentials is "Backup/key", but must be the name of a Secret and one of its keys',
    ],
    [
      "6.6/15: the pooler's password for the REST API too",
      'PasswordShared',
      { patroni: { restApi: login('shared') }, pooler: { login: login('shared') } },
      'patroni.restApi.password is "orders-postgres/shared", but must be a Secret key of its own',
    ],
  ],
  accepted: [
    ...['TOKEN_FILE', 'PASSWORD_MIN_LENGTH', 'AWS_ACCESS_KEY_ID', 'SECRET_NAME', 'TOKEN_TTL', 'KEYBOARD'].map((name): [string, object] => [
      `6.6/15: ${name} is none`,
      literal(name, '/x'),
    ]),
    ...[
      'PGPASSWORD=$(cat /run/x) psql',
      'x --password="$1"',
      'x --password-file=/run/x',
      'x --token=/run/x',
      'https://$USER:$PASSWORD@y',
      'a::b@c',
    ].map((text): [string, object] => [`6.6/15: none in ${text}`, { pod: { sidecars: [{ image: 'x:1', args: [text] }] } }]),
    ['6.6/15: how passwords are kept', { postgresql: { parameters: { 'passwordcheck.min_length': 12 } } }],
    ['6.6/15: a switch', literal('ALLOW_EMPTY_PASSWORD', 'yes')],
    ['6.6/15: another variable', literal('SMTP_PASSWORD', '$(OTHER)')],
    ['6.6/15: from a Secret', { pod: { env: { SMTP_PASSWORD: SecretKey.of('smtp', 'password').envValue() } } }],
    [
      '6.6/15: the file of passwords that a sidecar reads',
      { pod: { sidecars: [{ image: 'x:1', envVariables: { PGPASSFILE: kplus.EnvValue.fromValue('/run/pgpass') } }] } },
    ],
  ],
};

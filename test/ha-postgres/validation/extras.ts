import { Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { minimalProps, postgresIn } from '../../support';
import type { Given, Refusal, Rules } from './rules';

const storage = { size: Size.gibibytes(1) };
const tablespaces = (...given: Given[]) => ({ postgresql: { tablespaces: given.map((tablespace) => ({ storage, ...tablespace })) } });
const SHOP = { roles: [{ name: 'shop' }], databases: [{ name: 'shop', owner: 'shop' }] };
const extensions = (...given: Given[]) => ({ ...SHOP, postgresql: { extensions: given } });
const hugePages = (size: Given, more: Given = {}) => ({ postgresql: { hugePages: size }, ...more });
const store = (options: Given) => ({ credentials: { ...minimalProps().credentials, externalSecrets: { store: 'vault', ...options } } });

export const extras: Rules = {
  refused: [
    [
      'extensions: a name',
      'ExtensionNameInvalid',
      { postgresql: { extensions: [{}] } },
      'postgresql.extensions[0].name is missing, but must be as CREATE EXTENSION knows it',
    ],
    ...['Cold', 'cold rows', '_cold', 'cold_', 'c'.repeat(51)].map(
      (name): Refusal => [
        `6.6/13: a tablespace named ${name}`,
        'TablespaceNameInvalid',
        tablespaces({ name }),
        `postgresql.tablespaces[0].name is "${name}", but must be at most 50 of a-z`,
      ],
    ),
    [
      "6.6/13: PostgreSQL's own names",
      'TablespaceNameInvalid',
      tablespaces({ name: 'pg_cold' }),
      'postgresql.tablespaces[0].name is "pg_cold", but must be a name without pg_',
    ],
    [
      '6.6/13: two tablespaces on one volume',
      'TablespaceNamesEqual',
      tablespaces({ name: 'a_b' }, { name: 'a-b' }),
      'postgresql.tablespaces[1].name is "a-b", but must be different from a_b',
    ],
    [
      '6.6/13: the owner of a tablespace',
      'OwnerUnknown',
      tablespaces({ name: 'cold', owner: 'shop' }),
      'postgresql.tablespaces[0].owner is "shop", but must be one of roles: there are none',
    ],
    [
      '6.6/13: the size of a tablespace',
      'SizeInvalid',
      tablespaces({ name: 'cold', storage: { size: 1 } }),
      'postgresql.tablespaces[0].storage.size is 1, but must be a Size',
    ],
    [
      'extensions: names',
      'ExtensionNameInvalid',
      extensions({ name: 'pg trgm' }),
      'postgresql.extensions[0].name is "pg trgm", but must be as CREATE EXTENSION knows it',
    ],
    [
      'extensions: nowhere',
      'ExtensionWithoutDatabase',
      { postgresql: { extensions: [{ name: 'pg_trgm' }] } },
      'postgresql.extensions[0].databases is [], but must be at least one of postgres',
    ],
    [
      'extensions: databases that are declared; template1 would give it to every new one',
      'DatabaseUnknown',
      extensions({ name: 'timescaledb', databases: ['template1'] }),
      'postgresql.extensions[0].databases is "template1", but must be one of shop, postgres',
    ],
    [
      'extensions: each once',
      'ExtensionTwice',
      extensions({ name: 'pg_trgm' }, { name: 'pg_trgm', update: false }),
      'postgresql.extensions[1] is "pg_trgm", but must be once for database shop',
    ],
    [
      'huge pages: whole ones',
      'HugePagesInvalid',
      hugePages(Size.mebibytes(1023)),
      'postgresql.hugePages is 1023 MiB, but must be a multiple of 2 MiB',
    ],
    ['huge pages: a Size', 'HugePagesInvalid', hugePages(1024), 'postgresql.hugePages is 1024, but must be a multiple of 2 MiB'],
    [
      'huge pages: for all that PostgreSQL shares', // 512 × 1.03 + 32 + 108 × 0.05
      'HugePagesTooSmall',
      hugePages(Size.mebibytes(564)),
      'postgresql.hugePages is 564 MiB, but must be at least 566 MiB, for shared_buffers of 512 MiB',
    ],
    [
      'huge pages: never alone',
      'HugePagesAlone',
      { resources: {}, postgresql: { tuning: 'none', hugePages: Size.gibibytes(1) } },
      'postgresql.hugePages is 1024 MiB, but must be left out without resources',
    ],
    [
      'callbacks: a text',
      'CallbackEmpty',
      { patroni: { callbacks: { onStart: ' ' } } },
      'patroni.callbacks.onStart is " ", but must be the text of a script',
    ],
    [
      'store: its name',
      'StoreInvalid',
      store({ store: '' }),
      'credentials.externalSecrets.store is "", but must be the name of a SecretStore',
    ],
    [
      'store: its kind',
      'ValueUnknown',
      store({ storeKind: 'Vault' }),
      "credentials.externalSecrets.storeKind is \"Vault\", but must be one of 'SecretStore', 'ClusterSecretStore'",
    ],
    [
      'store: keys of Secrets that are used',
      'SecretUnknown',
      store({ remoteKeys: { orders: 'x' } }),
      'credentials.externalSecrets.remoteKeys is "orders", but must be one of the Secrets that the props name: orders-postgres',
    ],
    [
      'store: a Secret that another instance fills',
      'ExternalSecretTwice',
      { before: (scope: Construct) => postgresIn(scope, { ...store({}), name: 'other' }, 'first'), props: store({}) },
      'credentials.externalSecrets is "orders-postgres", but must be left out here: test/first fills that Secret',
    ],
  ],
  accepted: [
    ['6.6/13: tablespaces', { ...SHOP, ...tablespaces({ name: 'cold_rows', owner: 'shop' }, { name: 'c'.repeat(50), owner: 'postgres' }) }],
    [
      'extensions: in the database postgres without any other',
      { postgresql: { extensions: [{ name: 'pg_trgm', databases: ['postgres'] }] } },
    ],
    ['huge pages: enough', hugePages(Size.mebibytes(566))],
    [
      'huge pages: beside cores',
      { resources: { cpu: { limit: kplus.Cpu.units(1) } }, postgresql: { tuning: 'none', hugePages: Size.gibibytes(1) } },
    ],
    ['store: a key for a Secret', store({ remoteKeys: { 'orders-postgres': 'shop/orders' } })],
  ],
};

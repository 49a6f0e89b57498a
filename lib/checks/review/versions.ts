import type { ImageName } from './images';

/** A database whose data another version does not take as it is. */
interface Product {
  readonly name: string;
  /** Of the last part of the repository. */
  readonly repository: RegExp;
  /** The part of a tag, or of the repository, that matters; the first that is found. */
  readonly version: readonly RegExp[];
  /** How many numbers of the version make another one: 17 of PostgreSQL, 8.0 of MySQL. */
  readonly parts: 1 | 2 | 3;
  /** What another one means. */
  readonly means: string;
  readonly fix: string;
  readonly source: string;
}

const LEADING = /^v?(\d+(?:\.\d+)*)/;

const PRODUCTS: readonly Product[] = [
  {
    name: 'PostgreSQL',
    repository: /^(postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector|spilo-\d+|postgres-operator-.*)$/,
    version: [/(?:^|-)pg(\d+)/, /^spilo-(\d+)/, LEADING],
    parts: 1,
    means: 'a major version of PostgreSQL does not start on the data of another',
    fix: 'make a second cluster of the new version and replicate, dump and restore, or run pg_upgrade',
    source: 'https://www.postgresql.org/docs/current/upgrading.html',
  },
  {
    name: 'MySQL',
    repository: /^(mysql|mysql-server|percona|percona-server)$/,
    version: [LEADING],
    parts: 2,
    means: 'MySQL upgrades the data when it starts, and there is no way back but a backup',
    fix: 'back up first, and go from one LTS series to the next',
    source: 'https://dev.mysql.com/doc/refman/8.4/en/upgrade-paths.html',
  },
  {
    name: 'MariaDB',
    repository: /^mariadb(-galera)?$/,
    version: [LEADING],
    parts: 2,
    means: 'the data is upgraded by mariadb-upgrade, and there is no way back but a backup',
    fix: 'back up first',
    source: 'https://mariadb.com/docs/server/server-management/install-and-upgrade-mariadb/upgrading',
  },
  {
    name: 'MongoDB',
    repository: /^(mongo|mongodb|mongodb-community-server)$/,
    version: [LEADING],
    parts: 1,
    means: 'MongoDB starts only on data of the major version before, with its feature compatibility version set',
    fix: 'go one major version at a time, with setFeatureCompatibilityVersion in between',
    source: 'https://www.mongodb.com/docs/manual/release-notes/8.0-upgrade-replica-set/',
  },
  {
    name: 'Elasticsearch',
    repository: /^(elasticsearch|opensearch)$/,
    version: [LEADING],
    parts: 1,
    means: 'a node reads indices of the major version before, and none older; there is no way back but a snapshot',
    fix: 'take a snapshot, and reindex what is older',
    source: 'https://www.elastic.co/guide/en/elasticsearch/reference/current/setup-upgrade.html',
  },
  {
    name: 'etcd',
    repository: /^etcd$/,
    version: [LEADING],
    parts: 2,
    means: 'etcd goes one minor version at a time, and back only by a procedure of its own',
    fix: 'take a snapshot first',
    source: 'https://etcd.io/docs/latest/upgrades/',
  },
  {
    name: 'Redis',
    repository: /^(redis|redis-stack-server|valkey)$/,
    version: [LEADING],
    parts: 1,
    means: 'an older version does not read what a newer one has written',
    fix: 'keep a copy of the RDB or AOF file',
    source: 'https://redis.io/docs/latest/operate/oss_and_stack/install/upgrade/',
  },
  {
    name: 'TDengine',
    repository: /^(tdengine|tdengine-tsdb(-\w+)?)$/,
    version: [LEADING],
    parts: 3,
    means: 'TDengine takes such a step only with all its pods stopped together, and not back',
    fix: 'set updateStrategy OnDelete, back up, and delete all pods at once',
    source: 'https://docs.tdengine.com/operations-and-maintenance/',
  },
];

/** Whether another image means another version of a known database whose data is at stake. */
export function jump(before: ImageName, after: ImageName): { message: string; fix: string } | undefined {
  for (const product of PRODUCTS) {
    const [old, next] = [versionOf(product, before), versionOf(product, after)];
    if (old === undefined || next === undefined || old === next) continue;
    return { message: `${product.name} ${old} becomes ${next}, and ${product.means}`, fix: product.fix };
  }
  return undefined;
}

function versionOf({ repository, version, parts }: Product, image: ImageName): string | undefined {
  const last = image.repository.split('/').at(-1) ?? '';
  if (!repository.test(last)) return undefined;
  const found = version.map((pattern) => pattern.exec(image.tag) ?? pattern.exec(last)).find((match) => match !== null)?.[1];
  const numbers = found?.split('.').slice(0, parts);
  return numbers?.length === parts ? numbers.join('.') : undefined;
}

import { referencesOf, type Workload } from '../compare/workload';
import { fields, list, text } from '../manifests/look';
import type { Manifests } from '../manifests/manifests';

/** What is known of a workload's program, as far as its restart is concerned. */
export type Database =
  | { readonly kind: 'ha-postgres' } // this library's own
  | { readonly kind: 'patroni' }
  | { readonly kind: 'other'; readonly name: string };

/** Databases and brokers by the last part of their image's repository. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/^(postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector)$/, 'PostgreSQL'],
  [/^(mysql|mysql-server|percona|percona-server)$/, 'MySQL'],
  [/^mariadb(-galera)?$/, 'MariaDB'],
  [/^(mongo|mongodb|mongodb-community-server)$/, 'MongoDB'],
  [/^(redis|redis-stack-server|valkey|keydb|dragonfly)$/, 'Redis'],
  [/^(elasticsearch|opensearch)$/, 'Elasticsearch'],
  [/^(clickhouse|clickhouse-server)$/, 'ClickHouse'],
  [/^(couchdb|cht-couchdb)$/, 'CouchDB'],
  [/^(tdengine|tdengine-tsdb(-\w+)?)$/, 'TDengine'],
  [/^(cassandra|scylla)$/, 'Cassandra'],
  [/^(kafka|cp-kafka)$/, 'Kafka'],
  [/^(etcd)$/, 'etcd'],
  [/^(rabbitmq)$/, 'RabbitMQ'],
  [/^(zookeeper)$/, 'ZooKeeper'],
  [/^(cockroach|cockroachdb)$/, 'CockroachDB'],
  [/^(vault|openbao)$/, 'Vault'],
];

export function databaseOf(workload: Workload, all: Manifests): Database | undefined {
  if (isPatroni(workload, all)) return { kind: isOurs(workload) ? 'ha-postgres' : 'patroni' };
  for (const { spec, role } of workload.pod.containers) {
    const last = /([^/:@]+)(?::[^/]*)?(?:@.*)?$/.exec(text(spec, 'image') ?? '')?.[1] ?? '';
    const known = role === 'main' && PROGRAMS.find(([pattern]) => pattern.test(last));
    if (known) return { kind: 'other', name: known[1] };
  }
  return undefined;
}

/** By Patroni's environment, by the label that its examples, Zalando's operator and charts set, or by a `patroni.yaml` with a scope. */
function isPatroni(workload: Workload, all: Manifests): boolean {
  if (workload.kind !== 'StatefulSet' && workload.kind !== 'Deployment') return false;
  const { labels, containers } = workload.pod;
  const env = containers.flatMap(({ spec }) => list(spec, 'env')).map((entry) => text(entry, 'name') ?? '');
  if (['patroni', 'spilo'].includes(labels.application ?? '') || env.some((name) => /^PATRONI_(SCOPE|NAME)$/.test(name))) return true;
  return referencesOf(workload).some(({ group, kind, namespace, name }) => {
    const data = kind === 'ConfigMap' ? fields(all.get(group, kind, namespace, name)?.object, 'data') : {};
    return /^scope:/m.test(text(data, 'patroni.yaml') ?? text(data, 'patroni.yml') ?? '');
  });
}

function isOurs({ labels }: Workload): boolean {
  return labels['app.kubernetes.io/managed-by'] === 'cdk8s-stateful' && labels['app.kubernetes.io/name'] === 'ha-postgres';
}

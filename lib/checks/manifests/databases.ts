import { at, list, text } from './look';
import type { Container, Manifest } from './manifests';

/** A database whose needs are known. */
export interface Database {
  readonly name: string;
  /** The last part of the image's name. */
  readonly image: RegExp;
  /** Where it listens. */
  readonly port: number;
  /** How long it may need to shut down without having to recover afterwards, in seconds: no less than this. */
  readonly shutdown: number;
  /** Where that is from. */
  readonly source: string;
}

/** 30 s, Kubernetes' default, is what each of these sources calls too short. */
const DATABASES: readonly Database[] = [
  {
    name: 'PostgreSQL',
    image: /^(postgres|postgresql(-ha|-repmgr)?|postgis|pgvector|timescaledb(-ha)?|spilo(-\d+)?|patroni)$/,
    port: 5432,
    shutdown: 60, // the shutdown's checkpoint writes all of shared_buffers
    source: 'operators give 5 minutes (zalando/postgres-operator pod_terminate_grace_period) to 30 (CloudNativePG stopDelay)',
  },
  {
    name: 'MySQL',
    image: /^(mysql|mysql-server|mariadb(-galera)?|percona(-server|-xtradb-cluster)?)$/,
    port: 3306,
    shutdown: 60, // InnoDB writes its dirty pages
    source: 'planetscale/vitess-operator#40; Percona XtraDB Cluster operator gracePeriod 600',
  },
  { name: 'MongoDB', image: /^(mongo|mongodb|percona-server-mongodb)$/, port: 27017, shutdown: 60, source: 'noobaa/noobaa-operator#429' },
  {
    name: 'CockroachDB',
    image: /^cockroach$/,
    port: 26257,
    shutdown: 300,
    source: 'cockroachlabs.com/docs/stable/node-shutdown#termination-grace-period-on-kubernetes',
  },
  {
    name: 'Elasticsearch',
    image: /^(elasticsearch(-oss)?|opensearch)$/,
    port: 9200,
    shutdown: 120,
    source: 'elastic/helm-charts elasticsearch/values.yaml terminationGracePeriod',
  },
  { name: 'TDengine', image: /^(tdengine(-ee)?|tsdb(-ee)?)$/, port: 6030, shutdown: 60, source: "the official chart's trap" },
];

/**
 * The database that a container runs as a server. By its image, where it listens, or keeps data and says nothing of ports; a dump does
 * neither. Or by its port, where it keeps data: images have many names.
 */
export function databaseOf({ spec }: Container, workload: Manifest): Database | undefined {
  if (!['Deployment', 'StatefulSet'].includes(workload.kind)) return undefined;
  const image = imageName(text(spec, 'image') ?? '');
  const ports = list(spec, 'ports').map((port) => at(port, 'containerPort'));
  const keeps = keepsData(spec, workload);
  return DATABASES.find((known) => {
    const listens = ports.includes(known.port);
    return known.image.test(image) ? listens || (keeps && ports.length === 0) : listens && keeps;
  });
}

/** Whether a container mounts a claim of its StatefulSet. */
export function keepsData(container: Container['spec'], { object }: Manifest): boolean {
  const claims = new Set(list(object, 'spec', 'volumeClaimTemplates').map((claim) => text(claim, 'metadata', 'name')));
  return claims.size > 0 && list(container, 'volumeMounts').some((mount) => claims.has(text(mount, 'name')));
}

/** Of `registry.example:5000/team/postgres:16@sha256:…` it is `postgres`. */
export function imageName(image: string): string {
  return (image.split('@')[0] as string).split('/').at(-1)?.split(':')[0] ?? '';
}

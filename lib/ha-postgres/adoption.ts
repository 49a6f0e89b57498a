import type { AdoptionOptions } from './options';
import type { HaPostgresProps } from './props';

/** Clusters that other tools make, as they come from the box. `changes` is for what was changed in yours. */
export const Adoption = {
  /**
   * A release of the chart timescaledb-single (as of 0.33.2: templates/statefulset-timescaledb.yaml, templates/_helpers.tpl and
   * values.yaml of timescale/helm-charts) with its WAL volume on, as is its default. The cluster's `name` is the release's.
   *
   * @param release name of the Helm release
   */
  timescaledbSingle(release: string, changes: AdoptionOptions = {}): AdoptionOptions {
    // The chart's `timescaledb.fullname` with its `nameOverride: timescaledb`.
    const fullname = release.includes('timescaledb') ? release : `${release}-timescaledb`;
    return {
      dataClaim: 'storage-volume',
      dataMount: '/var/lib/postgresql',
      pgdata: '/var/lib/postgresql/data',
      walClaim: 'wal-volume',
      walMount: '/var/lib/postgresql/wal',
      waldir: '/var/lib/postgresql/wal/pg_wal',
      userId: 1000,
      statefulSetName: fullname,
      dcs: 'endpoints',
      labels: { app: fullname, release },
      leaderLabelValue: 'master',
      replication: 'standby',
      ...changes,
    };
  },

  /**
   * A cluster of Zalando's operator with the Spilo image (pkg/cluster/k8sres.go and the operator's default configuration of
   * zalando/postgres-operator up to 1.x, kubernetes/spilo_kubernetes.yaml of zalando/spilo). In that image `postgres` is user
   * 101 and group 103: keep it, or one where that holds. From operator 2.0 on, `dcs` is 'configMaps' unless it was kept.
   */
  spilo(changes: AdoptionOptions = {}): AdoptionOptions {
    return {
      dataClaim: 'pgdata',
      dataMount: '/home/postgres/pgdata',
      pgdata: '/home/postgres/pgdata/pgroot/data',
      userId: 101,
      groupId: 103,
      dcs: 'endpoints',
      labels: { application: 'spilo' },
      scopeLabel: 'cluster-name',
      roleLabel: 'spilo-role',
      leaderLabelValue: 'master',
      replication: 'standby',
      ...changes,
    };
  },

  /**
   * The manifest of Patroni's own repository (kubernetes/patroni_k8s.yaml and kubernetes/Dockerfile of patroni/patroni) with the
   * claim template that it has in a comment, and the image it is for, where `postgres` is user 999 of docker-library's.
   */
  patroniExample(changes: AdoptionOptions = {}): AdoptionOptions {
    return {
      dataClaim: 'pgdata',
      dataMount: '/home/postgres/pgdata',
      pgdata: '/home/postgres/pgdata/pgroot/data',
      userId: 999,
      portName: '', // its Service names no port, and kube-proxy routes nothing where one names it and the other does not
      dcs: 'endpoints',
      replication: 'standby',
      ...changes,
    };
  },
};

/** Names and places of the members' volumes. */
export interface VolumesPlan {
  /** Names of the claim templates. */
  readonly dataClaim: string;
  readonly walClaim: string;
  /** Where the data volume is mounted, and the folder of PostgreSQL's files below it. */
  readonly data: string;
  readonly pgdata: string;
  /** Where the WAL's volume is mounted, and the folder below it. */
  readonly wal: string;
  readonly waldir: string;
}

/** What members of a cluster that was made elsewhere may have otherwise. */
export interface MembersPlan {
  readonly volumes: VolumesPlan;
  readonly user: { readonly userId: number; readonly groupId: number };
  /** Name of PostgreSQL's port in Services and in what Patroni writes: the two must be equal, or kube-proxy routes nothing. */
  readonly portName?: string;
  /** How passwords are proved, as pg_hba.conf calls it. */
  readonly authMethod: string;
}

/** The props with what an adoption says where they themselves say nothing. */
export function withAdoption(props: HaPostgresProps): HaPostgresProps {
  const { adopt, credentials, patroni } = props;
  if (!adopt) return props;
  const { labels, scopeLabel, roleLabel, leaderLabelValue, superuser, replication } = adopt;
  return {
    ...props,
    dcs: props.dcs ?? adopt.dcs,
    patroni: { ...defined({ labels, scopeLabel, roleLabel, leaderLabelValue }), ...patroni },
    credentials: credentials && {
      ...credentials,
      superuser: { ...defined({ username: superuser }), ...credentials.superuser },
      replication: { ...defined({ username: replication }), ...credentials.replication },
    },
  };
}

function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/**
 * Parameters that a member says for itself, since the shared ones are those of the old cluster until a new member leads: with
 * certificates and archive commands that no new member has. An archive that is on but has no command keeps all WAL for ever.
 */
export function adoptedParameters({ adopt, backups }: HaPostgresProps): Record<string, string> {
  return adopt ? { ssl: 'off', ...(!backups && { archive_mode: 'off' }) } : {};
}

/** What a cluster that was made elsewhere may have otherwise. The data folder is below its mount, where lost+found and the volume's own rights are not in the way. */
export function planMembers(adopt?: AdoptionOptions): MembersPlan {
  const { dataMount = '/home/postgres/pgdata', walMount = '/home/postgres/wal', userId = 1000, portName = 'postgresql' } = adopt ?? {};
  return {
    volumes: {
      dataClaim: adopt?.dataClaim ?? 'data',
      walClaim: adopt?.walClaim ?? 'wal',
      data: dataMount, // by default the layout of the timescaledb-ha image
      pgdata: adopt?.pgdata ?? `${dataMount}/data`,
      wal: walMount,
      waldir: adopt?.waldir ?? `${walMount}/pg_wal`,
    },
    user: { userId, groupId: adopt?.groupId ?? userId }, // 1000 is `postgres` in timescaledb-ha
    portName: portName === '' ? undefined : portName,
    authMethod: adopt ? (adopt.authMethod ?? 'md5') : 'scram-sha-256',
  };
}

import type { SecretKey } from '../../platform';
import type { Parameters } from '../parameters';
import type { IPostgres } from '../postgres';
import type { HaPostgresProps } from '../props';

/** Where the databases come from, defaults filled in. */
export interface UpgradePlan {
  readonly source: IPostgres;
  readonly user: string;
  readonly password: SecretKey;
  readonly databases: string[];
  readonly phase: string;
}

/** Nothing where the source's superuser is not known: the validation says so. */
export function planUpgrade({ upgradeFrom, databases = [] }: HaPostgresProps): UpgradePlan | undefined {
  if (!upgradeFrom?.source?.administrator) return undefined;
  const { source, phase } = upgradeFrom;
  const { username = 'postgres', password } = upgradeFrom.source.administrator;
  return { source, user: username, password, databases: upgradeFrom.databases ?? databases.map(({ name }) => name), phase };
}

/** PostgreSQL's own default of `max_logical_replication_workers`, and Patroni's of replication slots. */
const [WORKERS, SLOTS] = [4, 10];

/** A worker and a place among the origins for each database, and two of each for the tables it is copying. */
export function upgradeParameters(props: HaPostgresProps, tuned: Parameters): Parameters {
  if (!props.upgradeFrom) return {};
  const each = 3 * (props.upgradeFrom.databases ?? props.databases ?? []).length;
  return {
    max_worker_processes: Number(tuned.max_worker_processes ?? 8) + each,
    ...(each > WORKERS && { max_logical_replication_workers: each }),
    ...(each > SLOTS && { max_replication_slots: Math.max(each, Number(tuned.max_replication_slots ?? 0)) }),
  };
}

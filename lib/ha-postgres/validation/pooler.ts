import type { IConstruct } from 'constructs';
import { oneOf, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import { DEFAULT_MAX_CONNECTIONS } from '../parameters';
import type { HaPostgresPlan } from '../plan';
import { LOOKUPS, type PoolerPlan } from '../pooler/plan';
import { OWNED_SETTINGS } from '../pooler/settings';
import { imageReference } from './image';

/** Connections that are not the pooler's: three that PostgreSQL keeps for the superuser, the rest for agent, exporter and people. */
const RESERVE = 10;

export function pooler(scope: IConstruct, plan: HaPostgresPlan): void {
  const { pooler } = plan;
  if (!pooler) return;
  const refuse = refuser(scope);
  const { image, placement } = pooler.options;
  oneOf(refuse, 'pooler.mode', pooler.mode, ['session', 'transaction', 'statement']);
  oneOf(refuse, 'pooler.placement.spread', placement?.spread, ['preferred', 'required']);
  for (const prop of ['replicas', 'defaultPoolSize', 'maxClientConnections'] as const) {
    const value = pooler[prop];
    if (!Number.isInteger(value) || value < 1) refuse('PoolerSizeInvalid', `pooler.${prop}`, value, 'a whole number of at least 1');
  }
  settings(scope, pooler);
  if (image) imageReference(scope, 'pooler.image', image);
  doubts(scope, plan, pooler);
}

function settings(scope: IConstruct, { options: { parameters = {} } }: PoolerPlan): void {
  const refuse = refuser(scope);
  for (const [name, value] of Object.entries(parameters)) {
    const prop = `pooler.parameters.${name}`;
    if (OWNED_SETTINGS[name]) refuse('PoolerSettingOwned', prop, value, OWNED_SETTINGS[name]);
    if (!/^[a-z][a-z0-9_]*$/.test(name))
      refuse('PoolerSettingNameInvalid', prop, value, 'named as in pgbouncer.ini, in lower case with underscores');
    if (!['string', 'number'].includes(typeof value) || /[\r\n]/.test(`${value}`))
      refuse('PoolerSettingValueInvalid', prop, value, 'a number, or a text of one line');
  }
}

/** Legal, and worth a second look. */
function doubts(scope: IConstruct, plan: HaPostgresPlan, pooler: PoolerPlan): void {
  if (pooler.replicas === 1) {
    warn(scope, 'PoolerAlone', 'pooler.replicas is 1: while its node is dead nobody can connect through it; 2 is the default');
  }
  if (plan.standby) {
    warn(
      scope,
      'PoolerOnStandby',
      'pooler of a standby cluster: its role and function come from the cluster that is followed, which needs a pooler with the same login',
    );
  }
  const most = mostConnections(plan, pooler);
  const limit = Number(plan.parameters.max_connections ?? DEFAULT_MAX_CONNECTIONS);
  if (most > limit - RESERVE) {
    warn(
      scope,
      'PoolerOverbooks',
      `pooler may open ${most} connections (replicas × roles × databases × defaultPoolSize, and lookups), more than max_connections ${limit} less ${RESERVE} for others: lower pooler.defaultPoolSize, set pooler.parameters.max_db_connections, or raise postgresql.parameters.max_connections`,
    );
  }
}

/** Server connections of all replicas together, if every role were to use every database at once. */
function mostConnections({ props }: HaPostgresPlan, { replicas, defaultPoolSize, options: { parameters = {} } }: PoolerPlan): number {
  const { roles = [], databases = [] } = props;
  const logins = roles.filter((role) => role.password).length;
  const pool = defaultPoolSize + Number(parameters.reserve_pool_size ?? 0);
  const each = Number(parameters.max_db_connections ?? 0) || Number.POSITIVE_INFINITY; // 0 is no limit
  return replicas * (databases.length * Math.min(logins * pool, each) + LOOKUPS);
}

import type { IConstruct } from 'constructs';
import { isCidr, isPort } from '../../internal/names';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import { withAdoption } from '../adoption';
import { DEFAULT_MEMBERS, type HaPostgresPlan } from '../plan';
import type { HaPostgresProps } from '../props';
import { POSTGRES_VERSIONS } from '../versions';
import { adoptedPaths, adoption } from './adoption';
import { backupProps, backups } from './backups';
import { callbacks, extensions, externalSecrets, hugePages, tablespaces } from './extras';
import { alone, identity, peer } from './identity';
import { monitoring, monitoringPlan } from './monitoring';
import { dcs, durability, labels, timing, versions } from './patroni';
import { pgHba } from './pg-hba';
import { additions, budget, image, pod, storage } from './pod';
import { pooler } from './pooler';
import { parameters, promises, tuning } from './postgresql';
import { recovery, recoveryProps } from './recovery';
import { credentials, memberships, wanted } from './roles';
import { literals, secretKeys } from './secrets';
import { route, services } from './services';
import { propsShape } from './shapes';
import { encryption } from './tls';
import { upgrade } from './upgrade';

export { peer as validatePeer } from './identity';

/** Everything the props get wrong, before anything is planned: types that plain JavaScript callers miss, and numbers. */
export function validateProps(scope: IConstruct, given: HaPostgresProps): void {
  const refuse = refuser(scope);
  propsShape(refuse, '', given);
  const props = withAdoption(given);
  const { members = DEFAULT_MEMBERS, postgresVersion = POSTGRES_VERSIONS.default } = props;
  if (!Number.isInteger(members) || members < 1)
    refuse('MembersNotPositive', 'members', members, 'a whole number of at least 1; 3 is usual');
  if (!Number.isInteger(postgresVersion) || postgresVersion < POSTGRES_VERSIONS.min || postgresVersion > POSTGRES_VERSIONS.max) {
    refuse(
      'PostgresVersionUnknown',
      'postgresVersion',
      postgresVersion,
      `a major version from ${POSTGRES_VERSIONS.min} to ${POSTGRES_VERSIONS.max}`,
    );
  }
  oneOf(refuse, 'dcs', props.dcs, ['endpoints', 'configMaps']);
  oneOf(refuse, 'durability', props.durability, ['async', 'sync', 'syncStrict', 'quorum']);
  oneOf(refuse, 'placement.spread', props.placement?.spread, ['preferred', 'required']);
  oneOf(refuse, 'postgresql.tuning', props.postgresql?.tuning, ['auto', 'none']);
  if (!props.resources) refuse('ResourcesMissing', 'resources', undefined, 'given, as { memory: { limit: Size.gibibytes(2) } }');
  oneOf(refuse, 'patroni.logLevel', props.patroni?.logLevel, ['DEBUG', 'INFO', 'WARNING', 'ERROR']);
  network(refuse, props);
  storage(scope, 'storage', props.storage);
  if (props.walStorage) storage(scope, 'walStorage', props.walStorage);
  else
    warn(
      scope,
      'WalOnDataVolume',
      'walStorage is missing: when the write-ahead log fills the data volume, PostgreSQL stops; a volume of its own is bounded and measured apart',
    );
  adoption(scope, given, members);
  upgrade(scope, props, members);
  credentials(scope, props);
  wanted(scope, props);
  memberships(scope, props);
  secretKeys(scope, props);
  pgHba(scope, props);
  literals(scope, props);
  encryption(scope, props);
  monitoring(scope, props);
  budget(scope, props, members);
  backupProps(scope, props);
  recoveryProps(scope, props);
  services(scope, props);
  tablespaces(scope, props);
  extensions(scope, props);
  callbacks(scope, props);
}

/** What the plan shows to be wrong or doubtful. */
export function validatePlan(scope: IConstruct, plan: HaPostgresPlan): void {
  identity(scope, plan);
  image(scope, plan);
  versions(scope, plan);
  timing(scope, plan);
  durability(scope, plan);
  dcs(scope, plan);
  labels(scope, plan);
  adoptedPaths(scope, plan);
  pod(scope, plan);
  additions(scope, plan);
  tuning(scope, plan);
  parameters(scope, plan);
  promises(scope, plan);
  backups(scope, plan);
  recovery(scope, plan);
  monitoringPlan(scope, plan);
  pooler(scope, plan);
  hugePages(scope, plan);
  route(scope, plan);
  for (const [i, client] of (plan.props.networkPolicy?.clients ?? []).entries()) peer(scope, `networkPolicy.clients[${i}]`, client, plan);
  externalSecrets(scope, plan);
  alone(scope, plan); // last: only an instance that is right is remembered
}

/** To Kubernetes, an empty list means everywhere, and to its author hardly ever. */
function network(refuse: Refuse, { networkPolicy = {} }: HaPostgresProps): void {
  const { apiServerCidrs, apiServerPorts, storeCidrs, storePorts } = networkPolicy;
  for (const [prop, list] of Object.entries({ storeCidrs, storePorts })) {
    if (list?.length === 0) {
      const open = prop === 'storeCidrs' ? 'for every address' : "for the endpoint's own port";
      refuse('StoreUnreachable', `networkPolicy.${prop}`, list, `left out ${open}, or not empty: backups and the archive need the store`);
    }
  }
  for (const [prop, list] of Object.entries({ apiServerCidrs, apiServerPorts })) {
    if (list?.length === 0) {
      const open = prop === 'apiServerCidrs' ? 'for every address' : 'for 443 and 6443';
      refuse(
        'ApiServerUnclear',
        `networkPolicy.${prop}`,
        list,
        `left out ${open}, or not empty: Kubernetes reads an empty list as everything`,
      );
    }
  }
  for (const [prop, cidrs] of Object.entries({ apiServerCidrs, storeCidrs })) {
    const wrong = cidrs?.find((cidr) => !isCidr(cidr));
    if (wrong !== undefined) refuse('CidrInvalid', `networkPolicy.${prop}`, wrong, "an address and a prefix length, as '10.20.0.0/16'");
  }
  for (const [prop, ports] of Object.entries({ apiServerPorts, storePorts })) {
    const [wrong] = [...(ports ?? []).entries()].filter(([, port]) => !isPort(port));
    if (wrong) refuse('PortInvalid', `networkPolicy.${prop}`, wrong[1], 'from 1 to 65535');
  }
}

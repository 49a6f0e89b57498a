import type { IConstruct } from 'constructs';
import { isDnsLabel } from '../../internal/names';
import { oneOf, type Refuse, refuser } from '../../internal/refuse';
import { warn } from '../../platform';
import type { AdoptionOptions } from '../options';
import { type HaPostgresPlan, PATHS } from '../plan';
import { VOLUMES } from '../pod';
import type { HaPostgresProps } from '../props';

/** What an adoption gets wrong before anything is planned. */
export function adoption(scope: IConstruct, props: HaPostgresProps, members: number): void {
  const { adopt } = props;
  if (!adopt) return;
  const refuse = refuser(scope);
  oneOf(refuse, 'adopt.dcs', adopt.dcs, ['endpoints', 'configMaps']);
  oneOf(refuse, 'adopt.authMethod', adopt.authMethod, ['md5', 'scram-sha-256']);
  numbers(refuse, adopt, members);
  same(refuse, props, adopt);
  claims(refuse, props, adopt);
  if (props.recovery) refuse('AdoptAndRecovery', 'recovery', '(given)', 'left out where adopt is given: the data is there already');
  if (adopt.statefulSetName !== undefined && !isDnsLabel(adopt.statefulSetName, 52)) {
    refuse('NameInvalid', 'adopt.statefulSetName', adopt.statefulSetName, 'the name of the StatefulSet that runs, at most 52 characters');
  }
  if (props.postgresql?.parameters?.max_connections === undefined) {
    warn(
      scope,
      'AdoptedParametersUnknown',
      'postgresql.parameters has no max_connections, and adopt is given: the shared configuration of the old cluster is replaced as a whole, so write into parameters what it holds now (patronictl show-config): max_connections, max_prepared_transactions, wal_level, shared_preload_libraries and what else you need',
    );
  }
  if (adopt.partition && props.networkPolicy?.enabled !== false) {
    warn(
      scope,
      'AdoptedPolicy',
      'networkPolicy is on while adopt.partition keeps old members: it holds for them too, so clients and archives that are not in it are cut off; networkPolicy.enabled: false until all are taken over is gentler',
    );
  }
}

/** Where everything lies, from the plan, defaults filled in. */
export function adoptedPaths(scope: IConstruct, { props, volumes }: HaPostgresPlan): void {
  if (!props.adopt) return;
  const refuse = refuser(scope);
  const inside = (path: string, mount: string) => path.startsWith(`${mount}/`);
  const places: [string, string, string, string][] = [
    ['adopt.pgdata', volumes.pgdata, 'dataMount', volumes.data],
    ['adopt.waldir', volumes.waldir, 'walMount', volumes.wal],
  ];
  for (const [prop, path, mountProp, mount] of places) {
    const used = Object.values(PATHS).find((p) => p === mount || inside(p, mount) || inside(mount, p));
    if (!/^(\/[\w.-]+)+$/.test(mount)) refuse('PathInvalid', `adopt.${mountProp}`, mount, 'an absolute path');
    if (used) refuse('MountCollides', `adopt.${mountProp}`, mount, `a path apart from ${used}, which is in use`);
    if (!inside(path, mount) || !/^(\/[\w.-]+)+$/.test(path))
      refuse(
        'PathInvalid',
        prop,
        path,
        `a folder below ${mountProp} (${mount}): the volume's own folder has rights that PostgreSQL refuses`,
      );
  }
}

function numbers(refuse: Refuse, { userId, groupId, partition }: AdoptionOptions, members: number): void {
  for (const [prop, id] of Object.entries({ userId, groupId })) {
    if (id === undefined || (Number.isInteger(id) && id > 0)) continue;
    refuse('UserIdInvalid', `adopt.${prop}`, id, 'a whole number of at least 1, the owner of the files; PostgreSQL never runs as root');
  }
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0 && partition <= members)) {
    refuse('PartitionInvalid', 'adopt.partition', partition, `from 0 (all members are taken over) to members (${members}, none is yet)`);
  }
}

/** What is said twice, and must not be said differently: half of the members would look for the other half in vain. */
function same(refuse: Refuse, { dcs, patroni = {} }: HaPostgresProps, adopt: AdoptionOptions): void {
  if (dcs && adopt.dcs && dcs !== adopt.dcs) {
    refuse('AdoptOtherDcs', 'dcs', dcs, `'${adopt.dcs}', as adopt.dcs: old and new members would hold two locks, and both lead`);
  }
  for (const prop of ['labels', 'scopeLabel', 'roleLabel', 'leaderLabelValue'] as const) {
    const [own, old] = [patroni[prop], adopt[prop]].map((value) => JSON.stringify(value));
    if (own && old && own !== old) refuse('AdoptOtherLabels', `patroni.${prop}`, patroni[prop], `left out, or as adopt.${prop}: ${old}`);
  }
}

/** A StatefulSet takes pods over only with the claims they have: with one more or less it stops there, for ever. */
function claims(refuse: Refuse, { walStorage, postgresql }: HaPostgresProps, adopt: AdoptionOptions): void {
  const { dataClaim = 'data', walClaim } = adopt;
  if (walClaim && !walStorage) {
    refuse(
      'AdoptWalMissing',
      'walStorage',
      undefined,
      `given: the cluster's WAL is on claim ${walClaim}; where it is not, take walClaim out of adopt`,
    );
  }
  if (walStorage && !walClaim) {
    refuse(
      'AdoptWalAdded',
      'walStorage',
      '(given)',
      'left out, or adopt.walClaim given: a volume that the old members lack cannot be added',
    );
  }
  if (postgresql?.tablespaces?.length) {
    refuse(
      'AdoptTablespaces',
      'postgresql.tablespaces',
      '(given)',
      'left out where adopt is given: a cluster with tablespaces cannot be taken over',
    );
  }
  for (const [prop, name] of Object.entries({ dataClaim, walClaim })) {
    if (name === undefined) continue;
    if (!isDnsLabel(name, 63)) refuse('NameInvalid', `adopt.${prop}`, name, 'the name of a claim template that runs');
    if (VOLUMES.includes(name)) refuse('VolumeNameTaken', `adopt.${prop}`, name, `a name other than ${VOLUMES.join(', ')}`);
  }
  if (dataClaim === walClaim) refuse('VolumeNameTaken', 'adopt.walClaim', walClaim, 'different from adopt.dataClaim');
}

import type { IConstruct } from 'constructs';
import { isSqlName } from '../../internal/names';
import { oneOf, refuser } from '../../internal/refuse';
import { SecretKey } from '../../platform';
import type { HaPostgresProps } from '../props';
import { POSTGRES_VERSIONS } from '../versions';

/** The cluster that is replaced, and what cannot go together with that. */
export function upgrade(scope: IConstruct, props: HaPostgresProps, members: number): void {
  const { upgradeFrom, databases = [], durability = 'async' } = props;
  if (!upgradeFrom) return;
  const refuse = refuser(scope);
  oneOf(refuse, 'upgradeFrom.phase', upgradeFrom.phase, ['copy', 'switch', 'cancel']);
  for (const other of ['adopt', 'recovery', 'standbyOf'] as const) {
    if (props[other]) refuse('UpgradeAndOther', other, '(given)', 'left out where upgradeFrom is given: a cluster is born in one way');
  }
  source(scope, props);
  const known = databases.map(({ name }) => name);
  const wanted = upgradeFrom.databases ?? known;
  const [missing] = wanted.filter((name) => !known.includes(name));
  if (missing !== undefined)
    refuse('UpgradeDatabaseUnknown', 'upgradeFrom.databases', missing, `one of databases: ${known.join(', ') || 'there are none'}`);
  if (wanted.length === 0) refuse('UpgradeNothing', 'databases', databases, 'at least the databases that are to be brought here');
  if (durability === 'async' && members > 1) {
    refuse(
      'UpgradeNotSynchronous',
      'durability',
      durability,
      "'sync', 'syncStrict' or 'quorum' until the switch is done: the source forgets the rows it has sent, and a failover here could lose them without a word",
    );
  }
}

function source(scope: IConstruct, { upgradeFrom, postgresVersion = POSTGRES_VERSIONS.default }: HaPostgresProps): void {
  const refuse = refuser(scope);
  const { administrator, postgresVersion: old, primary, walLevel } = upgradeFrom?.source ?? {};
  if (!primary) refuse('UpgradeSourceInvalid', 'upgradeFrom.source', undefined, 'an HaPostgres, or one from HaPostgres.fromEndpoints');
  if (!SecretKey.isSecretKey(administrator?.password))
    refuse(
      'UpgradeAdministratorMissing',
      'upgradeFrom.source.administrator',
      '(not given)',
      'known: a superuser, who may publish all tables',
    );
  const { username = 'postgres' } = administrator ?? {};
  if (!isSqlName(username))
    refuse('RoleNameInvalid', 'upgradeFrom.source.administrator.username', username, 'at most 63 of a-z, 0-9, _ and -');
  if (old !== undefined && old > postgresVersion)
    refuse('UpgradeBackwards', 'postgresVersion', postgresVersion, `${old} or later, as the source has`);
  if (walLevel !== undefined && walLevel !== 'logical')
    refuse(
      'UpgradeWalLevel',
      'upgradeFrom.source',
      `one with wal_level ${walLevel}`,
      "one with postgresql.parameters: { wal_level: 'logical' }, and restarted since: patronictl restart",
    );
}

import type { Size } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isDnsLabel, isDnsName, isSqlName } from '../../internal/names';
import { mebibytes } from '../../internal/quantity';
import { oneOf, refuser } from '../../internal/refuse';
import { MAINTENANCE_DATABASE } from '../extensions';
import { filledSecrets } from '../external-secrets';
import { DEFAULT_MAX_CONNECTIONS, memoryParameter } from '../parameters';
import type { HaPostgresPlan } from '../plan';
import type { HaPostgresProps } from '../props';
import { tablespaceVolume } from '../tablespaces';
import { storage } from './pod';

export function tablespaces(scope: IConstruct, { postgresql = {}, roles = [], credentials }: HaPostgresProps): void {
  const refuse = refuser(scope);
  const volumes = new Map<string, string>();
  const owners = [...roles.map(({ name }) => name), credentials.superuser.username ?? 'postgres'];
  for (const [i, tablespace] of (postgresql.tablespaces ?? []).entries()) {
    const prop = `postgresql.tablespaces[${i}]`;
    const { name, owner } = tablespace;
    if (!isSqlName(name) || !isDnsLabel(name.replaceAll('_', '-'), 50))
      refuse(
        'TablespaceNameInvalid',
        `${prop}.name`,
        name,
        'at most 50 of a-z, 0-9, _ and -, beginning with a letter and not ending in _ or -',
      );
    if (name.startsWith('pg_'))
      refuse('TablespaceNameInvalid', `${prop}.name`, name, 'a name without pg_, which PostgreSQL keeps for itself');
    const twin = volumes.get(tablespaceVolume(tablespace));
    if (twin) refuse('TablespaceNamesEqual', `${prop}.name`, name, `different from ${twin}, also where _ is read as -: it names a volume`);
    volumes.set(tablespaceVolume(tablespace), name);
    if (owner !== undefined && !owners.includes(owner))
      refuse('OwnerUnknown', `${prop}.owner`, owner, `one of roles: ${roles.map((role) => role.name).join(', ') || 'there are none'}`);
    storage(scope, `${prop}.storage`, tablespace.storage);
  }
}

export function extensions(scope: IConstruct, { postgresql = {}, databases = [] }: HaPostgresProps): void {
  const refuse = refuser(scope);
  const known = [...databases.map(({ name }) => name), MAINTENANCE_DATABASE];
  const all = databases.map(({ name }) => name);
  const seen = new Set<string>();
  for (const [i, { name, databases: wanted = all }] of (postgresql.extensions ?? []).entries()) {
    const prop = `postgresql.extensions[${i}]`;
    if (!isSqlName(name)) refuse('ExtensionNameInvalid', `${prop}.name`, name, "as CREATE EXTENSION knows it, e.g. 'pg_trgm'");
    if (wanted.length === 0)
      refuse(
        'ExtensionWithoutDatabase',
        `${prop}.databases`,
        wanted,
        `at least one of ${known.join(', ')}, or the extension would be nowhere`,
      );
    for (const database of wanted) {
      if (!known.includes(database)) refuse('DatabaseUnknown', `${prop}.databases`, database, `one of ${known.join(', ')}`);
      if (seen.has(`${database} ${name}`)) refuse('ExtensionTwice', prop, name, `once for database ${database}`);
      seen.add(`${database} ${name}`);
    }
  }
}

/**
 * What PostgreSQL shares: the buffers, 3 % and 32 MiB more, and 0.05 MiB a connection or worker; just above what
 * `postgres -C shared_memory_size` says (15 and 17, 64 MiB to 16 GiB of buffers, 100 and 1000 connections).
 */
export function hugePages(scope: IConstruct, { props, parameters }: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const size = props.postgresql?.hugePages;
  if (size === undefined) return;
  if (typeof (size as Size | null)?.toMebibytes !== 'function' || mebibytes(size) < 2 || mebibytes(size) % 2 !== 0)
    refuse('HugePagesInvalid', 'postgresql.hugePages', size, 'a multiple of 2 MiB, as Size.mebibytes(1088)');
  const { cpu, memory } = props.resources;
  if (!(cpu?.request ?? cpu?.limit ?? memory?.request ?? memory?.limit))
    refuse(
      'HugePagesAlone',
      'postgresql.hugePages',
      size,
      'left out without resources: Kubernetes gives huge pages only beside cpu or memory',
    );
  const buffers = memoryParameter(parameters.shared_buffers ?? '128MB', 8) ?? 0;
  const processes = Number(parameters.max_connections ?? DEFAULT_MAX_CONNECTIONS) + Number(parameters.max_worker_processes ?? 8);
  const least = Math.ceil(buffers * 1.03 + 32 + processes * 0.05);
  if (mebibytes(size) < least) {
    refuse(
      'HugePagesTooSmall',
      'postgresql.hugePages',
      size,
      `at least ${least + (least % 2)} MiB, for shared_buffers of ${Math.ceil(buffers)} MiB and what PostgreSQL shares besides, or it does not start`,
    );
  }
}

export function callbacks(scope: IConstruct, { patroni = {} }: HaPostgresProps): void {
  for (const [event, text] of Object.entries(patroni.callbacks ?? {})) {
    if (typeof text !== 'string' || text.trim() === '')
      refuser(scope)('CallbackEmpty', `patroni.callbacks.${event}`, text, 'the text of a script, or left out');
  }
}

export function externalSecrets(scope: IConstruct, plan: HaPostgresPlan): void {
  const refuse = refuser(scope);
  const options = plan.props.credentials.externalSecrets;
  if (!options) return;
  const prop = 'credentials.externalSecrets';
  oneOf(refuse, `${prop}.storeKind`, options.storeKind, ['SecretStore', 'ClusterSecretStore']);
  if (!isDnsName(options.store ?? '')) refuse('StoreInvalid', `${prop}.store`, options.store, "the name of a SecretStore, as 'vault'");
  const secrets = [...filledSecrets(plan).keys()];
  for (const name of Object.keys(options.remoteKeys ?? {})) {
    if (!secrets.includes(name))
      refuse('SecretUnknown', `${prop}.remoteKeys`, name, `one of the Secrets that the props name: ${secrets.join(', ')}`);
  }
}

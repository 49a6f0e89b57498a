import { same } from '../compare/same';
import { fields, isFields, text } from '../manifests/look';
import type { Manifest } from '../manifests/manifests';
import { listed } from '../manifests/words';
import type { Risk } from './note';

/** Parameters that PostgreSQL takes up only when it restarts: those of `postgres --describe-config` 15 with the context postmaster. */
const AT_START = new Set(
  `
  archive_mode autovacuum_freeze_max_age autovacuum_max_workers autovacuum_multixact_freeze_max_age bonjour bonjour_name
  cluster_name data_directory data_sync_retry dynamic_shared_memory_type event_source external_pid_file hba_file hot_standby
  huge_page_size huge_pages ident_file jit_provider listen_addresses logging_collector max_connections max_files_per_process
  max_locks_per_transaction max_logical_replication_workers max_pred_locks_per_transaction max_prepared_transactions
  max_replication_slots max_wal_senders max_worker_processes min_dynamic_shared_memory old_snapshot_threshold port recovery_target
  recovery_target_action recovery_target_inclusive recovery_target_lsn recovery_target_name recovery_target_time
  recovery_target_timeline recovery_target_xid shared_buffers shared_memory_type shared_preload_libraries
  superuser_reserved_connections track_activity_query_size track_commit_timestamp unix_socket_directories unix_socket_group
  unix_socket_permissions wal_buffers wal_decode_buffer_size wal_level wal_log_hints
  `
    .trim()
    .split(/\s+/),
);

/**
 * What a change of HaPostgres' ConfigMap does beyond being a file: its agent makes it true in the running cluster.
 *
 * @param restarting whether the pods restart with the same commit
 */
export function patroniChange(before: Manifest, after: Manifest, restarting: boolean): { risk: Risk; sentence: string } | undefined {
  const changed = changedParameters(parsed(before, 'dynamic.json'), parsed(after, 'dynamic.json'));
  if (changed.length === 0) return undefined;
  const late = changed.filter((name) => AT_START.has(name));
  const soon = changed.filter((name) => !AT_START.has(name));
  const inTurn = late.length > 0 && !restarting && parsed(after, 'cluster.json').restartWhenPending === true;
  const when = inTurn
    ? 'the agent restarts PostgreSQL in one member after the other, the leader last: writes wait while that one restarts'
    : 'waits for a restart of PostgreSQL, which `patronictl restart` does';
  const sentences = [
    ...(soon.length > 0 ? [`${listed(soon, 9)}: in force within seconds, without a restart`] : []),
    ...(late.length > 0 ? [`${listed(late, 9)}: ${restarting ? 'in force in each member from its restart on' : when}`] : []),
  ];
  return { risk: inTurn ? 'risky' : 'safe', sentence: sentences.join('; ') };
}

function changedParameters(before: object, after: object): string[] {
  const [old, next] = [fields(before, 'postgresql', 'parameters'), fields(after, 'postgresql', 'parameters')];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((name) => !same(old[name], next[name]));
}

function parsed({ object }: Manifest, key: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text(object, 'data', key) ?? '{}');
    return isFields(value) ? value : {};
  } catch {
    return {}; // not ours, then
  }
}

#!/usr/bin/env bash
# Restores the newest backup and all WAL after it into a scratch volume, starts PostgreSQL on it and runs a query. The scratch
# cluster archives nothing, is reached by nobody and reaches nobody.
set -euo pipefail
. "$(dirname "$0")/pgbackrest-config.sh"
pgbackrest_config "${PGBACKREST_FOLDER:-/etc/pgbackrest}" "${PGBACKREST_CONFIG:?}"
log() { printf '%s drill: %s\n' "$(date -u +%FT%TZ)" "$*"; }

scratch=${SCRATCH:-/scratch} bin=${PGBIN:?} start=$SECONDS
data=$scratch/data
rm -rf "$data" "$scratch/tablespaces"
mkdir -p "$scratch/tablespaces"
pgbackrest --stanza="${STANZA:?}" --tablespace-map-all="$scratch/tablespaces" \
  --archive-mode=off restore
log "restored in $((SECONDS - start)) s"

# Settings of a small server; what recovery demands to be as large as it was, and what the data may need, is as it was. It lets
# nobody in before it has recovered: then nothing else has to be, even where a limit was raised after the backup.
control() { LC_ALL=C "$bin/pg_controldata" -D "$data" | sed -n "s/^$1 setting: *//p"; }
sed -n "s/^ *\(shared_preload_libraries\) *= */\1 = /p" "$data/postgresql.conf" >"$scratch/drill.conf"
{
  echo 'listen_addresses = '"''"
  echo "unix_socket_directories = '$scratch'"
  echo 'hot_standby = off'
  echo "hba_file = '$scratch/drill.hba'"
  echo "ident_file = '$scratch/drill.ident'"
  echo "max_connections = $(control max_connections)"
  echo "max_wal_senders = $(control max_wal_senders)"
  echo "max_prepared_transactions = $(control max_prepared_xacts)"
  echo "max_locks_per_transaction = $(control max_locks_per_xact)"
  echo "shared_buffers = '64MB'"
  echo "dynamic_shared_memory_type = 'posix'"
} >>"$scratch/drill.conf"
echo 'local all all trust' >"$scratch/drill.hba" # the socket is in this pod alone
: >"$scratch/drill.ident"
# It only reads: without workers no restored subscription takes what a publisher keeps for production, and nothing scheduled runs.
# Not in the file, which postgresql.auto.conf would be above.
idle='-c max_worker_processes=0 -c max_logical_replication_workers=0 -c timescaledb.max_background_workers=0'
"$bin/pg_ctl" -D "$data" -w -t 86400 -o "-c config_file=$scratch/drill.conf $idle" start
trap '"$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null' EXIT
ask() { psql -qXAt -v ON_ERROR_STOP=1 -h "$scratch" -U "${SUPERUSER:-postgres}" "$@"; }
until [ "$(ask -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]; do
  "$bin/pg_ctl" -D "$data" status >/dev/null || { log 'PostgreSQL ended before it had recovered, see above'; exit 1; }
  sleep 1
done
log "recovered in $((SECONDS - start)) s"

# Of the answer, only the first line that says something is kept, and no more of it than tells it from another: rows are read a few at
# a time, and all of them, so that an error in a later one is one.
answer=$(ask -v FETCH_COUNT=100 -d "${DRILL_DATABASE:-postgres}" -c "${DRILL_QUERY:-SELECT 1}" |
  awk '!said && length { print substr($0, 1, 200); said = 1 }')
[ -n "$answer" ] || { log "the query returned no row: $DRILL_QUERY"; exit 1; }
log "the query answered: $answer"

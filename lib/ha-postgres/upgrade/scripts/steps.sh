# Sourced: the steps of upgrade.sh, each safe to repeat.
# shellcheck shell=bash disable=SC2034,SC2153,SC2154
declare -A end # how far the source's log was when it was closed, by database

close_here() { here "$1" -c "ALTER DATABASE \"$1\" CONNECTION LIMIT 0"; }

# check DATABASE: says what would stand in the way, and fails if there is anything.
check() {
  local mine found
  mine=$(here "$1" -f "$scripts/describe.sql") || return 1
  found=$(there "$1" -v mine="$mine" -f "$scripts/check.sql") || return 1
  [ -z "$found" ] || say "$1" "$found"
  ! grep -q '^!' <<<"$found"
}

# The dump is whole before any of it is used; what is used is one transaction, and the note that it is done is part of it.
bring_schema() {
  local file=$scratch/upgrade.sql code=0
  bring_roles "$1" && dump_schema "$1" >"$file" && here "$1" --single-transaction -f "$file" >/dev/null || code=1
  rm -f "$file" # whatever came of it
  return "$code"
}

# With the verifiers of their passwords, which shall not reach a disk.
bring_roles() {
  local roles
  roles=$(there "$1" -f "$scripts/roles.sql") && printf '%s\n' "$roles" | here "$1" -f -
}

dump_schema() {
  "${PGBIN:+$PGBIN/}pg_dump" --schema-only --no-publications --no-subscriptions --dbname "$(conninfo "$1")" &&
    there "$1" -f "$scripts/settings.sql" && echo "ALTER DATABASE \"$1\" SET cdk8s_stateful.upgrade = 'schema';"
}

slot() { there "$1" -c "SELECT 'upgrade_' || $DATABASE"; }

# begin DATABASE: all rows from the start; whatever lies here came from an attempt before. A commit here is reported to the
# source only when a standby has it too (synchronous_commit), or a failover here would lose it.
begin() {
  local slot
  slot=$(slot "$1") || return 1
  [ "$(here "$1" -c "SELECT datconnlimit FROM pg_database WHERE oid = $DATABASE")" = 0 ] || return 1
  note_here "$1" schema || return 1
  there "$1" -v name="$NAME" -v slot="$slot" -f "$scripts/publish.sql" >/dev/null && here "$1" -f "$scripts/truncate.sql" || return 1
  here "$1" -c "CREATE SUBSCRIPTION $NAME CONNECTION '$(conninfo "$1")' PUBLICATION $NAME WITH (slot_name = '$slot', synchronous_commit = 'on')"
}

forget() {
  look_here "$1" && [ "$subscribed" = 0 ] && return
  here "$1" -c "ALTER SUBSCRIPTION $NAME DISABLE" -c "ALTER SUBSCRIPTION $NAME SET (slot_name = NONE)" -c "DROP SUBSCRIPTION $NAME"
}

# copied DATABASE: every table is, and statistics are made, which are not replicated.
copied() {
  [ "$ready" = "$tables" ] || { say "$1" "$ready of $tables tables are copied"; return 1; }
  [ "$step" = copied ] || { say "$1" "all $tables tables are copied" && here "$1" -c ANALYZE && note_here "$1" copied; }
}

# follows DATABASE: what is still to come takes no time.
follows() {
  ((behind < 16 * 1024 * 1024)) || { say "$1" "the new server is $((behind / 1024 / 1024)) MB behind"; return 1; }
}

# same_schema DATABASE: replication does not bring new tables and columns.
same_schema() {
  local different
  different=$(comm -3 <(there "$1" -f "$scripts/tables.sql") <(here "$1" -f "$scripts/tables.sql") | head -n 3 | tr -s '\t\n' ' ')
  [ -n "$different" ] || return 0
  say "$1" "! the schema was changed on one side since it was copied: $different"
  return 1
}

no_prepared() {
  [ "$(there "$1" -c 'SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database()')" = 0 ] && return
  say "$1" '! there are prepared transactions on the source: commit them or roll them back'
  return 1
}

# close_source DATABASE: nobody but superusers comes in, and whoever is in goes; then notes how far the log is.
close_source() {
  local quiet=0
  there "$1" -v db="$1" --single-transaction -f "$scripts/close.sql" >/dev/null || return 1
  while ((quiet < 2)); do # a session may just be coming in
    ((SECONDS < deadline)) || { say "$1" 'superusers keep coming to the source'; return 1; }
    if [ "$(there "$1" -f "$scripts/terminate.sql")" = 0 ]; then ((quiet += 1)); else quiet=0; fi
  done
  # The transaction behind it makes that the log up to it is sent.
  end[$1]=$(there "$1" -c 'SELECT pg_current_wal_insert_lsn()' -c 'SELECT txid_current()') || return 1
  end[$1]=${end[$1]%%$'\n'*}
}

drained() {
  [ "$(there "$1" -c "SELECT confirmed_flush_lsn >= '${end[$1]}' $SLOT")" = t ]
}

bring_sequences() {
  local file=$scratch/upgrade.sql
  there "$1" -f "$scripts/sequences.sql" >"$file" && here "$1" --single-transaction -f "$file" >/dev/null
}

# The point of no return is one note on the source, made only while it is closed; and it is opened again only before.
commit_switch() { there "$1" -v db="$1" -v to=switched -f "$scripts/turn.sql" >/dev/null; }
open_source() {
  look_there "$1" || return 1
  [[ $source_step == fenced* ]] || return 0
  there "$1" -v db="$1" -v to= -f "$scripts/turn.sql" >/dev/null && say "$1" 'the source is open again'
}

# The source may be gone by now: then its slot is too.
open_here() {
  look_here "$1" || return 1
  if [ "$subscribed" != 0 ]; then
    { here "$1" -c "ALTER SUBSCRIPTION $NAME DISABLE" && here "$1" -c "DROP SUBSCRIPTION $NAME"; } || forget "$1" || return 1
  fi
  note_here "$1" switched && here "$1" -c "ALTER DATABASE \"$1\" CONNECTION LIMIT -1" || return 1
  there "$1" -c "DROP PUBLICATION IF EXISTS $NAME" || true
}

tidy_source() {
  local slot
  slot=$(slot "$1") && there "$1" -c "DROP PUBLICATION IF EXISTS $NAME" \
    -c "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '$slot' AND NOT active" >/dev/null
}

# In the order in which they were made: one may read another.
refresh_views() {
  here "$1" -c "SELECT format('REFRESH MATERIALIZED VIEW %s;', oid::regclass) FROM pg_class WHERE relkind = 'm' ORDER BY oid" |
    here "$1" -f - || say "$1" 'a materialized view could not be refreshed'
}

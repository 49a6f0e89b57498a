# Sourced: how to ask the two servers, and what each remembers. Names of databases are plain (synth refuses others).
# shellcheck shell=bash disable=SC2034,SC2153,SC2154
socket=${SOCKET_FOLDER:-/var/run/postgresql}
scratch=${UPGRADE_TMP:-/tmp}
export PGPASSFILE=$socket/upgrade.pgpass
umask 077 # the source's schema may hold passwords of foreign servers
deadline='' # in seconds of this script, while the source is closed
declare -A said

# say SUBJECT TEXT: once, until something else is to be said of it
say() {
  [ "${said[$1]:-}" != "$2" ] || return 0
  said[$1]=$2
  printf '%s upgrade: %s: %s\n' "$(date -u +%FT%TZ)" "$1" "$2"
}

problem() {
  local words
  words=$(tail -n 3 "$scratch/upgrade.err" | tr '\n' ' ')
  echo "${words:-no answer in time}"
}

# try DATABASE STEP: says what went wrong, once
try() {
  "$2" "$1" 2>"$scratch/upgrade.err" && return
  say "$1" "! ${2/_/ } failed: $(problem)"
  return 1
}

# The file is there in every member, since any may lead next. PostgreSQL itself reads it, so no catalog holds the password.
write_passfile() {
  local field line='' password
  password=$(cat "$1") || return 1
  for field in "$host" "$port" '*' "$user" "$password"; do
    field=${field//\\/\\\\}
    line+=${line:+:}${field//:/\\:}
  done
  [ "$line" != "$(cat "$PGPASSFILE" 2>/dev/null)" ] || return 0
  echo "$line" >"$PGPASSFILE.new" && mv "$PGPASSFILE.new" "$PGPASSFILE"
}

# A source whose node is gone is given up within ten seconds, by the subscription too.
conninfo() {
  echo "host=$host port=$port user=$user dbname=$1 connect_timeout=5 passfile=$PGPASSFILE application_name=upgrade" \
    'keepalives_idle=2 keepalives_interval=2 keepalives_count=3 tcp_user_timeout=10000'
}

# Seconds that an answer may take: while the source is closed, no more than are left until `deadline`. The asker ends, not the
# statement: to cancel one that waits for a synchronous standby would be to commit it without.
patience_left() { echo $((SECONDS < ${deadline:-SECONDS + 300} ? ${deadline:-SECONDS + 300} - SECONDS : 1)); }

# A closed source tells new sessions to read only: not ours.
there() {
  PGOPTIONS='-c default_transaction_read_only=off -c lock_timeout=10s -c search_path=' \
    timeout "$(patience_left)" psql -qXAt -v ON_ERROR_STOP=1 "$(conninfo "$1")" "${@:2}"
}

here() { # for as long as it takes where there is no deadline: to analyze large tables, for example
  PGOPTIONS='-c client_min_messages=warning -c log_statement=none -c log_min_error_statement=panic -c search_path=' \
    ${deadline:+timeout "$(patience_left)"} psql -qXAt -v ON_ERROR_STOP=1 -h "$socket" -U "${SUPERUSER:-postgres}" -d "$1" "${@:2}"
}

DATABASE='(SELECT oid FROM pg_database WHERE datname = current_database())'
# What a server has come to with a database is a setting of the database, on either side.
STEP="coalesce((SELECT split_part(s, '=', 2) FROM pg_db_role_setting, unnest(setconfig) s
  WHERE setdatabase = $DATABASE AND setrole = 0 AND s LIKE 'cdk8s\_stateful.upgrade=%'), '')"
NAME=cdk8s_stateful_upgrade # of publications and subscriptions
SUBSCRIPTION="FROM pg_subscription WHERE subdbid = $DATABASE AND subname = '$NAME'"
SLOT="FROM pg_replication_slots WHERE slot_name = 'upgrade_' || $DATABASE"

# look_here DATABASE: what has come about here so far, as `step` '', schema, copied or switched
look_here() {
  local seen
  seen=$(here "$1" -c "SELECT $STEP || ',' || (SELECT count(*) $SUBSCRIPTION) || ',' ||
    count(*) FILTER (WHERE srsubstate = 'r') || ',' || count(*) FROM pg_subscription_rel" 2>"$scratch/upgrade.err") || return 1
  IFS=, read -r step subscribed ready tables <<<"$seen"
}

# look_there DATABASE: whether the source is open (''), fenced or switched; its slot; and how much of its log is to come
look_there() {
  local seen
  seen=$(there "$1" -c "SELECT $STEP || ',' || coalesce((SELECT wal_status || ',' ||
    (pg_current_wal_insert_lsn() - confirmed_flush_lsn)::bigint $SLOT), ',0')" 2>"$scratch/upgrade.err") || return 1
  IFS=, read -r source_step slot behind <<<"$seen"
}

note_here() { here "$1" -c "ALTER DATABASE \"$1\" SET cdk8s_stateful.upgrade = '$2'"; }

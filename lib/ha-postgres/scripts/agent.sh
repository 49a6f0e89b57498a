#!/usr/bin/env bash
# Keeps the cluster as Git says, after day one too. Every member reloads what changed for itself; the leader also holds the
# dynamic configuration, roles, databases, passwords, tablespaces and extensions to what is declared. It never drops what others made.
set -uo pipefail
here=$(dirname "$0")
git=${GIT_CONFIG_DIR:-/etc/patroni}
secrets=${CREDENTIALS_DIR:-/etc/credentials}
socket=${SOCKET_FOLDER:-/var/run/postgresql}
interval=${AGENT_INTERVAL:-10}
. "$here/fingerprint.sh"
. "$here/preload.sh"
. "$here/objects.sh"
. "$here/restarts.sh"
. "$here/passwords.sh"
. "$here/certificate.sh"
. "$here/api.sh"

log() { printf '%s agent: %s\n' "$(date -u +%FT%TZ)" "$*"; }
declare -A said=()
# say_once WORDS…: what stays as it is needs to be said only once.
say_once() {
  [ -z "${said[$*]:-}" ] || return 0
  said[$*]=1
  log "$*"
}
reloaded='' # the server that was told to read its configuration once it ran
declared='' # what this leader has already made true
dynamic='' dynamic_loadable='' # as Git has it, and without what this image cannot load
dynamic_held='' # as Patroni has it where that was found to be the same

# Commits must not wait here for a synchronous standby, nor passwords reach the server's log. A server that hangs must not hold up all else.
sql() {
  PGCONNECT_TIMEOUT=5 PGOPTIONS='-c synchronous_commit=local -c statement_timeout=60s -c lock_timeout=10s -c log_statement=none -c log_min_error_statement=panic -c log_min_duration_statement=-1 -c pg_stat_statements.track_utility=off -c pgaudit.log=none '"${sql_options:-}" \
    ${sql_detached:+setsid -w} psql -qXAt -v ON_ERROR_STOP=1 -h "$socket" -U "${SUPERUSER:-postgres}" -d postgres "$@"
}

# Members know each other by address, so a certificate tells them no more than the authority. While one member has none, before
# or after a rolling update, the others do not insist: a replica that did would not stream, and the update would stop there.
choose_sslmode() {
  local cluster mode=prefer
  [ -n "${MEMBERS_SSLMODE:-}" ] || return 0
  cluster=$(api GET cluster -f --max-time 2 2>/dev/null) || return 0
  ! jq -e 'all(.members[]; (.api_url // "https:") | startswith("https:"))' <<<"$cluster" >/dev/null || mode=$MEMBERS_SSLMODE
  [ "$mode" != "$(cat "$PATRONI_CONFIG_DIR/sslmode")" ] || return 0
  echo "$mode" >"$PATRONI_CONFIG_DIR/sslmode"
  log "members log in to each other with sslmode $mode"
}

# Patroni still asks for the password that it loaded before; or for the new one, where the agent ended in the middle of this.
reload() {
  local new=$PATRONI_CONFIG_DIR/api.new.curl
  api POST reload -f -o /dev/null --max-time 5 ||
    { [ -s "$new" ] && API_CREDENTIALS=$new api POST reload -f -o /dev/null --max-time 5; } || return 1
  nudge # else it takes up to loop_wait
  mv "$new" "$PATRONI_CONFIG_DIR/api.curl"
}

reload_local() {
  local now server=''
  [ -e "$PATRONI_CONFIG_DIR/loaded" ] || return 0 # Patroni's container has not come that far
  choose_sslmode
  now=$(loaded_fingerprint)
  # PostgreSQL writes its number and the time into this file at every start.
  [ ! -e "$socket/.s.PGSQL.${SERVER_PORT:-5432}.lock" ] || read -r -d '' server <"$socket/.s.PGSQL.${SERVER_PORT:-5432}.lock"
  if [ "$now" != "$(cat "$PATRONI_CONFIG_DIR/loaded")" ]; then
    make_and_reload || return 1
    echo "$now" >"$PATRONI_CONFIG_DIR/loaded"
    log 'local configuration, credentials or certificate changed: Patroni reloads them'
  # What changes while PostgreSQL starts, after a switchover for example, Patroni takes up and never tells PostgreSQL.
  elif [ "$server" != "$reloaded" ] && answers health; then
    make_and_reload || return 1
    reloaded=$server
  fi
}

make_and_reload() { usable_certificate && bash "$here/credentials.sh" && reload; }

# turns_follower CURRENT: whether Git would make a cluster that leads follow another: a commit that was turned back, for example. It
# would end as a copy of the other, without what it alone has.
turns_follower() {
  [ -n "${seen[primary]}" ] && jq -e --argjson current "$1" 'has("standby_cluster") and ($current | has("standby_cluster") | not)' <<<"$dynamic_loadable" >/dev/null
}

hold_dynamic() {
  local current wanted missing but='.'
  if [ "$(<"$git/dynamic.json")" != "$dynamic" ]; then
    dynamic_loadable=$(loadable "$git/dynamic.json") || return 1
    missing=$(missing_libraries "$git/dynamic.json" | paste -sd' ')
    [ -z "$missing" ] || log "not in the image, so not preloaded: $missing"
    dynamic=$(<"$git/dynamic.json") dynamic_held=''
  fi
  current=${seen[config]}
  [ -n "$current" ] || return 1
  [ "$current" != "$dynamic_held" ] || return 0 # as it nearly always is: no process needed to see that
  if turns_follower "$current"; then
    but='del(.standby_cluster)'
    say_once 'standbyOf would make this cluster, which leads, a copy of another: not done; see the README for the way'
  fi
  # `pause` is an operator's word, kept in the same document.
  wanted=$(jq -S --argjson current "$current" ". + (\$current | if has(\"pause\") then {pause} else {} end) | $but" <<<"$dynamic_loadable") || return 1
  if [ "$(jq -S . <<<"$current")" = "$wanted" ]; then
    dynamic_held=$current
    return 0
  fi
  api PUT config -f -o /dev/null --max-time 5 -H 'Content-Type: application/json' -d "$wanted" || return 1
  log 'dynamic configuration differed from what is declared: replaced'
}

hold_roles() {
  local now
  now="$(sha256sum <"$git/roles.json") $((SECONDS / 60))" # once a minute, too: people change such things by hand
  [ "$now" != "$declared" ] || return 0
  sql -v wanted="$(cat "$git/roles.json")" -f "$here/declare.sql" || return 1
  [ "${now% *}" = "${declared% *}" ] || log 'roles and databases are as declared'
  declared=$now
}

converge() {
  reload_local || log 'Patroni could not be told to reload: will try again'
  look leader
  if [ -n "${seen[leader]}" ]; then
    hold_cluster
    looks=0
  else
    declared='' secret='' objects='' restarted='' said=()
    watch_leader
  fi
}

# A member that was rewound waits for all that its leader has inserted. Where the last record just filled a page, that counts the
# header of the next one, which is sent to nobody before something is written: in a quiet cluster, never. A checkpoint writes.
help_starting() {
  [[ ${seen[cluster]} == *'"state": "starting"'* ]] || return 0
  sql <<'SQL'
SELECT 'CHECKPOINT' WHERE pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') % current_setting('wal_block_size')::int IN (24, 40) \gexec
SQL
}

hold_cluster() {
  look config cluster primary
  hold_dynamic || log 'dynamic configuration not reconciled: will try again'
  hold_restarts || log 'pending restarts not known or not begun: will try again'
  [ -n "${seen[primary]}" ] || return 0 # the leader of a standby cluster takes all else from the cluster it follows
  help_starting || log 'a member that starts could not be helped: will try again'
  hold_roles || log 'roles or databases not reconciled: will try again'
  hold_passwords || log 'passwords not reconciled: will try again'
  hold_objects || log 'tablespaces or extensions not reconciled: will try again'
}

# Patroni looks at its server every loop_wait only; a request to delete a key that is not there makes it look at once.
nudge() { api PATCH config -o /dev/null --max-time 2 -H 'Content-Type: application/json' -d '{"nudge": null}' 2>/dev/null; }

# Whether PostgreSQL accepts connections, without starting a process to ask.
listens() { { exec 3<>"/dev/tcp/127.0.0.1/${SERVER_PORT:-5432}"; } 2>/dev/null && exec 3>&-; }

# A server that was there and is gone has crashed or is being stopped: either way Patroni should know now.
watch_server() {
  if listens; then
    up=1
  elif [ "$up" = 1 ]; then
    up=0
    nudge
  fi
}

# A replica's Patroni judges the lock when its leader renews it, and else once a loop_wait. Where the leader is gone it shall look
# every second, for as long as any lock lasts: it takes over when the lock ends, and not some seconds later.
watch_leader() {
  if timeout 2 bash -c ": >/dev/tcp/${LEADER:?}" 2>/dev/null; then
    looks=120
  elif [ "$looks" = 120 ]; then
    looks=119
    log "the leader does not answer at $LEADER: Patroni looks at its lock every second"
  fi
}

# After a start things change quickly: its leader holds roles and replication slots up with those who join.
young() { [ "$SECONDS" -lt 60 ]; }

# While members restart one after another, each waits for the one before it: a look every two seconds, or all take too long.
in_turns() { ((SECONDS - restarted_at < 60)); }

trap 'exit 0' TERM INT
up=0 looks=0
[ "${1:-}" != once ] || { converge; exit; }
exec 4<> <(:) # reading from it sleeps without starting a process
for ((tick = 0; ; tick++)); do
  watch_server
  if ((tick % interval == 0)) || { { young || in_turns; } && ((tick % 2 == 0)); }; then
    converge
    ! young || [ -z "$declared" ] || nudge
  fi
  if ((looks > 0 && looks < 120)); then
    nudge
    looks=$((looks - 1))
  fi
  read -r -t 1 -u 4 || true
done

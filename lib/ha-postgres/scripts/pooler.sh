#!/usr/bin/env bash
# Runs PgBouncer, and does for it what it cannot do itself: takes the password of its login from a mounted Secret, reloads when that,
# the configuration or the certificates have changed, and lets transactions end before the pod stops.
set -euo pipefail
umask 077

config=${POOLER_CONFIG_DIR:-/etc/pgbouncer}
secrets=${CREDENTIALS_DIR:-/etc/credentials}
tls=${TLS_DIR:-/etc/tls}
run=${POOLER_RUN_DIR:-/var/run/pgbouncer}
interval=${POOLER_INTERVAL:-5}

log() { printf '%s pooler: %s\n' "$(date -u +%FT%TZ)" "$*"; }

fingerprint() {
  shopt -s nullglob # no certificates: no files
  cat "$config/pgbouncer.ini" "$secrets/password" "$tls"/* | sha256sum
}

# In its file, a double quote is written twice.
write_userlist() {
  local password
  password=$(<"$secrets/password") || return 1
  printf '"%s" "%s"\n' "${POOLER_ROLE//\"/\"\"}" "${password//\"/\"\"}" >"$run/userlist.new" &&
    mv "$run/userlist.new" "$run/userlist.txt" # whole or not at all: PgBouncer may read at any time
}

# Whatever fails here is tried again the next time.
watch_files() {
  local seen=$1 now
  while sleep "$interval" && kill -0 "$2" 2>/dev/null; do
    now=$(fingerprint) || continue
    [ "$now" != "$seen" ] || continue
    write_userlist && kill -HUP "$2" && seen=$now && log 'configuration, password or certificates changed: PgBouncer reloads them'
  done
}

version=$(pgbouncer --version)
if [[ ! $version =~ ([0-9]+)\.([0-9]+) ]] || ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < 1021)); then
  log "this image has ${version%%$'\n'*}; 1.21 or later is needed, for auth_dbname and for prepared statements in transactions"
  exit 1
fi

ulimit -n "$(ulimit -Hn)" || true # a file for each client and server connection
started=$(fingerprint)            # before it is read: what changes meanwhile is reloaded
write_userlist
pgbouncer "$config/pgbouncer.ini" &
server=$!
watch_files "$started" "$server" &

# SIGINT lets every transaction end, then closes; SIGTERM would wait for clients that may stay connected for ever.
trap 'kill -INT "$server"' TERM INT
status=0
while kill -0 "$server" 2>/dev/null; do
  status=0
  wait "$server" || status=$? # ends early for a signal
done
exit "$status"

#!/usr/bin/env bash
# pgBackRest beside PostgreSQL: a server through which the backup Jobs read this member's files. On the leader, it also sees to
# it that the repository knows the cluster, so that archiving works from the first segment, and after any failover.
set -uo pipefail
here=$(dirname "$0")
folder=${PGBACKREST_FOLDER:-/etc/pgbackrest}
interval=${PGBACKREST_INTERVAL:-5}
. "$here/pgbackrest-config.sh"
. "$here/api.sh"

log() { printf '%s pgbackrest: %s\n' "$(date -u +%FT%TZ)" "$*"; }
fingerprint() { find -L "$folder" -type f -not -path '*/..*' | sort | xargs sha256sum; }

loaded='' held=''
configure() {
  local now
  now=$(fingerprint)
  [ "$now" != "$loaded" ] || return 0
  pgbackrest_config "$folder" "${PGBACKREST_CONFIG:?}" || return 1
  [ -z "$loaded" ] || { kill -HUP "$server" && log 'configuration, secrets or certificate changed: taken up'; }
  loaded=$now held=''
}

# Does nothing where the stanza exists and fits; fails where the repository belongs to another cluster.
create_stanza() {
  [ -z "$held" ] && answers primary || return 0
  pgbackrest --stanza="${STANZA:?}" --log-level-console=warn stanza-create || return 1
  held=$STANZA
  log "the repository knows stanza $STANZA"
}

configure || exit 1
pgbackrest server &
server=$!
trap 'kill "$server"; wait "$server"; exit 0' TERM INT
while kill -0 "$server" 2>/dev/null; do
  configure || log 'configuration could not be made: will try again'
  create_stanza || log 'stanza-create failed: WAL is kept and will be archived when it succeeds'
  sleep "$interval" & wait $!
done
log 'the server has ended'
exit 1

#!/usr/bin/env bash
# pgBackRest beside PostgreSQL: a server through which the backup Jobs read this member's files. On the leader, it also sees to
# it that the repository knows the cluster, so that archiving works from the first segment, and after any failover.
#
# Nothing that is wrong with backups ends this process: a container that restarts takes its member out of service, and as all
# members have the same Secrets, all of them at once.
set -uo pipefail
here=$(dirname "$0")
folder=${PGBACKREST_FOLDER:-/etc/pgbackrest}
interval=${PGBACKREST_INTERVAL:-5}
. "$here/pgbackrest-config.sh"
. "$here/certificate.sh"
. "$here/api.sh"

declare -A said=()
# log WORDS…: what stays as it is needs to be said only once.
log() {
  [ -z "${said[$*]:-}" ] || return 0
  said[$*]=1
  printf '%s pgbackrest: %s\n' "$(date -u +%FT%TZ)" "$*"
}
fingerprint() { find -L "$folder" -type f -not -path '*/..*' | sort | xargs sha256sum; }

loaded='' # of what the configuration was made
configure() {
  local now problem
  now=$(fingerprint)
  [ "$now" != "$loaded" ] || return 0
  if problem=$(pgbackrest_config "$folder" "${PGBACKREST_CONFIG:?}" 2>&1); then
    loaded=$now held='' failures=0 wait=0 said=()
  else
    log "configuration could not be made, will try again: $problem"
  fi
}

# The server is told of no certificate that it would end for, and starts again whatever it has ended for.
server='' judged='' # of what the certificate was looked at
serve() {
  if [ -n "$server" ] && ! kill -0 "$server" 2>/dev/null; then
    wait "$server"
    log "the server has ended with $?: starts again"
    server='' judged=''
  fi
  [ "$loaded" != "$judged" ] || return 0
  judged=$loaded
  TLS_FOLDER=$folder/tls usable_certificate || return 0
  if [ -z "$server" ]; then
    pgbackrest server &
    server=$!
  else
    kill -HUP "$server" && log 'configuration, secrets or certificate changed: taken up'
  fi
}

# Does nothing where the stanza exists and fits; fails where the repository belongs to another cluster. Then it is tried again every
# eighth round, after a few that come sooner.
held='' failures=0 wait=0
create_stanza() {
  local report
  [ -n "$loaded" ] && [ -z "$held" ] || return 0
  if ((wait > 0)); then
    wait=$((wait - 1))
  elif answers primary; then
    if report=$(pgbackrest --stanza="${STANZA:?}" --log-level-console=warn --no-log-timestamp stanza-create 2>&1); then
      held=$STANZA
      log "the repository knows stanza $STANZA"
    else
      wait=$((failures < 3 ? failures : 7)) failures=$((failures + 1))
      log "stanza-create failed: WAL is kept and will be archived when it succeeds: $report"
    fi
  fi
}

trap '[ -z "$server" ] || { kill "$server"; wait "$server"; }; exit 0' TERM INT
while :; do
  configure
  serve
  create_stanza
  sleep "$interval" & wait $!
done

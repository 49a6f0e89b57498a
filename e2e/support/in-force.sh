# Sourced in a member's pod before the probes of commit.ts: what they are made of.
# shellcheck shell=bash disable=SC2154
# A server that cannot be asked is away: `away` and what psql says of it.
sql() {
  local said
  said=$(psql -XAtd postgres -c "$1" 2>&1) || said="away: $said"
  tr '\n' ' ' <<<"$said" | sed 's/ *$//'
}

# login USER PASSWORD: how the peer answers it over the network.
login() {
  local replication='' ask='SELECT 1' said
  [ "$1" != replicator ] || replication=' replication=true' ask=IDENTIFY_SYSTEM
  if said=$(PGPASSWORD=$2 psql "host=$peer user=$1 dbname=postgres sslmode=require connect_timeout=10$replication" -XAtc "$ask" 2>&1); then
    echo taken
  else
    case $said in
      *'password authentication failed'*) echo refused ;;
      *'pg_hba.conf rejects connection'*) echo rejected ;;
      *) tr '\n' ' ' <<<"away: $said" ;;
    esac
  fi
}

# serial ADDRESS [options of openssl]: of the certificate that is served there.
serial() { openssl s_client -connect "$@" </dev/null 2>/dev/null | openssl x509 -noout -serial 2>/dev/null || echo away; }

# logins USER NEW OLD…: `changed` where each takes the new password and refuses the old; else the first that does not.
logins() {
  local new old
  while [ $# -gt 0 ]; do
    new=$(login "$1" "$2")
    [ "$new" = taken ] || { echo "$1, new: $new" && return; }
    old=$(login "$1" "$3")
    [ "$old" = refused ] || { echo "$1, old: $old" && return; }
    shift 3
  done
  echo changed
}

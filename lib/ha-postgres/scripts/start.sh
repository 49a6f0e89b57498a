#!/usr/bin/env bash
# Becomes Patroni, with a configuration folder made of Git's part and the Secrets'.
set -euo pipefail
here=$(dirname "$0")
. "$here/fingerprint.sh"
. "$here/pgbackrest-config.sh"
. "$here/first-start.sh"
log() { printf '%s start: %s\n' "$(date -u +%FT%TZ)" "$*"; }

begin_anew_if_cut_off

# A base backup writes backup_label first and pg_control last: with one and without the other it was cut off, by a power loss
# for example. It can never start, and Patroni would wait for a person to say so.
if [ -e "${PGDATA:?}/backup_label" ] && [ ! -e "$PGDATA/global/pg_control" ]; then
  log "the copy in $PGDATA was cut off: it begins anew"
  rm -rf "$PGDATA" "${WALDIR:-$PGDATA/pg_wal}"
fi
# WAL without its data is kept, since it may be the last of it, but out of the way: a new copy refuses a folder in use.
if [ -n "${WALDIR:-}" ] && [ ! -e "$PGDATA/PG_VERSION" ] && [ -n "$(ls -A "$WALDIR" 2>/dev/null)" ]; then
  kept=$(mktemp -d "$WALDIR.kept.XXXXXX")
  log "$WALDIR belongs to data that is gone: moved to $kept, delete it when nobody needs it"
  mv -T "$WALDIR" "$kept"
fi

# PostgreSQL takes only a folder of its own user that no group may write; Kubernetes lets the group (fsGroup) write a volume it
# has not seen before, as one that another tool made.
if [ -d "$PGDATA" ]; then
  if [ ! -O "$PGDATA" ]; then
    log "$PGDATA belongs to user $(stat -c %u "$PGDATA"), and this is user $(id -u): PostgreSQL would not start; see adopt.userId"
    exit 1
  fi
  chmod g-w,o-rwx "$PGDATA"
fi

# pgBackRest's configuration, before PostgreSQL may need it; pgbackrest.sh holds it up to date.
[ -z "${PGBACKREST_CONFIG:-}" ] || pgbackrest_config "${PGBACKREST_FOLDER:-/etc/pgbackrest}" "$PGBACKREST_CONFIG"
[ -z "${SOURCE_CONFIG:-}" ] || pgbackrest_config "$SOURCE_FOLDER" "$SOURCE_CONFIG"

loaded=$(fingerprint "${GIT_CONFIG_DIR:-/etc/patroni}/patroni.yaml") # before it is read: what changes meanwhile is loaded by the agent
bash "$here/credentials.sh"
echo "$loaded" >"${PATRONI_CONFIG_DIR:?}/loaded"
exec patroni "$PATRONI_CONFIG_DIR"

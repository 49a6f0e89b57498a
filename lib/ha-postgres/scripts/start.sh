#!/usr/bin/env bash
# Becomes Patroni, with a configuration folder made of Git's part and the Secrets'.
set -euo pipefail
here=$(dirname "$0")
. "$here/fingerprint.sh"
. "$here/pgbackrest-config.sh"
. "$here/certificate.sh"
. "$here/first-start.sh"
. "$here/address.sh"
log() { printf '%s start: %s\n' "$(date -u +%FT%TZ)" "$*"; }
shopt -s nullglob
tablespaces=("${TABLESPACES:-/home/postgres/tablespaces}"/*/)

# A base backup writes tablespaces first, then backup_label, and pg_control last, a restore by pgBackRest backup.manifest first: it
# was cut off, by a power loss for example, where there is nothing but its WAL, or the one file without the other. It can never
# start, and Patroni would wait for a person to say so.
cut_off() {
  [ "$(ls -A "$PGDATA" 2>/dev/null)" != pg_wal ] || return 0
  { [ -e "$PGDATA/backup_label" ] || [ -e "$PGDATA/backup.manifest" ]; } && [ ! -e "$PGDATA/global/pg_control" ]
}
begin_anew() { rm -rf "$PGDATA" "${WALDIR:-$PGDATA/pg_wal}" "${tablespaces[@]/%/data}"; }
begin_anew_if_cut_off
if cut_off; then
  log "the copy in $PGDATA was cut off: it begins anew"
  begin_anew
fi
# What belongs to data that is gone is kept, since it may be the last of it, but out of the way: a new copy refuses a folder in use.
for folder in ${WALDIR:+"$WALDIR"} "${tablespaces[@]/%/data}"; do
  if [ ! -e "$PGDATA/PG_VERSION" ] && [ -n "$(ls -A "$folder" 2>/dev/null)" ]; then
    kept=$(mktemp -d "$folder.kept.XXXXXX")
    log "$folder belongs to data that is gone: moved to $kept, delete it when nobody needs it"
    mv -T "$folder" "$kept"
  fi
done
# None of it is ever removed here, each being of other data; but it takes room from what runs, so it is said at every start.
for kept in "$PGDATA".kept.* ${WALDIR:+"$WALDIR".kept.*} "${TABLESPACES:-/home/postgres/tablespaces}"/*/data.kept.*; do
  log "$kept takes $(du -sh "$kept" | cut -f 1) of the volume: delete it when nobody needs it"
done
# Before any member is told of a tablespace: those that follow need the folder as well.
for folder in "${tablespaces[@]/%/data}"; do
  [ -d "$folder" ] || mkdir -m 700 "$folder"
done

# Data without its tablespaces would start, and fail later.
for link in "$PGDATA"/pg_tblspc/*; do
  [ -e "$link/" ] || { log "$link leads to $(readlink "$link"), which is not there: the tablespace's volume is no longer declared, or its data is gone" && exit 1; }
done

# PostgreSQL takes only a folder of its own user that no group may write; Kubernetes lets the group (fsGroup) write a volume it
# has not seen before, as one that another tool made.
if [ -d "$PGDATA" ]; then
  if [ ! -O "$PGDATA" ]; then
    log "$PGDATA belongs to user $(stat -c %u "$PGDATA"), and this is user $(id -u): PostgreSQL would not start; see adopt.userId"
    exit 1
  fi
  chmod g-w,o-rwx "$PGDATA"
fi

export_addresses
# pgBackRest's configuration, before PostgreSQL may need it; pgbackrest.sh holds it up to date.
[ -z "${STANZA:-}" ] || pgbackrest_config "${PGBACKREST_FOLDER:-/etc/pgbackrest}" "${PGBACKREST_CONFIG:?}" # an image may set the latter
# That of a cluster which is followed. Where this one was restored from, may be gone: restore.sh makes it when it is needed.
[ -z "${SOURCE_CONFIG:-}" ] || [ -n "${SOURCE_FILES:-}" ] || pgbackrest_config "$SOURCE_FOLDER" "$SOURCE_CONFIG"

usable_certificate || exit 1

# How members log in to each other, until the agent has looked whether all of them have a certificate.
(umask 077 && mkdir -p "${PATRONI_CONFIG_DIR:?}") # other containers of the pod share the folder above it
[ -e "$PATRONI_CONFIG_DIR/sslmode" ] || echo "${MEMBERS_SSLMODE:-}" >"$PATRONI_CONFIG_DIR/sslmode"

loaded=$(loaded_fingerprint) # before it is read: what changes meanwhile is loaded by the agent
bash "$here/credentials.sh"
mv "$PATRONI_CONFIG_DIR/api.new.curl" "$PATRONI_CONFIG_DIR/api.curl"
echo "$loaded" >"$PATRONI_CONFIG_DIR/loaded"
exec patroni "$PATRONI_CONFIG_DIR"

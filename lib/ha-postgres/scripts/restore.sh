#!/usr/bin/env bash
# Fills the data folder from a repository, for Patroni. $1: `recovery` from another cluster's, up to the target beside its
# configuration; `standby` from the cluster that is followed; `replica` from the own one.
set -euo pipefail
. "$(dirname "$0")/first-start.sh"
. "$(dirname "$0")/pgbackrest-config.sh"
log() { printf '%s restore: %s\n' "$(date -u +%FT%TZ)" "$*"; }
case ${1:-} in
  recovery)
    # Members start without them, since a cluster that was born needs them no more.
    for file in ${SOURCE_FILES:-}; do
      [ -s "${SOURCE_FOLDER:?}/$file" ] || { log "recovery.source: there is no $file: its Secret or ConfigMap is missing, or has not that key" && exit 1; }
    done
    pgbackrest_config "${SOURCE_FOLDER:?}" "${SOURCE_CONFIG:?}"
    # So that start.sh knows what is there, should this pod die before the cluster is born.
    patroni_state | jq -r .metadata.uid >"${PGDATA:?}.restoring"
    mapfile -t target <"${SOURCE_FOLDER:?}/arguments"
    options=(--config="${SOURCE_CONFIG:?}" --stanza="${SOURCE_STANZA:?}" "${target[@]}")
    ;;
  standby) options=(--config="${SOURCE_CONFIG:?}" --stanza="${SOURCE_STANZA:?}" --type=standby) ;;
  replica) options=(--stanza="${STANZA:?}" --type=standby) ;;
  *) echo 'restore: recovery, standby or replica' >&2 && exit 2 ;;
esac
# A delta restore keeps files that are right, where a member's old data is still there.
pgbackrest "${options[@]}" --log-level-console=info --delta restore

# The other cluster's dynamic configuration is not ours.
rm -f "${PGDATA:?}/patroni.dynamic.json"

# pgBackRest makes the log a folder, whatever it was. On a volume of its own there may be what an earlier copy left, which is
# not of this one's history.
if [ -n "${WALDIR:-}" ] && [ ! -L "$PGDATA/pg_wal" ]; then
  rm -rf "$WALDIR"
  mkdir -p "$WALDIR"
  find "$PGDATA/pg_wal" -mindepth 1 -maxdepth 1 -exec mv -t "$WALDIR" {} +
  rmdir "$PGDATA/pg_wal"
  ln -s "$WALDIR" "$PGDATA/pg_wal"
fi

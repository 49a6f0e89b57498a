#!/usr/bin/env bash
# Fills the data folder from a repository, for Patroni. $1: `recovery` from another cluster's, up to the target beside its
# configuration; `standby` from the cluster that is followed; `replica` from the own one.
set -euo pipefail
case $1 in
  recovery)
    mapfile -t target <"${SOURCE_FOLDER:?}/arguments"
    options=(--config="${SOURCE_CONFIG:?}" --stanza="${SOURCE_STANZA:?}" "${target[@]}")
    ;;
  standby) options=(--config="${SOURCE_CONFIG:?}" --stanza="${SOURCE_STANZA:?}" --type=standby) ;;
  replica) options=(--stanza="${STANZA:?}" --type=standby) ;;
esac
# A delta restore keeps files that are right, wherever it was cut off before.
pgbackrest "${options[@]}" --log-level-console=info --delta restore

# The other cluster's dynamic configuration is not ours.
rm -f "${PGDATA:?}/patroni.dynamic.json"

# A log that was on a volume of its own comes back as a folder; and the other way round.
if [ -n "${WALDIR:-}" ] && [ ! -L "$PGDATA/pg_wal" ]; then
  mkdir -p "$WALDIR"
  find "$PGDATA/pg_wal" -mindepth 1 -maxdepth 1 -exec mv -t "$WALDIR" {} +
  rmdir "$PGDATA/pg_wal"
  ln -s "$WALDIR" "$PGDATA/pg_wal"
fi

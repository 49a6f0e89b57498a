#!/usr/bin/env bash
# One backup, of type $1: this process ends when pgBackRest does, and as it does.
set -euo pipefail
. "$(dirname "$0")/pgbackrest-config.sh"
pgbackrest_config "${PGBACKREST_FOLDER:-/etc/pgbackrest}" "${PGBACKREST_CONFIG:?}"
exec pgbackrest --stanza="${STANZA:?}" --type="$1" backup

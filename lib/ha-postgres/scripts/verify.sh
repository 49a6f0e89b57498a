#!/usr/bin/env bash
# Reads every file of the repository again. Fails where one is damaged, or missing in a backup, or where there is no backup at
# all. A segment of the log that is gone altogether is what only a drill shows.
set -euo pipefail
. "$(dirname "$0")/pgbackrest-config.sh"
pgbackrest_config "${PGBACKREST_FOLDER:-/etc/pgbackrest}" "${PGBACKREST_CONFIG:?}"

pgbackrest --stanza="${STANZA:?}" --output=json info |
  jq -e '.[0].backup | length > 0' >/dev/null || { echo "verify: there is no backup of $STANZA"; exit 1; }
report=$(pgbackrest --stanza="$STANZA" --output=text --verbose verify) || { echo "$report"; exit 1; }
echo "$report"
grep -q 'status: ok' <<<"$report" # some versions report damage and still end with 0

#!/usr/bin/env bash
# Hands the leadership over before the pod stops, to a member that will not be the next to go.
# Never fails and never takes long: whatever it leaves undone, Patroni's own shutdown does, only slower.
set -uo pipefail
. "$(dirname "$0")/api.sh"

answers primary || exit 0
cluster=$(api GET cluster -f --max-time 2) || exit 0

# Only a streaming replica, a synchronous one where there is any. Members of another revision than ours come first: in a
# rolling update they are done, and the leader moves at most twice. Then the lowest ordinal, which is updated last.
candidate=$(jq -r --arg self "${PATRONI_NAME:?}" --arg revision "${POD_REVISION:-}" '
  [.members[] | select(.name != $self and (.state == "streaming" or .state == "running") and (.lag | type) == "number")]
  | (map(select(.role == "sync_standby" or .role == "quorum_standby")) | if length > 0 then . else null end) // .
  | sort_by([(.tags.revision // "") == $revision, (.name | split("-") | last | tonumber)])
  | .[0].name // empty' <<<"$cluster")
[ -n "$candidate" ] || exit 0

# What is already on disk need not be written while nobody leads.
timeout 60 psql -qX -h "${SOCKET_FOLDER:-/var/run/postgresql}" -U "${SUPERUSER:-postgres}" -d postgres -c CHECKPOINT || true
api POST switchover --max-time 30 -H 'Content-Type: application/json' \
  -d "{\"leader\": \"$PATRONI_NAME\", \"candidate\": \"$candidate\"}" || true
exit 0

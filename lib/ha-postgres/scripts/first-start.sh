# Sourced: `begin_anew_if_cut_off` heals a cluster whose very first start was cut off, in initdb or in a restore.
#
# While a member makes the cluster, Patroni's `initialize` is there and empty, and every other member waits. If that member's
# pod dies, Patroni waits for ever. Only the one that was at it has files and meets an empty `initialize`: nobody has been
# served from them yet, so they may go.
# shellcheck shell=bash disable=SC2154
kubernetes_api() {
  local account=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
  curl -fsS --max-time 5 --cacert "$account/ca.crt" -H @<(printf 'Authorization: Bearer %s' "$(cat "$account/token")") \
    "${KUBERNETES_API:-https://${KUBERNETES_SERVICE_HOST:-}:${KUBERNETES_SERVICE_PORT:-}}/api/v1/namespaces/${PATRONI_KUBERNETES_NAMESPACE:?}/${PATRONI_STATE:?}" "$@"
}

begin_anew_if_cut_off() {
  local state
  [ -n "$(ls -A "${PGDATA:?}" 2>/dev/null)" ] || return 0
  state=$(kubernetes_api 2>/dev/null | jq -r '.metadata.annotations.initialize | if . == "" then "cut off" else "made" end') || return 0
  [ "$state" = 'cut off' ] || return 0
  log 'the first start of the cluster was cut off: it begins anew'
  rm -rf "$PGDATA" "${WALDIR:-$PGDATA/pg_wal}" "${tablespaces[@]/%/data}"
  kubernetes_api -o /dev/null -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"metadata": {"annotations": {"initialize": null}}}'
}

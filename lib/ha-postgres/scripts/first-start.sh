# Sourced: `begin_anew_if_cut_off` heals a cluster whose very first start was cut off, in initdb or in a restore.
#
# While a member makes the cluster, Patroni's `initialize` is there and empty, and every other member waits. If that member's
# pod dies, Patroni waits for ever; or takes for whole what has pg_control, which initdb makes early, long before the databases.
# It is the one with a folder without pg_control, or in which Patroni has never started PostgreSQL (before it does, it renames
# postgresql.conf), or that restore.sh has marked. Any other may be the only copy of something, whatever Patroni's objects say: it
# is never touched. And only what a repository has, or what can never start (`cut_off`), is removed; anything else is moved aside.
# shellcheck shell=bash
kubernetes_api() {
  local account=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
  curl -fsS --max-time 5 --cacert "$account/ca.crt" -H @<(printf 'Authorization: Bearer %s' "$(cat "$account/token")") "$@" \
    "${KUBERNETES_API:-https://${KUBERNETES_SERVICE_HOST:-}:${KUBERNETES_SERVICE_PORT:-}}/api/v1/namespaces/${PATRONI_KUBERNETES_NAMESPACE:?}/${PATRONI_STATE:?}"
}

# Waits for the API, without which Patroni does nothing either; nothing where that has no answer (curl's 22), such as no such object.
initialize() {
  local answer
  until answer=$(kubernetes_api -X GET 2>/dev/null); do
    [ $? -ne 22 ] || return 0
    sleep 1
  done
  jq -r '.metadata.annotations.initialize | if . == "" then "cut off" else "made" end' <<<"$answer"
}

begin_anew_if_cut_off() {
  local mark=${PGDATA:?}.restoring state kept
  [ -n "$(ls -A "$PGDATA" 2>/dev/null)" ] || return 0
  [ -e "$mark" ] || [ ! -e "$PGDATA/global/pg_control" ] || [ ! -e "$PGDATA/postgresql.base.conf" ] || return 0
  state=$(initialize)
  case $state in
    made) rm -f "$mark" ;;
    'cut off')
      log 'the first start of the cluster was cut off: it begins anew'
      if [ -e "$mark" ]; then
        begin_anew # the repository has it still, and the volume need not hold it twice
      elif ! cut_off; then
        kept=$(mktemp -d "$PGDATA.kept.XXXXXX")
        log "what there is of it is moved to $kept, delete it when nobody needs it"
        mv -T "$PGDATA" "$kept"
      fi
      rm -f "$mark"
      kubernetes_api -o /dev/null -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"metadata": {"annotations": {"initialize": null}}}' ||
        log 'Patroni could not be told: the next start of this pod tries again'
      ;;
  esac
}

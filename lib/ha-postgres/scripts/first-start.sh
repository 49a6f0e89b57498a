# Sourced: `begin_anew_if_cut_off` heals a cluster whose very first start was cut off, in initdb or in a restore.
#
# While a member makes the cluster, Patroni's `initialize` is there and empty, and every other member waits. If that member's
# pod dies, Patroni waits for ever; or takes for whole what has pg_control, which initdb makes early, long before the databases.
# It is the one with a folder without pg_control, or in which Patroni has never started PostgreSQL (before it does, it renames
# postgresql.conf), or that restore.sh has marked. Any other may be the only copy of something, whatever Patroni's objects say: it
# is never touched. And only what a repository has, or what can never start (`cut_off`), is removed; anything else is moved aside.
#
# The mark holds the uid of Patroni's object: with another one it is another cluster that is being made, while the data beside the
# mark was born long ago, and may be the last copy of it.
# shellcheck shell=bash
kubernetes_api() {
  local account=${SERVICE_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
  # Patroni takes the namespace out of the environment of what it starts.
  curl -sS --max-time 5 --cacert "$account/ca.crt" -H @<(printf 'Authorization: Bearer %s' "$(cat "$account/token")") "$@" \
    "${KUBERNETES_API:-https://${KUBERNETES_SERVICE_HOST:-}:${KUBERNETES_SERVICE_PORT:-}}/api/v1/namespaces/$(cat "$account/namespace")/${PATRONI_STATE:?}"
}

# Patroni's object, or nothing where there is none, which only a 404 says. Waits for the API, without which Patroni does nothing either.
patroni_state() {
  local answer said=''
  while :; do
    answer=$(kubernetes_api -X GET -w '\n%{http_code}' 2>/dev/null) || true
    case $answer in
      *$'\n200') echo "${answer%$'\n'*}" && return ;;
      *$'\n404') return ;;
    esac
    [ "$answer" = "$said" ] || log "the API server does not say whether there is $PATRONI_STATE: will try again: ${answer//$'\n'/ }" >&2
    said=$answer
    sleep 1
  done
}

# Whether Patroni has never started PostgreSQL on this data.
unborn() { [ ! -e "$PGDATA/global/pg_control" ] || [ ! -e "$PGDATA/postgresql.base.conf" ]; }

begin_anew_if_cut_off() {
  local mark=${PGDATA:?}.restoring state kept
  [ -n "$(ls -A "$PGDATA" 2>/dev/null)" ] || return 0
  [ -e "$mark" ] || unborn || return 0
  state=$(patroni_state)
  if [ -z "$state" ] || ! jq -e '.metadata.annotations.initialize == ""' <<<"$state" >/dev/null; then
    rm -f "$mark"
    return 0
  fi
  [ "$(cat "$mark" 2>/dev/null)" = "$(jq -r .metadata.uid <<<"$state")" ] || rm -f "$mark"
  [ -e "$mark" ] || unborn || return 0
  log 'the first start of the cluster was cut off: it begins anew'
  if [ -e "$mark" ]; then
    begin_anew # the repository has it still, and the volume need not hold it twice
  elif ! cut_off; then
    kept=$(mktemp -d "$PGDATA.kept.XXXXXX")
    log "what there is of it is moved to $kept, delete it when nobody needs it"
    mv -T "$PGDATA" "$kept"
  fi
  rm -f "$mark"
  kubernetes_api -f -o /dev/null -X PATCH -H 'Content-Type: application/merge-patch+json' -d '{"metadata": {"annotations": {"initialize": null}}}' ||
    log 'Patroni could not be told: the next start of this pod tries again'
}

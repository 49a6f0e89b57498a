#!/usr/bin/env bash
# Makes Patroni's configuration folder: what Git says, and the passwords, which only the mounted Secrets know.
# Run before Patroni starts, and again by the agent when any of it has changed.
set -euo pipefail
umask 077

config=${PATRONI_CONFIG_DIR:?}
git=${GIT_CONFIG_DIR:-/etc/patroni}
secrets=${CREDENTIALS_DIR:-/etc/credentials}

here=$(dirname "$0")
. "$here/preload.sh"

mkdir -p "$config"
dynamic=$(loadable "$git/dynamic.json")
new=$(mktemp "$config/.new.XXXXXX") # whole or not at all: Patroni may read at any time
trap 'rm -f "$new"' EXIT
ln -sfn "$git/patroni.yaml" "$config/10-local.yaml"
# The revision of the pod shows in Patroni's /cluster, where a leader that stops looks for a successor already updated.
jq -n --arg revision "${POD_REVISION:-}" \
  --rawfile superuser "$secrets/superuser" --rawfile replication "$secrets/replication" --rawfile rewind "$secrets/rewind" \
  --argjson dynamic "$dynamic" '
  def password: {password: rtrimstr("\n")};
  {
    bootstrap: {dcs: $dynamic},
    postgresql: {authentication: {superuser: $superuser | password, replication: $replication | password, rewind: $rewind | password}},
    tags: {revision: $revision}
  }' >"$new"
mv "$new" "$config/20-credentials.yaml"

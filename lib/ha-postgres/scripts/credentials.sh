#!/usr/bin/env bash
# Makes Patroni's configuration folder: what Git says, and the passwords, which only the mounted Secrets know.
# Run before Patroni starts, and again by the agent when any of it has changed.
set -euo pipefail
here=$(dirname "$0")
. "$here/fingerprint.sh"
umask 077

config=${PATRONI_CONFIG_DIR:?}
git=${GIT_CONFIG_DIR:-/etc/patroni}
secrets=${CREDENTIALS_DIR:-/etc/credentials}
tls=${TLS_FOLDER:-/etc/tls}

. "$here/preload.sh"

usable_password "$secrets/superuser" "$secrets/replication" "$secrets/rewind"
mkdir -p "$config"
dynamic=$(loadable "$git/dynamic.json")
new=$(mktemp "$config/.new.XXXXXX") # whole or not at all: Patroni may read at any time
trap 'rm -f "$new"' EXIT
ln -sfn "$git/patroni.yaml" "$config/10-local.yaml"

# Only a member that has a certificate is told to use it. Patroni opens its API anew when one of that section's texts has
# changed, and not for the content of a file: so the fingerprint stands where the password of an encrypted key could.
certificate='' sslmode=''
if [ -e "$tls/patroni.yaml" ]; then
  ln -sfn "$tls/patroni.yaml" "$config/15-tls.yaml"
  certificate=$(tls_fingerprint)
  sslmode=$(cat "$config/sslmode")
fi

# For Patroni's REST API, where it asks for a password.
user='' password=/dev/null
if [ -e "$secrets/restapi" ]; then user=${RESTAPI_USERNAME:?} password=$secrets/restapi; fi

# The revision of the pod shows in Patroni's /cluster, where a leader that stops looks for a successor already updated.
jq -n --arg revision "${POD_REVISION:-}" --arg certificate "$certificate" --arg sslmode "$sslmode" --arg user "$user" \
  --rawfile superuser "$secrets/superuser" --rawfile replication "$secrets/replication" --rawfile rewind "$secrets/rewind" \
  --rawfile restapi "$password" --argjson dynamic "$dynamic" '
  def password: {password: sub("\n+$"; "")}; # as the shell takes it
  def encrypted: if $sslmode == "" then {} else {sslmode: $sslmode} end;
  def some: with_entries(select(.value != {}));
  {
    bootstrap: {dcs: $dynamic},
    postgresql: {authentication: {
      superuser: $superuser | password,
      replication: ($replication | password + encrypted),
      rewind: ($rewind | password + encrypted)
    }},
    restapi: ((if $user == "" then {} else {authentication: ({username: $user} + ($restapi | password))} end)
      + (if $certificate == "" then {} else {keyfile_password: $certificate} end)),
    tags: {revision: $revision}
  } | some' >"$new"
mv "$new" "$config/20-credentials.yaml"

# The same for api.sh. It becomes api.curl when Patroni has been told to load what is above; until then the former one is right.
[ -z "$user" ] || jq -rn --arg user "$user" --rawfile restapi "$password" '"user = \("\($user):\($restapi | rtrimstr("\n"))" | @json)"' >"$new"
[ -e "$new" ] || : >"$new"
mv "$new" "$config/api.new.curl"

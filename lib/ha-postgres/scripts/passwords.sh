# Sourced by the agent of a leader: every login has the password of its file.
# shellcheck shell=bash disable=SC2154
secret='' # what this leader has already made true, and when

# connects ROLE PASSFILE: whether the server lets it in; if not, `refusal` is what it says.
connects() {
  refusal=$(PGPASSFILE=$2 PGCONNECT_TIMEOUT=5 psql -wqXAt -h "${SERVER_HOST:-127.0.0.1}" -U "$1" -d postgres -c '' 2>&1)
}

# logs_in ROLE FILE: whether that is its password now.
logs_in() {
  local passfile=$PATRONI_CONFIG_DIR/login.pgpass password
  password=$(<"$2")
  password=${password//\\/\\\\}
  (umask 077 && mkdir -p "$PATRONI_CONFIG_DIR" && printf '*:*:*:*:%s\n' "${password//:/\\:}" >"$passfile") || return 1
  connects "$1" "$passfile"
}

# set_password ROLE FILE: psql asks for it twice, where there is no terminal on its input, and tells the server the verifier only.
set_password() {
  local password said
  password=$(<"$2")
  said=$(printf '%s\n%s\n' "$password" "$password" |
    sql_detached=1 sql_options='-c password_encryption=scram-sha-256' sql -c "\\password \"${1//\"/\"\"}\"" 2>&1) || {
    log "$1: ${said//$'\n'/ }"
    return 1
  }
}

# hold_password ROLE FILE: a verifier is made anew only where it has to be, since poolers keep keys that belong to it.
hold_password() {
  local refusal=''
  # Where pg_hba lets everybody in, or something else keeps the role out, there is no telling: then only what is new counts.
  if [[ $'\n'$weak$'\n' == *$'\n'"$1"$'\n'* ]]; then
    log "the verifier of $1 is made anew, by SCRAM"
  elif logs_in "$1" "$2"; then
    [ -n "$changed" ] && connects "$1" /dev/null || return 0
  else
    [ -n "$changed" ] || [[ $refusal == *'password authentication failed'* ]] || return 0
  fi
  set_password "$1" "$2" || return 1
  [ -n "$changed" ] || log "the password of $1 was another: it is that of the Secret again"
}

hold_passwords() {
  local now changed='' weak file
  now="$(fingerprint /dev/null) $((SECONDS / 60))" # once a minute, too: people change such things by hand
  [ "$now" != "$secret" ] || return 0
  [ "${now% *}" = "${secret% *}" ] || changed=1
  weak=$(sql -c "SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'md5%'" 2>/dev/null) || weak='' # whoever reads one can log in with it
  for file in "$secrets"/{superuser,replication,rewind} "$secrets"/roles/*; do
    [ ! -e "$file" ] || usable_password "$file" || return 1
  done
  hold_password "${SUPERUSER:-postgres}" "$secrets/superuser" &&
    hold_password "${REPLICATION_USER:-replicator}" "$secrets/replication" &&
    hold_password "${REWIND_USER:-rewind}" "$secrets/rewind" || return 1
  for file in "$secrets"/roles/*; do
    [ ! -e "$file" ] || hold_password "$(basename "$file")" "$file" || return 1
  done
  secret=$now
  [ -z "$changed" ] || log 'passwords are as in the Secrets'
}

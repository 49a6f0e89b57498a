# Sourced: `pgbackrest_config FOLDER FILE` makes pgBackRest's configuration: what Git says, and the options that only the
# mounted Secrets know, one a file, named as the option.
# shellcheck shell=bash
pgbackrest_config() {
  local folder=$1 file=$2 new
  mkdir -p "$(dirname "$file")"
  new=$(umask 077 && mktemp "$file.XXXXXX") || return # whole or not at all: pgBackRest may read at any time
  if cat "$folder/pgbackrest.conf" >"$new" && secret_options "$folder/options" >>"$new"; then
    mv "$new" "$file"
  else
    rm -f "$new" # it is tried again every few seconds, in 16 MiB
    return 1
  fi
}

secret_options() {
  local option value
  for option in "$1"/*; do
    [ -e "$option" ] || continue
    value=$(cat "$option") || return
    case $value in
      '' | *$'\n'*) echo "$(basename "$option"): the Secret's key must have one line" >&2 && return 1 ;;
      *) printf '%s=%s\n' "$(basename "$option")" "$value" ;;
    esac
  done
}

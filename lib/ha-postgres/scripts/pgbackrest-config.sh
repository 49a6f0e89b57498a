# Sourced: `pgbackrest_config FOLDER FILE` makes pgBackRest's configuration: what Git says, and the options that only the
# mounted Secrets know, one a file, named as the option.
# shellcheck shell=bash
pgbackrest_config() {
  local folder=$1 file=$2 new option
  mkdir -p "$(dirname "$file")"
  new=$(umask 077 && mktemp "$file.XXXXXX") || return # whole or not at all: pgBackRest may read at any time
  {
    cat "$folder/pgbackrest.conf" &&
      for option in "$folder"/options/*; do
        [ ! -e "$option" ] || printf '%s=%s\n' "$(basename "$option")" "$(cat "$option")"
      done
  } >"$new" && mv "$new" "$file"
}

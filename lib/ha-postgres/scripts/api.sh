# Sourced: `api METHOD PATH [options of curl]` asks this pod's Patroni; `answers PATH` tells whether it says yes.
# shellcheck shell=bash
api() {
  local method=$1 path=$2 config=${PATRONI_CONFIG_DIR:-/var/run/postgresql/patroni} scheme=http credentials=() file
  shift 2
  file=${API_CREDENTIALS:-$config/api.curl}
  [ ! -L "$config/15-tls.yaml" ] || scheme=https
  # Whoever changes something may have to show a password: curl reads it from a file, so that no list of processes has it.
  [ "$method" = GET ] || [ ! -e "$file" ] || credentials=(-K "$file")
  # --insecure: between two containers of a pod nobody can stand, and a new authority must not keep the agent from telling Patroni.
  curl -sS --insecure "${credentials[@]}" -X "$method" "$@" "${PATRONI_API:-$scheme://127.0.0.1:8008}/$path"
}

answers() { [ "$(api GET "$1" -o /dev/null -w '%{http_code}' --max-time 2 2>/dev/null)" = 200 ]; }

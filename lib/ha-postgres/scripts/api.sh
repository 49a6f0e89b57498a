# Sourced: `api METHOD PATH [options of curl]` asks this pod's Patroni; `answers PATH` tells whether it says yes; `look PATH…` asks for
# all of them in one process, after which `seen[PATH]` is what was said, or empty where that was no.
# shellcheck shell=bash
api() {
  local method=$1 path=$2 config=${PATRONI_CONFIG_DIR:-/var/run/postgresql/patroni} credentials=() file
  shift 2
  file=${API_CREDENTIALS:-$config/api.curl}
  # Whoever changes something may have to show a password: curl reads it from a file, so that no list of processes has it.
  [ "$method" = GET ] || [ ! -e "$file" ] || credentials=(-K "$file")
  # --insecure: between two containers of a pod nobody can stand, and a new authority must not keep the agent from telling Patroni.
  curl -sS --insecure "${credentials[@]}" -X "$method" "$@" "$(api_url)/$path"
}

api_url() {
  local config=${PATRONI_CONFIG_DIR:-/var/run/postgresql/patroni} scheme=http
  [ ! -L "$config/15-tls.yaml" ] || scheme=https
  echo "${PATRONI_API:-$scheme://127.0.0.1:8008}"
}

answers() { [ "$(api GET "$1" -o /dev/null -w '%{http_code}' --max-time 2 2>/dev/null)" = 200 ]; }

declare -A seen=()
look() {
  local url path body code
  url=$(api_url)
  for path in "$@"; do seen[$path]=''; done
  while IFS= read -r body && read -r code; do
    # shellcheck disable=SC2034 # for whoever asked
    [ "$code" != 200 ] || seen[$1]=$body
    shift
  done < <(curl -sS --insecure --max-time 5 -w '\n%{http_code}\n' "${@/#/$url/}" 2>/dev/null)
}

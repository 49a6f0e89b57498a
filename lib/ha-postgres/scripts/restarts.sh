# Sourced by the agent of a leader: restarts of PostgreSQL that a changed parameter waits for, one member at a time, itself last.
# shellcheck shell=bash disable=SC2154,SC2034
restarted='' # members that had their turn in this round
restarted_at=-60 # when the last of them began, in seconds of this script
rounds=0 # that began without a turn of the leader's

# member_api API_URL METHOD PATH [options of curl]: another member is reached by its address, while its certificate has names: that
# of the leader's Service must be among them, so that nobody else is told a password.
member_api() {
  local url=${1%/patroni} method=$2 path=$3
  shift 3
  case $url in
    https:*) PATRONI_API=https://${TLS_NAME:?}:8008 api "$method" "$path" -f --max-time 3 "$@" \
      --no-insecure --cacert "${TLS_FOLDER:-/etc/tls}/ca.crt" --connect-to "::${url#https://}" ;;
    *) PATRONI_API=$url api "$method" "$path" -f --max-time 3 "$@" ;;
  esac
}

# restart_member API_URL: true where it has begun. Patroni goes on with it when nobody listens any more; this has a server to watch.
restart_member() {
  local code=0
  member_api "$1" POST restart -o /dev/null -H 'Content-Type: application/json' -d '{"restart_pending": true}' || code=$?
  [ "$code" = 0 ] || [ "$code" = 28 ]
}

# ask_members CLUSTER: what each of them says itself, not what it last wrote for the others, as a list; fails where one says nothing.
ask_members() {
  jq -r '.members[] | "\(.name) \(.api_url)"' <<<"$1" | while read -r name url; do
    member_api "$url" GET patroni | jq -c --arg name "$name" --arg url "$url" '. + {$name, $url}' || exit 1
  done | jq -s .
}

# complete MEMBERS: every one is there and runs, and each replica streams (before Patroni 3.1, which does not say that: runs).
complete() {
  jq -e --slurpfile git "$git/cluster.json" 'length == $git[0].members and
    all(.[]; .state == "running" and (.role != "replica" or (.replication_state // "streaming") == "streaming"))' <<<"$1" >/dev/null
}

restart_next() {
  local cluster=$1 members name url role
  ! jq -e .pause <<<"$cluster" >/dev/null || return 0
  members=$(ask_members "$cluster") || return 0 # a member that does not answer is missing
  complete "$members" || return 0
  # A replica cannot go below the leader's max_connections and the like: then it still waits after its turn, until the next round.
  while read -r name url role; do
    [[ " $restarted " != *" $name "* ]] || continue
    [ "$role" = replica ] || sql -c CHECKPOINT || true # what is already on disk need not be written while nobody leads
    restart_member "$url" || return 1
    log "$name restarts PostgreSQL for a changed parameter"
    restarted+=" $name" restarted_at=$SECONDS
    [ "$role" = replica ] || restarted=''
    return 0
  done < <(jq -r '[.[] | select(.pending_restart)] | sort_by(.role != "replica")[] | "\(.name) \(.url) \(.role)"' <<<"$members")
  # One that started before it had heard of the leader's lower limit waits for one turn more; never for ever, should it be for another reason.
  if ((rounds < 3 && SECONDS - restarted_at >= 15)); then
    restarted='' rounds=$((rounds + 1))
  fi
}

hold_restarts() {
  local cluster=${seen[cluster]}
  [ -n "$cluster" ] || return 1
  if [[ $cluster != *'"pending_restart": true'* ]]; then # as it nearly always is: no process needed to see that
    restarted='' rounds=0
  elif jq -e .restartWhenPending "$git/cluster.json" >/dev/null; then
    restart_next "$cluster"
  else
    say_once "PostgreSQL has to restart for a changed parameter: $(jq -r '[.members[] | select(.pending_restart) | .name] | join(", ")' <<<"$cluster")"
  fi
}

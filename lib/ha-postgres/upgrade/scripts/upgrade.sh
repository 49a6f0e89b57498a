#!/usr/bin/env bash
# Brings the databases of another PostgreSQL into this one by logical replication, and takes over from it when Git says so.
# What is to be done next is read from the two servers each time, so that it may be cut off anywhere and go on, in another
# member too. Only the leader acts.
set -uo pipefail
scripts=$(dirname "$0")
folder=${UPGRADE_DIR:-/etc/upgrade}
patience=${UPGRADE_PATIENCE:-30} # seconds that the source may be closed without success, before it is opened again
. "$scripts/servers.sh"
. "$scripts/steps.sh"
next_try=0

is_leader() {
  local deadline=$((SECONDS + patience))
  [ "$(here postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" = f ]
}

read_git() {
  local git
  git=$(jq -er '.host, .port, .user, .phase, (.databases | join(" "))' "$folder/upgrade.json") || return 1
  { read -r host && read -r port && read -r user && read -r phase && read -r databases; } <<<"$git"
  write_passfile "$folder/password"
}

# copy DATABASE: one step further; succeeds when all rows are here and new ones follow.
copy() {
  if [ -z "$step" ]; then
    close_here "$1" && check "$1" && try "$1" bring_schema && say "$1" 'the schema is here'
  elif [ "$subscribed" = 0 ]; then
    try "$1" begin && say "$1" 'the rows are being copied'
  elif [ -z "$slot" ] || [ "$slot" = lost ]; then
    say "$1" 'the source has lost its replication slot: the copy begins anew'
    forget "$1"
  else
    copied "$1" && follows "$1" && same_schema "$1" && return
  fi
  return 1
}

# take_over DATABASE…: between the first closed database and the last opened one no client can write.
take_over() {
  local db deadline
  for db; do no_prepared "$db" || return 1; done
  say all 'the source is being closed'
  next_try=$((SECONDS + 10 * patience)) # not one outage after the other
  deadline=$((SECONDS + patience))
  for db; do close_source "$db" || return 1; done
  for db; do
    until drained "$db"; do
      ((SECONDS < deadline)) || { say all "not everything arrived within $patience s"; return 1; }
      sleep 0.1
    done
    bring_sequences "$db" || return 1
  done
  for db; do commit_switch "$db" || return 1; done
  deadline='' # from here on there is no way back
  for db; do open_here "$db" || return 1; done
  say all 'this server has taken over'
  for db; do refresh_views "$db"; done
}

converge() {
  local db all=1 pending=() closed=()
  for db in $databases; do
    look_here "$db" || { say all "this server cannot be asked: $(problem)"; return 1; }
    [ "$step" != switched ] || continue
    look_there "$db" || { say all "the source cannot be asked: $(problem)"; return 1; }
    case $source_step in
      switched) open_here "$db" || all=0; continue ;;
      fenced*) closed+=("$db") ;;
    esac
    pending+=("$db")
    copy "$db" || all=0
  done
  if [ ${#pending[@]} = 0 ] && [ "$all" = 1 ]; then
    say all 'this server has taken over'
  elif [ "$phase" = switch ] && [ "$all" = 1 ] && ((SECONDS >= next_try)); then
    take_over "${pending[@]}" || give_back "${pending[@]}"
  else
    [ ${#closed[@]} = 0 ] || give_back "${closed[@]}" # by a member that led before
    [ "$all" = 0 ] || say all 'everything is here and new rows follow: ready for the switch'
  fi
}

# give_back DATABASE…: the source is open again, but for what has been switched for good.
give_back() {
  local db deadline
  is_leader || return 0
  for db; do
    deadline=$((SECONDS + patience))
    open_source "$db"
  done
}

cancel() {
  local db
  for db in $databases; do
    look_here "$db" && look_there "$db" || return 1
    if [ "$step" = switched ] || [ "$source_step" = switched ]; then
      say "$db" 'switched already: there is nothing to cancel'
    else
      open_source "$db" && forget "$db" && tidy_source "$db" && say "$db" 'cancelled: the source is as it was'
    fi
  done
}

turn() {
  read_git || { say all 'cannot read what Git says'; return 1; }
  is_leader || return 0
  if [ "$phase" = cancel ]; then cancel; else converge; fi
}

rm -f "$scratch/upgrade.sql" # of a container that was killed
trap 'exit 0' TERM INT
[ "${1:-}" != once ] || { turn; exit; }
while :; do
  turn
  sleep "${UPGRADE_INTERVAL:-3}" &
  wait $!
done

# Sourced by the agent of a leader: tablespaces and extensions, as cluster.json declares them.
# shellcheck shell=bash disable=SC2154
objects='' # what this leader has already made true

# In a rolling update the members are not alike: one whose pod has no folder yet for a tablespace could no longer follow, nor one
# whose image lacks an extension's new library.
alike() { api GET cluster -f --max-time 5 | jq -e '[.members[].tags.revision] | unique | length == 1' >/dev/null; }

hold_tablespaces() {
  local wanted
  wanted=$(jq -c .tablespaces "$git/cluster.json") || return 1
  [ "$wanted" = '[]' ] || sql -v wanted="$wanted" -f "$here/tablespaces.sql"
}

# hold_extensions_of DATABASE
hold_extensions_of() {
  local wanted statements statement failed=0 sql_options
  wanted=$(jq -c --arg database "$1" '.extensions[$database]' "$git/cluster.json") || return 1
  # In a database of others, names are those of PostgreSQL itself.
  sql_options='-c search_path=pg_catalog'
  statements=$(sql -d "$1" -v wanted="$wanted" -f "$here/extensions.sql") || return 1
  # shellcheck disable=SC2034 # it is for the function sql
  sql_options='-c search_path=public -c statement_timeout=10min'
  while read -r statement; do
    case $statement in
      '') ;;
      --*) say_once "database $1: ${statement#-- }" ;;
      *) if sql -d "$1" -c "$statement" </dev/null; then log "database $1: $statement"; else failed=1; fi ;;
    esac
  done <<<"$statements"
  return "$failed"
}

hold_extensions() {
  local database failed=0
  while read -r database; do
    hold_extensions_of "$database" || failed=1
  done < <(jq -r '.extensions | keys[]' "$git/cluster.json")
  return "$failed"
}

hold_objects() {
  local now
  now="$(<"$git/cluster.json") $((SECONDS / 60))" # once a minute, too: people change such things by hand
  [ "$now" != "$objects" ] || return 0
  if jq -e '.tablespaces != [] or .extensions != {}' "$git/cluster.json" >/dev/null; then
    alike || return 0
    hold_tablespaces && hold_extensions || return 1
  fi
  objects=$now
}

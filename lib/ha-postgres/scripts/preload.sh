# Sourced. PostgreSQL does not start where a library to preload is missing in the image: without this, one commit would end in an
# outage, at the next restart of each member.
# shellcheck shell=bash

# missing_libraries FILE: those that the dynamic configuration in FILE wants and this image does not have.
missing_libraries() {
  local name
  jq -r '.postgresql.parameters.shared_preload_libraries // "" | scan("[^, ]+") | select(contains("/") | not)' "$1" | while read -r name; do
    [ -e "${PKGLIBDIR:?}/$name.so" ] || echo "$name"
  done
}

# loadable FILE: that configuration without them.
loadable() {
  local missing
  missing=$(missing_libraries "$1") || return 1
  jq --arg missing "$missing" '
    ($missing | split("\n")) as $missing
    | if $missing == [] then . else .postgresql.parameters.shared_preload_libraries |=
        ([scan("[^, ]+") | select(IN($missing[]) | not)] | join(",")) end' "$1"
}

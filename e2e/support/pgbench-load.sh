#!/usr/bin/env bash
# pgbench as a load, until /tmp/stop is there or LOAD_SECONDS are over. A client of pgbench gives up when its connection
# breaks, so pgbench begins anew every few seconds, each time as another run; what it logged is counted after each:
#   done RUN CLIENT N   this client was told of N commits: its rows 1 to N are in the history
#   err MESSAGE         why it broke
set -u
end=$((SECONDS + LOAD_SECONDS))
until [ -e /tmp/stop ] || [ $SECONDS -ge $end ]; do
  run=$(date +%s)
  # Throttled: at full speed it would take the two cores from the members whose seconds are measured. Killed after a minute
  # it would lose its log, and its commits count for nothing: it errs towards too few.
  timeout -s KILL 60 pgbench -n -c "$LOAD_CLIENTS" -T 10 -R "$LOAD_RATE" -s "$LOAD_SCALE" -D run="$run" -D n=0 \
    -f /e2e/transaction.sql --log --log-prefix=/tmp/run "$PG_CONNINFO" >/tmp/said 2>&1 || grep -m1 error: /tmp/said | cut -c1-300 | sed 's/^/err /'
  # The third column is the time it took, or a word where it failed.
  cat /tmp/run.* 2>/dev/null | awk -v run="$run" '$3 ~ /^[0-9]+$/ { n[$1]++ } END { for (c in n) print "done", run, c, n[c] }'
  rm -f /tmp/run.*
  sleep 1 # so that no two runs have one name
done

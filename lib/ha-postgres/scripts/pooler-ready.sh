#!/usr/bin/env bash
# Whether PgBouncer answers: it is asked for encryption, the shortest question of the protocol, and says S or N. The connection
# itself would come about even if it hung, as the kernel makes it.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${POOLER_PORT:-6432}"
printf '\0\0\0\x08\x04\xd2\x16\x2f' >&3
read -r -t 2 -N 1 -u 3 answer
[[ $answer == [SN] ]]

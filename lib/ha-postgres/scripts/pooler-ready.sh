#!/usr/bin/env bash
# Whether PgBouncer answers: the kernel alone would make a connection even if it hung. The question is the protocol's for GSS
# encryption, the one that takes eight bytes, needs no login, and gets its N without a line in the log.
set -euo pipefail
exec 3<>"/dev/tcp/127.0.0.1/${POOLER_PORT:-6432}"
printf '\0\0\0\x08\x04\xd2\x16\x30' >&3
read -r -t 2 -N 1 -u 3 answer
[[ $answer == N ]]

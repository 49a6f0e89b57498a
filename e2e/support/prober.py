"""Asks a Service five times a second, each time over a new connection, whether it leads to a server in recovery.

Lines: answer WALL SERVER t|f   the server with that address is (t) or is not (f) in recovery
       err WALL MESSAGE         nobody answered
"""

import sys
import time

import psycopg2

PACE = 0.2
CONNINFO = sys.argv[1]  # without target_session_attrs: libpq would hide a server in recovery


def ask():
    connection = psycopg2.connect(CONNINFO, connect_timeout=2)
    try:
        with connection.cursor() as cursor:
            cursor.execute("select host(inet_server_addr()), pg_is_in_recovery()")
            server, recovery = cursor.fetchone()
            return server, "t" if recovery else "f"
    finally:
        connection.close()


while True:
    due = time.monotonic() + PACE
    try:
        words = ["answer", *ask()]
    except psycopg2.Error as error:
        words = ["err", " ".join(str(error).split())[:200]]
    print(words[0], f"{time.time():.3f}", *words[1:], flush=True)
    time.sleep(max(0.0, due - time.monotonic()))

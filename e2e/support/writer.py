"""Writes ten rows a second and prints each acknowledgement.

Lines: ack SEQUENCE MONOTONIC WALL SERVER   the row SEQUENCE was committed by the member with that address
       err MONOTONIC WALL MESSAGE           an attempt failed; its row may or may not be there, and is never tried again
"""

import os
import sys
import time

import psycopg2

PACE = 0.1
MODE = os.environ["WRITER_MODE"]  # row: a connection for every row; kept: one, renewed after an error
RUN = os.environ["WRITER_RUN"]
HOST = os.environ.get("WRITER_HOST")  # one member's address instead of the Service


def connect():
    # Everything else, the password too, comes from the environment as an application gets it.
    override = {"host": HOST} if HOST else {}
    connection = psycopg2.connect(os.environ["PG_CONNINFO"], **override)
    connection.autocommit = True
    return connection


def write(connection, sequence):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into e2e_rows (id) values (%s) returning host(inet_server_addr())", (f"{RUN}/{sequence}",)
        )
        return cursor.fetchone()[0]


def say(*words):
    print(*words, flush=True)


def clocks():
    return f"{time.monotonic():.3f} {time.time():.3f}"


def main():
    connection = None
    sequence = 0
    due = time.monotonic()
    while True:
        sequence += 1
        failed = False
        try:
            if connection is None:
                connection = connect()
            server = write(connection, sequence)
            say("ack", sequence, clocks(), server)
        except psycopg2.Error as error:
            say("err", clocks(), " ".join(str(error).split())[:200] or type(error).__name__)
            failed = True
        if failed or MODE == "row":
            drop(connection)
            connection = None
        due = max(due + PACE, time.monotonic())  # after a stall no burst to catch up
        time.sleep(max(0.0, due - time.monotonic()))


def drop(connection):
    if connection is not None:
        try:
            connection.close()
        except psycopg2.Error:
            pass


if __name__ == "__main__":
    sys.exit(main())

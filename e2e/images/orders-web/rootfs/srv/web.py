"""Stand-in for the web application of examples/orders-postgres: ready when it can write to its database.

It speaks HTTP on 8080, and real libpq to the database, by the environment alone.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg2


def may_write():
    connection = psycopg2.connect("")  # libpq's variables say it all
    try:
        with connection.cursor() as cursor:
            cursor.execute("create temporary table probe as select 1")
        return True
    finally:
        connection.close()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status = 200 if self.path == "/ready" and may_write() else 404
        except psycopg2.Error:
            status = 503
        self.send_response(status)
        self.end_headers()


ThreadingHTTPServer(("", 8080), Handler).serve_forever()

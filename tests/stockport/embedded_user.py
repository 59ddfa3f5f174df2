"""A process that uses the embedded server of a folder until its standard input is closed."""

import sys
from pathlib import Path

import psycopg

from stockport.embedded import server
from stockport.embedded.cluster import SUPERUSER, Cluster

cluster = Cluster(Path(sys.argv[1]))
server.start(cluster)
address = {"host": str(cluster.sockets), "user": SUPERUSER, "dbname": "postgres"}
with psycopg.connect(**address, port=5432) as connection:
    row = connection.execute("SELECT pg_postmaster_start_time()::text").fetchone()
sys.stdout.write(f"{row[0] if row else ''}\n")
sys.stdout.flush()
sys.stdin.read()

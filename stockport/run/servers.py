"""Whether the PostgreSQL and the Redis given answer: exit code 0 if both do. Used by CI."""

from __future__ import annotations

import sys

import psycopg
import redis

PATIENCE = 3  # seconds


def main(database_url: str, redis_url: str) -> int:
    """Says which of the two does not answer."""
    try:
        psycopg.connect(database_url, connect_timeout=PATIENCE).close()
        redis.Redis.from_url(redis_url, socket_timeout=PATIENCE).ping()
    except (psycopg.OperationalError, redis.RedisError) as error:
        print(f"No server PostgreSQL and Redis: {error}")  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Database, cache and broker: the servers that the environment names, or what needs none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url

from stockport.embedded.cluster import PORT, SUPERUSER, Cluster

KEEP_CONNECTION = 60  # seconds
# A resident waits for the broker or the cache no longer than this.
SOCKET_TIMEOUT = 2  # seconds


def database(url: str, folder: Path) -> dict[str, Any]:
    """The server that DATABASE_URL names, or the embedded one with its files in `folder`."""
    if url:
        named = dj_database_url.parse(url, conn_max_age=KEEP_CONNECTION, conn_health_checks=True)
        return dict(named)
    return {
        "ENGINE": "stockport.embedded",
        "FOLDER": str(folder),
        "HOST": str(Cluster(folder).sockets),
        "PORT": PORT,
        "USER": SUPERUSER,
        "NAME": "postgres",
        "CONN_MAX_AGE": KEEP_CONNECTION,
        "CONN_HEALTH_CHECKS": True,
    }


def cache(redis_url: str) -> dict[str, Any]:
    """Redis, or a table of the database that `createcachetable` makes."""
    if not redis_url:
        return {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
            # Beyond Django's 300 it would forget who has tried how often.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_url,
        "OPTIONS": {
            "socket_timeout": SOCKET_TIMEOUT,
            "socket_connect_timeout": SOCKET_TIMEOUT,
        },
    }


def broker_options(redis_url: str, folder: Path, *, prefix: str = "") -> dict[str, Any]:
    """Kombu's options: publishing gives up at once, since the outbox sweeps what is due.

    `prefix` keeps the keys of one user of a Redis apart from another's.
    """
    if redis_url:
        return {
            "max_retries": 0,
            "global_keyprefix": prefix,
            "socket_timeout": SOCKET_TIMEOUT,
            "socket_connect_timeout": SOCKET_TIMEOUT,
        }
    # Web and worker share the messages, so both directions are one folder.
    return {
        "max_retries": 0,
        "polling_interval": 0.2,
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "processed_folder": str(folder / "taken"),
        "control_folder": folder / "control",
    }

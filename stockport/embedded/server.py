"""A process's share in the embedded server: it is there while any process holds a share."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stockport.embedded.cluster import PORT, Cluster, EmbeddedError
from stockport.embedded.keeper import READY, take

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 90.0
_shares: dict[Path, int] = {}


def use(cluster: Cluster) -> None:
    """Counts this process and those that it forks as one user until all of them have ended.

    Waits while the server is being stopped. The kernel ends the share, also after kill -9.
    """
    if cluster.folder in _shares:
        return
    cluster.make_folders()
    lock = os.open(cluster.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_SH)
    _shares[cluster.folder] = lock


def start(cluster: Cluster) -> None:
    """Starts the server unless it runs; EmbeddedError says in one sentence why it cannot."""
    use(cluster)
    with _only_one_starts(cluster):
        if not is_running(cluster):
            _start_keeper(cluster)


def is_running(cluster: Cluster) -> bool:
    """Whether a server has the cluster and takes connections."""
    if not cluster.says_ready():
        return False
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(cluster.sockets / f".s.PGSQL.{PORT}")) == 0


def leave(cluster: Cluster, seconds: float = 15.0) -> bool:
    """Gives the share up and waits for the server's end; False where others still use it."""
    if (lock := _shares.pop(cluster.folder, None)) is not None:
        os.close(lock)
    deadline = time.monotonic() + seconds
    while not (gone := is_free(cluster.server_lock)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return gone


def is_free(path: Path) -> bool:
    """Whether no process holds the lock for itself."""
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
    return True


@contextmanager
def _only_one_starts(cluster: Cluster) -> Iterator[None]:
    lock = os.open(cluster.start_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        take(lock, PATIENCE, f"Another process has been starting {cluster.folder} for too long.")
        yield
    finally:
        os.close(lock)


def _start_keeper(cluster: Cluster) -> None:
    command = [sys.executable, "-m", "stockport.embedded.keeper", str(cluster.folder)]
    with (
        (cluster.folder / "keeper.log").open("wb") as log,
        subprocess.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as keeper,
    ):
        said = keeper.stdout.readline().strip() if keeper.stdout else ""
    if said != READY:
        raise EmbeddedError(said or f"The embedded PostgreSQL did not start: see {cluster.log}.")

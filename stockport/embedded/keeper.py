"""The process that owns the embedded server: starts it, and stops it when nobody uses it.

It stands alone, in a session of its own, so that no user's end or Ctrl-C takes the server from
the others. It waits for the users' lock; the kernel gives it when the last user has ended, however
it ended. Run by `stockport.embedded.server`, never by hand.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from stockport.embedded.cluster import Cluster, EmbeddedError, last_words

STARTING = 60.0
READY = "ready"


def main() -> None:
    """Keeps the cluster in the folder given; prints `ready`, or the sentence that says why not."""
    if os.fork():
        os._exit(0)
    os.setsid()
    cluster = Cluster(Path(sys.argv[1]))
    try:
        server = start(cluster)
    except EmbeddedError as error:
        report(str(error))
        sys.exit(1)
    signal.signal(signal.SIGTERM, end)
    threading.Thread(target=end_with, args=[server], daemon=True).start()
    report(READY)
    try:
        wait_for_last_user(cluster)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait()


def start(cluster: Cluster) -> subprocess.Popen[bytes]:
    """The running server, answering; EmbeddedError where it does not come up."""
    lock = os.open(cluster.server_lock, os.O_RDWR | os.O_CREAT, 0o600)
    take(lock, STARTING, f"An earlier PostgreSQL in {cluster.folder} does not end: end it by hand.")
    # All of an earlier server's processes are gone, so its record, if it was killed, is stale:
    # PostgreSQL would take a new process with the old number for the old server.
    cluster.status.unlink(missing_ok=True)
    cluster.create()
    server = cluster.serve(lock)
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        if server.poll() is not None:
            said = last_words(cluster.log.read_text(errors="replace"))
            raise EmbeddedError(f"PostgreSQL did not start: {said} (all of it is in {cluster.log})")
        if cluster.says_ready():
            return server
        time.sleep(0.02)
    server.send_signal(signal.SIGINT)
    raise EmbeddedError(f"PostgreSQL did not answer within {STARTING:.0f} seconds: {cluster.log}")


def take(lock: int, seconds: float, otherwise: str) -> None:
    """Takes the lock for this process alone; EmbeddedError where it is not free in time."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise EmbeddedError(otherwise) from None
            time.sleep(0.02)


def wait_for_last_user(cluster: Cluster) -> None:
    """Returns when no process uses the server; from then on new users wait until it is gone."""
    users = os.open(cluster.users_lock, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_EX)


def end_with(server: subprocess.Popen[bytes]) -> None:
    """Ends the keeper as soon as its server has ended; the next user starts both anew."""
    server.wait()
    os._exit(0)


def end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def report(line: str) -> None:
    """Tells the process that waits; it may have been killed meanwhile, which changes nothing."""
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)  # noqa: T201
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)


if __name__ == "__main__":
    main()

"""The broker of a drill: a Redis of its own, or files where there is no Redis."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

from tests.drills.process import Process, free_port, wait_for


class Redis(Process):
    """An empty Redis that keeps nothing on disk; broker and cache, as in production."""

    def __init__(self, program: str, folder: Path) -> None:
        self.port = free_port()
        command = [program, "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(folder)]
        super().__init__("Redis", command, os.environ, folder / "redis.log")

    @property
    def url(self) -> str:
        """For REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty; returns when it answers."""
        super().start()
        wait_for(self._answers, "Redis answers")

    def mend(self) -> None:
        """Have it run, and answer."""
        self.thaw()
        if not self.lives:
            self.start()

    def flush(self) -> None:
        """Forget every message and everything that was cached."""
        self._say(b"FLUSHALL")

    def _answers(self) -> bool:
        try:
            return self._say(b"PING").startswith(b"+PONG")
        except OSError:
            return False

    def _say(self, words: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(words + b"\r\n")
            return connection.recv(100)


class Files:
    """Messages in a folder: there is no process that could be stopped, frozen or killed."""

    name = "files as the broker"
    url = ""

    def __init__(self, folder: Path) -> None:
        self.messages = folder / ".broker" / "messages"

    def start(self) -> None:
        """Nothing to start."""

    def end(self) -> None:
        """Nothing to end."""

    def mend(self) -> None:
        """Nothing to mend."""

    def flush(self) -> None:
        """Forget every message."""
        for message in self.messages.glob("*.msg"):
            message.unlink(missing_ok=True)


def broker(folder: Path) -> Redis | Files:
    """Redis where its program is installed."""
    program = shutil.which("redis-server")
    return Redis(program, folder) if program else Files(folder)

"""A clamd to scan against: says what it is told to, and notes what it was sent."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class FakeClamd(socketserver.ThreadingTCPServer):
    """Answers INSTREAM as clamd(8) says; EICAR in a file is a virus."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Scan)
        self.says = ""  # instead of what it finds
        self.scanned: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Scan(socketserver.StreamRequestHandler):
    server: FakeClamd

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.scanned.append(content)
        found = "stream: Eicar-Signature FOUND" if b"EICAR" in content else "stream: OK"
        self.wfile.write((self.server.says or found).encode() + b"\0")


@contextmanager
def running_clamd() -> Iterator[FakeClamd]:
    with FakeClamd() as daemon:
        threading.Thread(target=daemon.serve_forever, args=(0.01,), daemon=True).start()
        yield daemon
        daemon.shutdown()

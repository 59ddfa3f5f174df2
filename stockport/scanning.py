"""Files are looked through for viruses by ClamAV, where the council runs it.

Source: clamd(8), the command INSTREAM: the content in pieces, each after its length as four bytes,
and a piece of no length at the end. `CLAMD_ADDRESS` names the daemon as host or host:port.
"""

from __future__ import annotations

import socket
import struct
from typing import Final

from django.conf import settings

SECONDS: Final = 5  # for each read and write; a file of some megabytes takes less than one
PORT: Final = 3310
PIECE: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096


class Infected(Exception):
    """The scanner found something; the message is its name for it."""


class ScannerSilent(Exception):
    """The scanner did not say whether the file is clean; the message says what happened."""


def scan(content: bytes) -> None:
    """Return where the file is clean, or no scanner is set; raises Infected or ScannerSilent."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        answer = _answer(content)
    except OSError as error:
        raise ScannerSilent(f"The virus scanner could not be asked: {error}.") from error
    if answer.endswith(" FOUND"):
        raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if answer != "stream: OK":
        raise ScannerSilent(f"The virus scanner answered “{answer[:100]}”.")


def _answer(content: bytes) -> str:
    host, _, port = settings.CLAMD_ADDRESS.partition(":")
    with socket.create_connection((host, int(port or PORT)), timeout=SECONDS) as daemon:
        daemon.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            daemon.sendall(struct.pack("!L", len(piece)) + piece)
        daemon.sendall(struct.pack("!L", 0))
        return _read(daemon)


def _read(daemon: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        more = daemon.recv(LONGEST_ANSWER)
        if not more:
            break
        answer += more
    return answer.partition(b"\0")[0].decode(errors="replace").strip()

"""A second process reads the files of a first load ahead, while PostgreSQL builds keys.

Reading lines takes Python as long as storing them and building their keys takes PostgreSQL
(docs/adr/0016). The reader ends by itself when the loader is gone.
"""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import Queue
from threading import Thread

from django.db import connection

from stockport.feeds.direct import Lines
from stockport.feeds.extract import FileEntry
from stockport.feeds.plain import NotPlain, counting_alone, plain_rows

# So many pieces, of some 300 kB each, wait at most.
AHEAD = 500
PIPE = 1 << 20  # bytes
NOT_PLAIN = 3  # exit code
END_OF_FILE = b""

Waiting = Queue[bytes | None]  # None is the end


@dataclass(frozen=True)
class File:
    """A plain file, how its lines become lines of COPY, and the number of the first."""

    path: Path
    entry: FileEntry
    lines: Lines
    first_number: int


@dataclass(frozen=True)
class Reader:
    """The other process, and the end of the pipe that it writes to."""

    process: BaseProcess
    pipe: Connection

    def next_file(self) -> Iterator[bytes]:
        """Lines for COPY, many at a time, to the end of a file.

        Raises NotPlain where the file is not, ChildProcessError where the reader broke down.
        """
        try:
            while lines := self.pipe.recv_bytes():
                yield lines
        except (EOFError, OSError):  # between two pieces, or in the middle of one
            self.process.join()
            if self.process.exitcode == NOT_PLAIN:
                raise NotPlain from None
            raise ChildProcessError(f"the reader ended with {self.process.exitcode}") from None


@contextmanager
def reading_ahead(files: Sequence[File]) -> Iterator[Reader]:
    """Inside, a process reads these files in turn."""
    # A copy of this process: it needs no time to start, and knows the files already.
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    fcntl.fcntl(theirs.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    process = fork.Process(target=_read, args=(files, ours, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Reader(process, ours)
    finally:
        process.kill()
        process.join()
        ours.close()


def _read(files: Sequence[File], ours: Connection, theirs: Connection) -> None:
    """Put the lines of every file into the pipe."""
    _let_go(ours)
    os.nice(10)  # PostgreSQL is the slower of the two
    waiting: Waiting = Queue(AHEAD)
    sender = Thread(target=_send, args=(waiting, theirs))
    sender.start()
    try:
        with counting_alone():
            for file in files:
                _read_one(file, waiting)
    except (NotPlain, UnicodeDecodeError):
        sys.exit(NOT_PLAIN)
    finally:
        waiting.put(None)
        sender.join()


def _read_one(file: File, waiting: Waiting) -> None:
    number = file.first_number
    for found in plain_rows(file.path, file.entry, file.lines.pattern):
        waiting.put(file.lines.of(found, number))
        number += len(found)
    waiting.put(END_OF_FILE)


def _send(waiting: Waiting, theirs: Connection) -> None:
    try:
        while (lines := waiting.get()) is not None:
            theirs.send_bytes(lines)
        theirs.close()
    except BrokenPipeError:
        os._exit(1)  # the loader was killed, and the other thread may wait for ever


def _let_go(ours: Connection) -> None:
    """Close what belongs to the loader: where that is killed, nothing may keep these open."""
    ours.close()
    os.close(connection.connection.fileno())

"""One time limit over a whole HTTP call: TLS, sending, headers and body together.

A socket's time-out bounds each read and write alone, so a system that takes or gives a byte now and
then could hold a worker for ever. Here the connection is shut down under whatever waits for it.
"""

from __future__ import annotations

import socket
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock, Timer
from typing import Any, Self

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError


class TimeLimit:
    """Within its block, calls through a `LimitedAdapter` are over after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.over = False
        # Whether there was a connection, so that some of the request may have been written.
        self.connected = False
        self._lock = Lock()
        self._sockets: list[socket.socket] = []
        self._timer = Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        _limit.set(self)
        self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    def watch(self, connection: socket.socket) -> bool:
        """Shut this connection down when the time is over; False where it is over already."""
        with self._lock:
            # A duplicate, because TLS takes the socket itself apart.
            self._sockets.append(connection.dup())
            return not self.over

    def _end(self) -> None:
        with self._lock:
            self.over = True
            for connection in self._sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


_limit: ContextVar[TimeLimit] = ContextVar("_limit")


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        connection = super()._new_conn()
        if not _limit.get().watch(connection):
            connection.close()
            raise ConnectTimeoutError(self, "The time was over before there was a connection.")
        return connection

    def connect(self) -> None:
        super().connect()
        _limit.get().connected = True


class _TLSConnection(_Connection, HTTPSConnection):
    """TLS over a connection that is watched."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


class LimitedAdapter(HTTPAdapter):
    """Carries calls whose time limit is that of the `TimeLimit` they are made in."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """With connections that are watched."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

"""What no test may do, whatever it is about: used by tests/conftest.py for every one."""

from __future__ import annotations

import ipaddress
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, engines

TEMPLATES = str(Path(settings.BASE_DIR) / "templates")


class UnknownVariableError(AssertionError):
    """A template of ours prints a variable that its view does not give."""


class _Unknown:
    """Stands for string_if_invalid: Django asks whether it holds "%s", then formats the name."""

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        template = _template(sys._getframe(1))
        if template.startswith(TEMPLATES):
            raise UnknownVariableError(f"{template} prints {variable!s}, which is not there")
        return ""


def _template(frame: FrameType) -> str:
    context = frame.f_locals.get("context")
    origin = context.template.origin if isinstance(context, Context) and context.template else None
    return str(origin.name) if origin else ""


@contextmanager
def unknown_variables_fail() -> Iterator[None]:
    """Print a variable that is not there, in a template of ours: UnknownVariableError."""
    engine = engines["django"].engine
    before, engine.string_if_invalid = engine.string_if_invalid, _Unknown()
    yield
    engine.string_if_invalid = before


class OutsideError(AssertionError):
    """A test tried to reach another machine."""


@contextmanager
def no_network() -> Iterator[None]:
    """Only this machine and the Redis of the settings can be reached."""
    connect = socket.socket.connect
    redis = urlsplit(settings.REDIS_URL).hostname

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else None
        if host is not None and host != redis and not _is_loopback(host):
            raise OutsideError(f"A test tried to reach {host}.")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

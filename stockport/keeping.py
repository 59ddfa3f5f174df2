"""Where the answers of a journey are kept between its pages: in the session unless it says else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import uuid

    from django.contrib.sessions.backends.base import SessionBase

KEPT = 5  # unfinished journeys of one kind and one person; the oldest goes first

# What was typed, by step; once the journey is over only the address that confirms it, under "".
Kept = dict[str, str]


class Store(Protocol):
    """What is kept of one journey, which is named by its key."""

    def read(self) -> Kept:
        """What is kept, or nothing."""

    def change(self, change: Callable[[Kept], Kept]) -> None:
        """Keep what `change` makes of what is kept at this moment."""

    def end(self, address: str) -> None:
        """Forget the answers; from now on the key leads to this address."""


class SessionStore:
    """In the session: it goes when somebody signs out, and with the browser."""

    def __init__(self, session: SessionBase, name: str, key: uuid.UUID) -> None:
        self.session, self.name, self.key = session, f"journey_{name}", str(key)

    def read(self) -> Kept:
        """What the session has, or nothing."""
        kept: Kept = self.session.get(self.name, {}).get(self.key, {})
        return kept

    def change(self, change: Callable[[Kept], Kept]) -> None:
        """Store it as the newest, with the newest other journeys."""
        journeys = self.session.get(self.name, {})
        others = {key: kept for key, kept in journeys.items() if key != self.key}
        newest = dict(list(others.items())[1 - KEPT :])
        self.session[self.name] = newest | {self.key: change(self.read())}

    def end(self, address: str) -> None:
        """Only the address is left."""
        self.change(lambda kept: {"": address})

    def forget(self) -> None:
        """Keep nothing of it, where anything is kept."""
        journeys = self.session.get(self.name, {})
        if self.key in journeys:
            others = {key: kept for key, kept in journeys.items() if key != self.key}
            self.session[self.name] = others

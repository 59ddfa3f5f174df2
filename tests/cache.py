"""Keys of the cache that no two tests share, on whichever cache the suite runs."""

import uuid
from typing import Any

from django.core.cache.backends.locmem import LocMemCache

_test = ""


def forget() -> None:
    """From here on nothing that was cached before is found."""
    global _test
    _test = uuid.uuid4().hex


def key(key: str, prefix: str, version: int) -> str:
    """As settings.CACHES asks for it; a function, so that the threads of a live server agree."""
    return f"{_test}:{prefix}:{version}:{key}"


class Watched(LocMemCache):
    """Writes down each key that is asked for, and each value that is kept."""

    seen: list[str] = []

    def make_and_validate_key(self, key: str, version: int | None = None) -> str:
        self.seen.append(str(key))
        return str(super().make_and_validate_key(key, version))

    def add(self, key: str, value: Any, *more: Any, **options: Any) -> bool:
        self.seen.append(repr(value))
        return super().add(key, value, *more, **options)

    def set(self, key: str, value: Any, *more: Any, **options: Any) -> None:
        self.seen.append(repr(value))
        super().set(key, value, *more, **options)

"""Keys of the cache that no two tests share, on whichever cache the suite runs."""

import uuid

_test = ""


def forget() -> None:
    """From here on nothing that was cached before is found."""
    global _test
    _test = uuid.uuid4().hex


def key(key: str, prefix: str, version: int) -> str:
    """As settings.CACHES asks for it; a function, so that the threads of a live server agree."""
    return f"{_test}:{prefix}:{version}:{key}"

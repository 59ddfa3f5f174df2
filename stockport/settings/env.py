"""Typed reading of the environment; NAME_FILE (a Docker secret) counts where NAME is unset."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str) -> str:
    """The variable's value, or the content of the file that NAME_FILE names, or the default."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return default


def number(name: str, default: int) -> int:
    """The variable as a whole number; ValueError names the variable where it is none."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def words(name: str, default: str = "") -> list[str]:
    """The variable as a list: values separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins(url: str) -> list[str]:
    """The origin of an address for a policy, none for no address; “{s}” is any subdomain."""
    parts = urlsplit(url.replace("{s}", "*"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def flag(name: str) -> bool:
    """Whether the variable says yes: 1, true, yes or on."""
    return text(name, "").lower() in ("1", "true", "yes", "on")


def require(*names: str) -> None:
    """Raise ImproperlyConfigured naming every one of these variables that is not set."""
    missing = [name for name in names if not text(name, "")]
    if missing:
        raise ImproperlyConfigured(
            f"Set these environment variables: {', '.join(missing)}. docs/operations.md says how."
        )

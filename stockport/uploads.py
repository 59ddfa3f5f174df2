"""Files that people send with a form: several at once, and errors that name them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from stockport.text import visible

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LONGEST_NAME = 40  # of a file, in a message
MOST_NAMES = 3  # of files, in a message


class FilesInput(forms.FileInput):
    """Lets people choose several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files: what each of them is, is decided one by one."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The files that were sent."""
        return list(data or ())


def not_added(
    uploads: Sequence[UploadedFile[bytes]],
    refusal: Callable[[UploadedFile[bytes]], str],
    *,
    most: int,
    full: str,
) -> list[str]:
    """Hand each file to `refusal`, which takes it or says why not; each reason with its files."""
    refused: dict[str, list[str]] = {}
    for number, upload in enumerate(uploads):
        # No more are read than could be kept: reading a file is work.
        if reason := full if number >= most else refusal(upload):
            refused.setdefault(reason, []).append(shown_name(upload))
    return [f"We did not add {listed(names)}. {why}" for why, names in refused.items()]


def shown_name(upload: UploadedFile[bytes]) -> str:
    """The name of a file as a message may show it: one line, not too long."""
    name = " ".join(visible(upload.name or "").split()) or "the file"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: “a.jpg”, “b.jpg” and 4 more."""
    quoted = [f"“{name}”" for name in names]
    if len(quoted) > MOST_NAMES:
        return f"{', '.join(quoted[:MOST_NAMES])} and {len(quoted) - MOST_NAMES} more"
    return " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))

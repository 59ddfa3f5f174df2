"""Text that people paste, without what nobody can see and no page, file or database may hold."""

from __future__ import annotations

import re

# Control characters, apart from tab and line ends, and code points that are no characters.
UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Word processors write line and page ends inside a paragraph so.
BREAKS = re.compile("[\x0b\x0c]")


def visible(text: str) -> str:
    """The text without control characters; a vertical tab or form feed becomes a space."""
    return UNSEEN.sub("", BREAKS.sub(" ", text))

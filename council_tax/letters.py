"""Letters as residents read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from council_tax.models import Document


@dataclass(frozen=True)
class Listed:
    """A letter in the list."""

    document: Document
    opened_at: datetime | None


def by_year(
    documents: Iterable[Document], opened: Mapping[str, datetime]
) -> list[tuple[str, list[Listed]]]:
    """The letters of each tax year, in the order given: a March bill is in the year that follows,
    because the back office says which year a letter is about.
    """
    return [
        (year, [Listed(each, opened.get(each.reference)) for each in letters])
        for year, letters in groupby(documents, key=lambda document: document.year)
    ]


def replaced_by(document: Document, documents: Iterable[Document]) -> Document | None:
    """The letter that replaces this one, where it is among these."""
    newer = (each for each in documents if each.reference == document.superseded_by)
    return next(newer, None) if document.superseded_by else None

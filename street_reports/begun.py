"""What pages say of a report that was begun: what, and where as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import QueryDict

from street_reports.forms.asset import NOT_LISTED
from street_reports.models import Asset, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from street_reports.models import Draft

# Page and field of each answer that says where, the most exact first.
WORDS = (("place", "where"), ("street", "street"), ("find", "q"))


@dataclass(frozen=True)
class Begun:
    """A draft in words."""

    draft: Draft
    what: str
    where: str

    @property
    def name(self) -> str:
        """What tells it from the others, for who hears its links alone."""
        return f"{self.what}, {self.where}" if self.where else self.what


def begun(drafts: Iterable[Draft]) -> list[Begun]:
    """Each draft in words; one query, where any of them has come as far as an asset."""
    chosen = [(draft, _asset(draft)) for draft in drafts]
    assets = Asset.objects.in_bulk({pk for _, pk in chosen if pk})
    return [Begun(draft, _what(draft), _where(draft, assets.get(pk))) for draft, pk in chosen]


def answers(draft: Draft) -> dict[str, dict[str, list[str]]]:
    """What was typed, by page and field."""
    return {page: dict(QueryDict(typed).lists()) for page, typed in draft.answers.items()}


def _typed(draft: Draft, page: str, field: str) -> str:
    return QueryDict(draft.answers.get(page, "")).get(field, "")


def _asset(draft: Draft) -> int:
    """The id of the asset that was chosen; 0 for none."""
    typed = _typed(draft, "choose", "asset") or _typed(draft, "map", "asset")
    return int(typed) if typed.isdecimal() else 0


def _what(draft: Draft) -> str:
    """The kind, which is the first answer."""
    kind = _typed(draft, "kind", "kind")
    return Kind(kind).label if kind in Kind else "Report"


def _where(draft: Draft, asset: Asset | None) -> str:
    """The asset, or the last words that were typed about the place."""
    if asset:
        return f"{asset.name}, {asset.address}"
    typed = [_typed(draft, page, field).strip() for page, field in WORDS]
    return next((words for words in typed if words and words != NOT_LISTED), "")

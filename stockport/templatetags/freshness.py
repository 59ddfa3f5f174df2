"""How old the council's figures are, in words that every page shares."""

from __future__ import annotations

from datetime import datetime

from django import template

from stockport.feeds.civica.refresh import is_away
from stockport.feeds.freshness import is_older_than_usual

register = template.Library()
ASKED = "civica_away"


@register.inclusion_tag("feeds/_freshness.html", takes_context=True)
def freshness(context: template.Context, as_at: datetime) -> dict[str, object]:
    """What is wrong with the age of these figures; nothing where nothing is."""
    return {
        "as_at": as_at,
        "is_away": _is_away(context),
        "is_old": is_older_than_usual(as_at),
    }


@register.inclusion_tag("feeds/_away.html", takes_context=True)
def unreachable(context: template.Context, as_at: datetime) -> dict[str, object]:
    """That the council's system cannot be reached, for a card; nothing where it can."""
    return {"as_at": as_at, "is_away": _is_away(context)}


def _is_away(context: template.Context) -> bool:
    """Asked once a page, however many accounts or cards it shows."""
    page = context["request"].META
    if ASKED not in page:
        page[ASKED] = is_away()
    return bool(page[ASKED])

"""How old the council's figures are, in words that every page shares."""

from __future__ import annotations

from datetime import datetime

from django import template

from stockport.feeds.civica.refresh import is_away
from stockport.feeds.freshness import is_older_than_usual

register = template.Library()


@register.inclusion_tag("feeds/_freshness.html")
def freshness(as_at: datetime) -> dict[str, object]:
    """What is wrong with the age of these figures; nothing where nothing is."""
    return {"as_at": as_at, "is_away": is_away(), "is_old": is_older_than_usual(as_at)}

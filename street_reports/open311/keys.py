"""Whose call it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from street_reports.models import ApiKey
from street_reports.open311 import errors
from street_reports.open311.errors import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest

REFUSED = "The api_key is missing or wrong."


def key_of(request: HttpRequest) -> ApiKey:
    """The key in the form or the query; raises Refused (403) where none is good."""
    found = ApiKey.objects.of(request.POST.get("api_key") or request.GET.get("api_key", ""))
    if found is None:
        raise Refused(errors.FORBIDDEN, REFUSED)
    return found


def key_that_writes(request: HttpRequest) -> ApiKey:
    """The same, counted; raises Refused (429) where it has made too many calls in this minute."""
    key = key_of(request)
    if not key.count_call():
        limit = f"{key.calls_per_minute} calls a minute"
        raise Refused(
            errors.TOO_MANY, f"This key may make {limit}. Wait a minute and send it again."
        )
    return key

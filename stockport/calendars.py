"""Secret addresses at which calendar programs read events, and what they are answered.

An address is a random key, which a row holds, and its signature, which no row holds: whoever reads
the database or a backup cannot read a calendar, and the page can show the address again. Another
key in the row revokes it (ADR 0014).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import sha256
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from stockport import icalendar
from stockport.readonly import readonly

View = Callable[[HttpRequest, UUID], HttpResponseBase]
SecretView = Callable[[HttpRequest, str], HttpResponseBase]
HOUR = 60 * 60
# Calendars look every hour or more seldom; a family may have several.
MOST_AN_HOUR = 60


class Addresses:
    """The addresses of one kind of calendar; the name of their route takes a `secret`."""

    def __init__(self, route: str) -> None:
        self.route = route

    def of(self, key: UUID | None) -> str:
        """The whole address of the calendar with this key; nothing while it has none."""
        if key is None:
            return ""
        return settings.SITE_URL + reverse(self.route, args=[self.secret(key)])

    def secret(self, key: UUID) -> str:
        """The key and its signature."""
        return self._signer().sign(key.hex)

    def key_in(self, secret: str) -> UUID | None:
        """The key that the secret was made from; None where the portal made no such secret."""
        try:
            return UUID(hex=self._signer().unsign(secret))
        except BadSignature:
            return None

    def _signer(self) -> Signer:
        # With SECRET_KEY, or one of SECRET_KEY_FALLBACKS while keys are changed.
        return Signer(sep=".", salt=self.route)


def subscription(address: str) -> str:
    """The same address as a link that opens in a calendar program."""
    return f"webcal:{address.partition(':')[2]}"


def read_at(addresses: Addresses) -> Callable[[View], SecretView]:
    """Make a view that is given the key of a secret address: for programs, which never sign in.

    404 for a secret that the portal never made, and 429 for one that is asked for too often.
    """

    def decorate(view: View) -> SecretView:
        @login_not_required
        @readonly
        @wraps(view)
        def guarded(request: HttpRequest, secret: str) -> HttpResponseBase:
            key = addresses.key_in(secret)
            if key is None:
                raise Http404("No such calendar.")
            if _is_read_too_often(key):
                later = render(request, "429.html", status=429)
                later["Retry-After"] = str(HOUR)
                return later
            return view(request, key)

        return guarded

    return decorate


def _is_read_too_often(key: UUID) -> bool:
    """Count one more reading of this calendar in this hour."""
    count = f"calendar:{key.hex}:{int(time.time()) // HOUR}"
    if cache.add(count, 1, HOUR):
        return False
    try:
        readings = cache.incr(count)
    except ValueError:  # a full cache has just forgotten it
        return False
    # A cache in the database would otherwise forget the new number after five minutes.
    cache.touch(count, HOUR)
    return readings > MOST_AN_HOUR


def answer(
    request: HttpRequest, events: Sequence[icalendar.Event], *, name: str
) -> HttpResponseBase:
    """The events as a calendar of this name; 304 for who has them already.

    The tag is weak: the same events have another DTSTAMP each time.
    """
    tag = f'W/"{sha256(repr((name, events)).encode()).hexdigest()}"'
    body = icalendar.calendar(events, method="PUBLISH", stamp=timezone.now(), name=name)
    whole = HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": tag,
            # Kept by the program that asks and by nothing on the way, and asked for every time.
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'attachment; filename="calendar.ics"',
            "X-Robots-Tag": "noindex",
        },
    )
    return get_conditional_response(request, etag=tag, response=whole) or whole

"""How often something may be done, by network address and by what it is done to."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Concatenate, ParamSpec

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from accounts.http import visitor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
MINUTE = 60


def is_allowed(request: HttpRequest, action: str, key: str) -> bool:
    """Count one more of this action of settings.ACCOUNT_RATE_LIMITS; False where it is too many."""
    return bool(ratelimit.consume(request, action=action, key=key))


def at_most(setting: str, *, template: str) -> Callable[[View[P]], View[P]]:
    """Show as many pages a minute as the setting says to one resident or address, then this 429.

    It is counted in the memory of each web process, of which there may be several: what it keeps
    off is a program that reads everything, at no cost to anybody else.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if _pages_this_minute(request, setting) > getattr(settings, setting):
                later = render(request, template, status=429)
                later["Retry-After"] = str(MINUTE)
                return later
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _pages_this_minute(request: HttpRequest, what: str) -> int:
    """Count one more."""
    resident = visitor(request)
    who = f"resident:{resident.pk}" if resident else f"address:{network(request)}"
    count, counted = f"{what}:{who}:{int(time.time()) // MINUTE}", caches["process"]
    if counted.add(count, 1, 2 * MINUTE):
        return 1
    try:
        return counted.incr(count)
    except ValueError:  # a full cache has just forgotten it
        return 1


def network(request: HttpRequest) -> str:
    """The address, or the part of it that one household has."""
    given = get_adapter().get_client_ip(request)
    try:
        address = ip_address(given)
    except ValueError:  # a proxy that names its clients in its own way
        return str(given)
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(ip_network((address, settings.ALLAUTH_RATE_LIMIT_IPV6_PREFIX), strict=False))

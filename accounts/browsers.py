"""Whether somebody has signed in with this browser before, and an e-mail where they have not.

Wrong passwords from such a browser are counted apart (accounts/adapter.py): strangers who guess
lock nobody out of it. Source: OWASP, “Blocking Brute Force Attacks”, device cookies.

The browser itself remembers: a signed cookie with a keyed hash for each resident who used it. The
portal keeps no list of devices, and whoever deletes their cookies gets one e-mail more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.utils import timezone

from accounts.devices import device_name
from accounts.models import Resident
from stockport.keyed import keyed_each

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

YEAR = 365 * 24 * 60 * 60  # seconds
# Of the residents who used a shared computer, as many as fit into a small cookie.
MOST = 10
MARK = 32  # of 64 hexadecimal digits


def remember_browser(
    request: HttpRequest, response: HttpResponseBase, resident: Resident, *, is_new: bool
) -> None:
    """Have the browser remember the resident; e-mail them unless it did, or they are new too."""
    marks, own = _marks(request), _own(resident)
    if not is_new and not any(mark in own for mark in marks):
        context = {
            "user": resident,
            "timestamp": timezone.now(),
            "browser": device_name(request.headers.get("User-Agent", "")),
        }
        get_adapter().send_mail("account/email/new_browser", resident.email, context)
    kept = [own[0], *(other for other in marks if other not in own)][:MOST]
    response.set_signed_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        ".".join(kept),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_known(request: HttpRequest, email: str) -> bool:
    """Whether the resident with this address has signed in with this browser before."""
    marks = _marks(request)
    return bool(marks) and any(
        mark in marks
        for resident in Resident.objects.filter(email=email.lower())
        for mark in _own(resident)
    )


def _own(resident: Resident) -> list[str]:
    """The resident's mark, and those that it had under older keys."""
    return [each[:MARK] for each in keyed_each(str(resident.public_id))]


def _marks(request: HttpRequest) -> list[str]:
    """What the cookie has; nothing where there is none, or where it is not ours."""
    text = request.get_signed_cookie(settings.KNOWN_BROWSER_COOKIE_NAME, "", max_age=YEAR)
    return text.split(".") if text else []

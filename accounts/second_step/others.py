"""A change of the second step signs the resident out everywhere else (OWASP ASVS 5.0, 7.4.3).

Whoever got in before the change did so without what is now asked for, or with what is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa import signals
from django.contrib import messages

from accounts.devices import sign_out_elsewhere

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import Resident

CHANGES = (
    signals.authenticator_added,
    signals.authenticator_removed,
    signals.authenticator_reset,
)


def listen() -> None:
    """Have each change end the other sessions from now on."""
    for signal in CHANGES:
        signal.connect(_end_others, dispatch_uid="end others")


def _end_others(request: HttpRequest, user: Resident, **more: Any) -> None:
    if sign_out_elsewhere(resident=user, current=request.session.session_key or ""):
        messages.success(request, "You are signed out everywhere else.")

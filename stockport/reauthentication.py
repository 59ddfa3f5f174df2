"""Pages for which the password is asked once more."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase

View = Callable[[HttpRequest], HttpResponseBase]


def password_again(view: View) -> View:
    """Ask for the password first, unless it was given again in the last five minutes."""
    asking: View = reauthentication_required(view)
    return asking

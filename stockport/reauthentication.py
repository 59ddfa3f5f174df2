"""Pages for which the password is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")


def password_again(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask for the password first, unless it was given again in the last five minutes."""
    asking: Callable[Concatenate[HttpRequest, P], HttpResponseBase] = reauthentication_required(
        view
    )
    return asking

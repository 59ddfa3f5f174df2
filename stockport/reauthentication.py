"""Pages for which the password is asked once more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponseBase

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def password_again(
    view: Callable[Concatenate[HttpRequest, P], Answer],
) -> Callable[Concatenate[HttpRequest, P], Answer]:
    """Ask for the password first, unless it was given again in the last five minutes."""
    asking: Callable[Concatenate[HttpRequest, P], Answer] = reauthentication_required(view)
    return asking

"""Pages for which the password is asked once more."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from allauth.account import app_settings
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def password_again(
    view: Callable[Concatenate[HttpRequest, P], Answer],
) -> Callable[Concatenate[HttpRequest, P], Answer | HttpResponse]:
    """Ask for the password first, unless it was given again in the last five minutes.

    Who has none, nor a second step, is asked to sign in again: allauth would let them pass.
    """
    asking: Callable[Concatenate[HttpRequest, P], Answer] = reauthentication_required(view)

    @wraps(view)
    def asked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer | HttpResponse:
        first = to_sign_in_again(request, back_to=request.get_full_path())
        return first or asking(request, *args, **kwargs)

    return asked


def to_sign_in_again(request: HttpRequest, *, back_to: str) -> HttpResponse | None:
    """To where somebody signs in again, who has nothing else to prove themselves by.

    None where they have, or signed in within the last five minutes.
    """
    if not _must_sign_in_again(request):
        return None
    return redirect(f"{reverse('accounts:again')}?{urlencode({'next': back_to})}")


def _must_sign_in_again(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or user.has_usable_password() or get_reauthentication_flows(user):
        return False
    times = [record["at"] for record in get_authentication_records(request, user)]
    return bool(time.time() - max(times, default=0) > app_settings.REAUTHENTICATION_TIMEOUT)

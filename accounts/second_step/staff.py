"""No power of staff without a second step in this very session (ASVS 5.0, 6.3.3).

allauth has no setting for it: whoever has set none up would get in with a password alone. Pages of
the admin are known by their address; what staff may do elsewhere asks here, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SECOND_STEP = "mfa"


class SecondStepMissing(Exception):
    """Somebody may do what they ask for, once they have taken the second step."""


def took_second_step(request: HttpRequest) -> bool:
    """Whether whoever is signed in took it in this session; a trusted browser does not count."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == SECOND_STEP for record in records)


def has_power(request: HttpRequest, permission: str) -> bool:
    """Whether this is staff with this permission, who took the second step."""
    return _is_granted(request, permission) and took_second_step(request)


def require_power(request: HttpRequest, permission: str) -> None:
    """Raises Http404 for whoever may not do this: there is nothing here for residents.

    SecondStepMissing leads staff who may to the second step, and back here.
    """
    if not _is_granted(request, permission):
        raise Http404
    if not took_second_step(request):
        raise SecondStepMissing


def _is_granted(request: HttpRequest, permission: str) -> bool:
    user = request.user
    return user.is_authenticated and user.is_staff and user.has_perm(permission)


class StaffSecondStepMiddleware:
    """Sends staff who want to work without a second step to take it, or to set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to the second step."""
        is_ours = request.path.startswith(self.admin) and request.user.is_authenticated
        if not is_ours or not request.user.is_staff or took_second_step(request):
            return self.get_response(request)
        return self._to_second_step(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The way to the second step, from a page outside the admin that requires it."""
        return self._to_second_step(request) if isinstance(problem, SecondStepMissing) else None

    def _to_second_step(self, request: HttpRequest) -> HttpResponse:
        if is_mfa_enabled(request.user):
            return redirect(self._back_to("mfa_reauthenticate", request))
        messages.info(request, "Staff sign in with a second step. Set it up to go on.")
        return redirect(self._back_to("mfa_activate_totp", request))

    def _back_to(self, name: str, request: HttpRequest) -> str:
        return f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"

"""No page of the admin without a second step in this very session (ASVS 5.0, 6.3.3).

allauth has no setting for it: whoever has set none up would get in with a password alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SECOND_STEP = "mfa"


def took_second_step(request: HttpRequest) -> bool:
    """Whether whoever is signed in took it in this session; a trusted browser does not count."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] == SECOND_STEP for record in records)


class StaffSecondStepMiddleware:
    """Sends staff who come to the admin without a second step to take it, or to set it up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = reverse("admin:index")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to the second step."""
        is_ours = request.path.startswith(self.admin) and request.user.is_authenticated
        if not is_ours or not request.user.is_staff or took_second_step(request):
            return self.get_response(request)
        if is_mfa_enabled(request.user):
            return redirect(self._back_to("mfa_reauthenticate", request))
        messages.info(request, "Staff sign in with a second step. Set it up to open the admin.")
        return redirect(self._back_to("mfa_activate_totp", request))

    def _back_to(self, name: str, request: HttpRequest) -> str:
        return f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}"

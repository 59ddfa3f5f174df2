"""allauth.mfa's pages; those that change a second step lead back where there is none to change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.shortcuts import redirect

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    View = Callable[..., HttpResponseBase]


def with_one_set_up(view: View) -> View:
    """The view for who has a second step; allauth would answer that there is no such page."""

    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs) if is_mfa_enabled(request.user) else redirect("mfa_index")

    return checked


index, set_up = base.index, totp.activate_totp
remember = base.trust
code, code_again = base.authenticate, base.reauthenticate
turn_off = with_one_set_up(totp.deactivate_totp)
codes = with_one_set_up(recovery_codes.view_recovery_codes)
new_codes = with_one_set_up(recovery_codes.generate_recovery_codes)

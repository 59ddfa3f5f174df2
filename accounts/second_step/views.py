"""allauth.mfa's pages; those that change a second step lead back where there is none to change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase

    View = Callable[..., HttpResponseBase]


def with_one_set_up(view: View, *types: Authenticator.Type) -> View:
    """The view for who has a second step, of these types where there are any; allauth would answer
    that there is no such page.
    """

    @wraps(view)
    def checked(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        found = is_mfa_enabled(request.user, types or None)
        return view(request, **kwargs) if found else redirect("mfa_index")

    return checked


# allauth would also take PUT, which no page sends.
by_form = require_http_methods(["GET", "HEAD", "POST"])
index, set_up = base.index, by_form(totp.activate_totp)
code, code_again, remember = map(by_form, (base.authenticate, base.reauthenticate, base.trust))
turn_off = by_form(with_one_set_up(totp.deactivate_totp, Authenticator.Type.TOTP))
codes = with_one_set_up(recovery_codes.view_recovery_codes, Authenticator.Type.RECOVERY_CODES)
new_codes = by_form(with_one_set_up(recovery_codes.generate_recovery_codes))

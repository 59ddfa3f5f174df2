"""allauth.mfa's pages; those that change a second step lead back where there is none to change."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from stockport.reauthentication import password_again

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


class Codes(recovery_codes.ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, with the way to where somebody was going."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """allauth's, and the next page: one of ours."""
        next_page = get_next_redirect_url(self.request) or reverse("accounts:index")
        return {**super().get_context_data(**kwargs), "next_page": next_page}


# allauth would also take PUT, which no page sends.
by_form = require_http_methods(["GET", "HEAD", "POST"])
index, set_up = base.index, by_form(password_again(totp.activate_totp))
code, code_again, remember = map(by_form, (base.authenticate, base.reauthenticate, base.trust))
turn_off = by_form(with_one_set_up(totp.deactivate_totp, Authenticator.Type.TOTP))
codes = with_one_set_up(Codes.as_view(), Authenticator.Type.RECOVERY_CODES)
new_codes = by_form(with_one_set_up(recovery_codes.generate_recovery_codes))

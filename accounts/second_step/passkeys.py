"""Passkeys: signing in with a finger, a face or a PIN instead of a password and a code.

allauth.mfa does the work. What the browser is asked for is in the page, or, at sign-in, fetched
when somebody presses the button: a visitor who only looks at the page gets no session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from accounts.http import resident_of
from accounts.second_step.views import by_form
from stockport.readonly import readonly

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase


@login_not_required
@by_form
def begin(request: HttpRequest) -> HttpResponse:
    """What to ask the browser for, from somebody whom we do not know yet; kept in the session."""
    if request.method != "POST":
        return redirect("account_login")
    return JsonResponse(dict(begin_authentication(None)))


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginWebAuthnView):  # type: ignore[misc]
    """What the browser answered. A passkey is both steps at once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There is nothing to see here."""
        return redirect("account_login")


@readonly
def index(request: HttpRequest) -> HttpResponseBase:
    """The resident's passkeys."""
    mine = Authenticator.objects.filter(user=resident_of(request), type=Authenticator.Type.WEBAUTHN)
    return render(
        request, "mfa/webauthn/authenticator_list.html", {"passkeys": mine.order_by("pk")}
    )


sign_in = by_form(SignIn.as_view())
add = by_form(views.add_webauthn)
# allauth would also take PUT and DELETE, which no page sends.
rename, remove = by_form(views.edit_webauthn), by_form(views.remove_webauthn)
confirm = by_form(views.reauthenticate_webauthn)

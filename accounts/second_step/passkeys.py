"""Passkeys: signing in with a finger, a face or a PIN instead of a password and a code.

allauth.mfa does the work. What the browser is asked for is in the page, or, at sign-in, fetched
when somebody presses the button: a visitor who only looks at the page gets no session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.flows import generate_recovery_codes
from allauth.mfa.webauthn import views
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode

from accounts.http import resident_of
from accounts.second_step.views import by_form
from stockport.readonly import readonly
from stockport.reauthentication import password_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from accounts.second_step.forms import FirstPasskeyForm


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


class SignUp(views.SignupWebAuthnView):  # type: ignore[misc]
    """The first passkey ends signing up; then the codes for who loses it.

    To make it is to prove who is there: it is asked for no second time before the codes are shown.
    """

    def form_valid(self, form: FirstPasskeyForm) -> HttpResponse:
        """Signed in, and on to the recovery codes, without which nobody gets in after a loss.

        From there they go on to where they were going.
        """
        wanted = self._login_stage.login.redirect_url
        answer: HttpResponse = super().form_valid(form)
        if self.request.user.is_authenticated:
            passkey = Authenticator.objects.get(user=self.request.user)
            post_authentication(self.request, passkey, reauthenticated=True, passwordless=True)
            generate_recovery_codes(self.request)
            query = f"?{urlencode({'next': wanted})}" if wanted else ""
            answer.headers["Location"] = reverse("mfa_view_recovery_codes") + query
        return answer


@readonly
def index(request: HttpRequest) -> HttpResponseBase:
    """The resident's passkeys."""
    mine = Authenticator.objects.filter(user=resident_of(request), type=Authenticator.Type.WEBAUTHN)
    return render(
        request, "mfa/webauthn/authenticator_list.html", {"passkeys": mine.order_by("pk")}
    )


sign_up = by_form(SignUp.as_view())
sign_in = by_form(SignIn.as_view())
add = by_form(password_again(views.add_webauthn))
# allauth would also take PUT and DELETE, which no page sends.
rename, remove = by_form(views.edit_webauthn), by_form(views.remove_webauthn)
confirm = by_form(views.reauthenticate_webauthn)
